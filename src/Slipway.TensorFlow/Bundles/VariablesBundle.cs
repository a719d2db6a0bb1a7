using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Protobuf;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Bundles;

/// <summary>
/// The variables of a SavedModel: an index and shards of raw bytes. A tensor is read, and its checksum verified, when it is asked for. Not thread-safe.
/// </summary>
internal sealed class VariablesBundle
{
    /// <summary>Path of a bundle's files within the model, without what comes after the dot.</summary>
    public const string Prefix = "variables/variables";

    private const int MaxShards = 100_000;
    private const int MaxIndexBytes = 256 << 20;

    private readonly VersionFiles _files;
    private readonly string _prefix;
    private readonly int _shards;
    private readonly Dictionary<string, BundleEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(SliceKey Key, BundleEntry Entry)>> _slices = new(StringComparer.Ordinal);

    private VariablesBundle(VersionFiles files, string prefix, ReadOnlyMemory<byte> index)
    {
        (_files, _prefix) = (files, prefix);
        foreach ((byte[] key, ReadOnlyMemory<byte> value) in SortedTable.Read(index))
        {
            if (key.Length == 0)
            {
                _shards = ReadHeader(value);
            }
            else if (key[0] == 0)
            {
                SliceKey slice = SliceKey.TryParse(key) ?? throw new SlipwayException(ErrorCode.InvalidModel, "the variables index is damaged: a slice's key can't be decoded");
                Slices(slice.Name).Add((slice, BundleEntry.Read(value)));
            }
            else
            {
                _entries[Encoding.UTF8.GetString(key)] = BundleEntry.Read(value);
            }
        }

        if (_shards == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the variables index is damaged: it has no header");
        }
    }

    /// <summary>Names of the tensors.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Opens the bundle beside a model in folder <paramref name="folder"/> (empty, or ended by a slash); null when the model has none.</summary>
    public static VariablesBundle? Open(VersionFiles files, string folder)
    {
        string prefix = folder + Prefix;
        string index = prefix + ".index";
        if (!files.Contains(index))
        {
            return null;
        }

        VersionFile file = files.Open(index);
        return file.Length <= MaxIndexBytes
            ? new VariablesBundle(files, prefix, WholeFile.Read(file))
            : throw new SlipwayException(ErrorCode.InvalidModel, $"'{index}' is larger than {MaxIndexBytes >> 20} MiB");
    }

    /// <summary>What the index says of a tensor, or null.</summary>
    public BundleEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it isn't there, its checksum is wrong or its bytes are missing.</exception>
    public TensorData Read(string name)
    {
        BundleEntry entry = Find(name) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"the variables bundle has no tensor '{name}'");
        if (entry.Shape.ElementCount() < 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"variable '{name}' has the impossible shape {entry.Shape}");
        }

        return entry.IsSliced ? SliceAssembler.Assemble(name, entry, [.. Slices(name).Select(slice => (slice.Key, Read(name, slice.Entry)))]) : Read(name, entry);
    }

    private TensorData Read(string name, BundleEntry entry)
    {
        byte[] bytes = ReadBytes(name, entry);
        if (entry.Type == TensorFlowType.String)
        {
            return StringTensor.Decode(name, entry, bytes);
        }

        if (Crc32C.Mask(Crc32C.Compute(bytes)) != entry.Checksum)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"variable '{name}' is damaged: its checksum is wrong");
        }

        return entry.Type.ByteLength() > 0
            ? new TensorData(entry.Type, entry.Shape, bytes)
            : throw new SlipwayException(ErrorCode.NotSupported, $"variable '{name}' is of {entry.Type.ToDisplayName()}, which is not converted");
    }

    private byte[] ReadBytes(string name, BundleEntry entry)
    {
        if (entry.Shard < 0 || entry.Shard >= _shards)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"variable '{name}' lies in shard {entry.Shard} of {_shards}");
        }

        if (entry.Size == 0)
        {
            return [];
        }

        string shard = string.Create(CultureInfo.InvariantCulture, $"{_prefix}.data-{entry.Shard:D5}-of-{_shards:D5}");
        if (!_files.Contains(shard))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the version has no file '{shard}', in which variable '{name}' lies");
        }

        VersionFile file = _files.Open(shard);
        if (entry.Offset < 0 || entry.Size < 0 || entry.Offset > file.Length || entry.Size > file.Length - entry.Offset || entry.Size > Array.MaxLength)
        {
            throw new SlipwayException(
                ErrorCode.InvalidModel, $"variable '{name}' lies at {entry.Offset} with {entry.Size} bytes, but '{shard}' has {file.Length}: it is cut off");
        }

        return WholeFile.Read(file, entry.Offset, (int)entry.Size);
    }

    private List<(SliceKey Key, BundleEntry Entry)> Slices(string name)
    {
        if (!_slices.TryGetValue(name, out List<(SliceKey Key, BundleEntry Entry)>? slices))
        {
            _slices.Add(name, slices = []);
        }

        return slices;
    }

    private static int ReadHeader(ReadOnlyMemory<byte> encoded)
    {
        EncodedMessage message = new(encoded);
        int shards = 0;
        while (message.Fields.TryReadTag(out int field, out WireType wire))
        {
            switch ((field, wire))
            {
                case (1, WireType.Varint):
                    shards = message.Fields.ReadInt32();
                    break;
                case (2, WireType.Varint) when message.Fields.ReadInt32() != 0:
                    throw new SlipwayException(ErrorCode.NotSupported, "the variables were written on a big-endian machine, which is not supported");
                case (2, WireType.Varint):
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        }

        return shards is > 0 and <= MaxShards ? shards : throw new SlipwayException(ErrorCode.InvalidModel, $"the variables index is damaged: it claims {shards} shards");
    }
}
