using System.Globalization;
using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>Reads <c>TensorProto</c> and <c>SparseTensorProto</c>, passing over the values.</summary>
internal static class OnnxTensorReader
{
    private const int External = 1;

    public static OnnxTensor ReadTensor(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        string name = "";
        OnnxDataType type = OnnxDataType.Undefined;
        List<long> dimensions = [];
        ByteRange? raw = null;
        long typedCount = 0;
        long typedBytes = 0;
        List<KeyValuePair<string, string>> entries = [];
        int location = 0;
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Varint or WireType.Length):
                    fields.ReadInt64s(wire, dimensions);
                    break;
                case (2, WireType.Varint):
                    type = (OnnxDataType)reader.ReadInt32();
                    break;
                case (4 or 10, WireType.Length):
                    ByteRange numbers = reader.SkipBytes();
                    typedCount += numbers.Length / (field == 4 ? sizeof(float) : sizeof(double));
                    typedBytes += numbers.Length;
                    break;
                case (5 or 7 or 11, WireType.Length):
                    typedBytes += reader.SkipPackedVarints(out long count).Length;
                    typedCount += count;
                    break;
                case (4 or 5 or 7 or 10 or 11, _):
                    long before = reader.Position;
                    reader.Skip(wire);
                    typedBytes += reader.Position - before;
                    typedCount++;
                    break;
                case (6, WireType.Length):
                    typedBytes += reader.SkipBytes().Length;
                    typedCount++;
                    break;
                case (8, WireType.Length):
                    name = reader.ReadString();
                    break;
                case (9, WireType.Length):
                    raw = reader.SkipBytes();
                    break;
                case (13, WireType.Length):
                    entries.Add(fields.ReadEntry());
                    break;
                case (14, WireType.Varint):
                    location = reader.ReadInt32();
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        OnnxTensor tensor = new()
        {
            Name = name,
            DataType = type,
            Dimensions = dimensions,
            Raw = raw,
            TypedCount = typedCount,
            TypedBytes = typedBytes,
            External = location == External ? ReadExternal(reader, name, entries) : null,
        };
        if (tensor.External is not null)
        {
            fields.NoteExternal(tensor);
        }

        return tensor;
    }

    public static OnnxSparseTensor ReadSparse(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        OnnxTensor? values = null;
        OnnxTensor? indices = null;
        List<long> dimensions = [];
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Length):
                    values = ReadTensor(fields);
                    break;
                case (2, WireType.Length):
                    indices = ReadTensor(fields);
                    break;
                case (3, WireType.Varint or WireType.Length):
                    fields.ReadInt64s(wire, dimensions);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        return new OnnxSparseTensor(values, indices, dimensions);
    }

    private static OnnxExternalData ReadExternal(ProtoReader reader, string name, List<KeyValuePair<string, string>> entries)
    {
        string location = "";
        long offset = 0;
        long? length = null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string key, string value) in entries)
        {
            // Two values for one key would let a checker and a loader see different files.
            if (!seen.Add(key))
            {
                throw reader.Malformed($"tensor '{name}' gives '{key}' of its external data twice");
            }

            switch (key)
            {
                case "location":
                    location = value;
                    break;
                case "offset":
                    offset = ReadNumber(reader, name, key, value);
                    break;
                case "length":
                    length = ReadNumber(reader, name, key, value);
                    break;
                default:
                    break;
            }
        }

        return new OnnxExternalData(location, offset, length);
    }

    private static long ReadNumber(ProtoReader reader, string name, string key, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw reader.Malformed($"tensor '{name}' has no number as {key} of its external data");
}
