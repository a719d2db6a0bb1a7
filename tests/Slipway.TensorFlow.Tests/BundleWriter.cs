using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Formats.Protobuf;
using Slipway.TensorFlow.Bundles;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Tests;

/// <summary>Writes a variables bundle of one shard for tests: an uncompressed sorted table and the raw bytes.</summary>
internal sealed class BundleWriter
{
    private readonly SortedDictionary<string, byte[]> _entries = new(StringComparer.Ordinal) { [""] = Convert.FromHexString("08011a020801") };
    private readonly List<byte> _data = [];

    public BundleWriter Add(string key, TensorFlowType type, long[] shape, byte[] raw)
    {
        ProtoWriter entry = new();
        entry.Int64(1, (long)type);
        entry.Message(2, value => GraphWriter.Attribute.WriteShape(value, shape));
        entry.Int64(4, _data.Count);
        entry.Int64(5, raw.Length);
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Mask(Crc32C.Compute(raw)));
        _entries[key] = [.. entry.Written.ToArray(), 0x35, .. checksum];
        _data.AddRange(raw);
        return this;
    }

    public BundleWriter Add(string key, float[] values, params long[] shape) => Add(key, TensorFlowType.Float, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    /// <summary>The files of the bundle.</summary>
    public (string Name, byte[] Content)[] Files() => [("variables/variables.index", Index()), ("variables/variables.data-00000-of-00001", [.. _data])];

    public byte[] Index()
    {
        List<byte> file = [];
        (int dataOffset, int dataSize) = AddBlock(file, [.. _entries.Select(static entry => (Encoding.UTF8.GetBytes(entry.Key), entry.Value))]);
        (int metaOffset, int metaSize) = AddBlock(file, []);
        List<byte> handle = [];
        Varint(handle, dataOffset);
        Varint(handle, dataSize);
        (int indexOffset, int indexSize) = AddBlock(file, [("\u007f"u8.ToArray(), handle.ToArray())]);
        List<byte> footer = [];
        Varint(footer, metaOffset);
        Varint(footer, metaSize);
        Varint(footer, indexOffset);
        Varint(footer, indexSize);
        footer.AddRange(new byte[40 - footer.Count]);
        return [.. file, .. footer, .. Convert.FromHexString("57fb808b247547db")];
    }

    private static (int Offset, int Size) AddBlock(List<byte> file, (byte[] Key, byte[] Value)[] entries)
    {
        List<byte> block = [];
        foreach ((byte[] key, byte[] value) in entries)
        {
            Varint(block, 0);
            Varint(block, key.Length);
            Varint(block, value.Length);
            block.AddRange(key);
            block.AddRange(value);
        }

        block.AddRange([0, 0, 0, 0, 1, 0, 0, 0]);
        int offset = file.Count;
        int size = block.Count;
        block.Add(0);
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Mask(Crc32C.Compute(CollectionsMarshal.AsSpan(block))));
        file.AddRange(block);
        file.AddRange(checksum);
        return (offset, size);
    }

    private static void Varint(List<byte> bytes, long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
