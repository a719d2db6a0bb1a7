using System.Text;
using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>Reads <c>AttributeProto</c>; long lists are counted, not kept.</summary>
internal static class OnnxAttributeReader
{
    private const int MaxTextBytes = 64 * 1024;

    public static OnnxAttribute Read(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        string name = "";
        string reference = "";
        OnnxAttributeType type = OnnxAttributeType.Undefined;
        float? number = null;
        long? integer = null;
        string? text = null;
        List<float> floats = [];
        List<long> ints = [];
        long count = 0;
        long bytes = 0;
        List<OnnxTensor> tensors = [];
        List<OnnxGraph> graphs = [];
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            long start = reader.Position;
            switch (field, wire)
            {
                case (1, WireType.Length):
                    name = reader.ReadString();
                    break;
                case (2, WireType.Fixed32):
                    number = reader.ReadFloat();
                    break;
                case (3, WireType.Varint):
                    integer = reader.ReadInt64();
                    break;
                case (4, WireType.Length):
                    text = ReadText(reader);
                    break;
                case (5 or 10, WireType.Length):
                    tensors.Add(OnnxTensorReader.ReadTensor(fields));
                    break;
                case (6 or 11, WireType.Length):
                    graphs.Add(OnnxGraphReader.ReadGraph(fields));
                    break;
                case (7, WireType.Fixed32):
                    count += Keep(floats, reader.ReadFloat());
                    bytes += sizeof(float);
                    break;
                case (7, WireType.Length):
                    count += ReadPackedFloats(reader, floats);
                    bytes += reader.Position - start;
                    break;
                case (8, WireType.Varint):
                    count += Keep(ints, reader.ReadInt64());
                    bytes += reader.Position - start;
                    break;
                case (8, WireType.Length):
                    count += ReadPackedInts(reader, ints);
                    bytes += reader.Position - start;
                    break;
                case (9, WireType.Length):
                    bytes += reader.SkipBytes().Length;
                    count++;
                    break;
                case (20, WireType.Varint):
                    type = (OnnxAttributeType)reader.ReadInt32();
                    break;
                case (21, WireType.Length):
                    reference = reader.ReadString();
                    break;
                case (22 or 23, WireType.Length):
                    OnnxSparseTensor sparse = OnnxTensorReader.ReadSparse(fields);
                    tensors.AddRange(new[] { sparse.Values, sparse.Indices }.OfType<OnnxTensor>());
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        return new OnnxAttribute
        {
            Name = name,
            Reference = reference,
            Type = type,
            Float = number,
            Int = integer,
            Text = text,
            Floats = floats,
            Ints = ints,
            ElementCount = count,
            ListBytes = bytes,
            Tensors = tensors,
            Graphs = graphs,
        };
    }

    private static int Keep<T>(List<T> list, T value)
    {
        if (list.Count < OnnxAttribute.MaxListElements)
        {
            list.Add(value);
        }

        return 1;
    }

    private static long ReadPackedFloats(ProtoReader reader, List<float> floats)
    {
        long count = 0;
        long outer = reader.Enter();
        while (reader.Remaining > 0)
        {
            count += Keep(floats, reader.ReadFloat());
        }

        reader.Leave(outer);
        return count;
    }

    private static long ReadPackedInts(ProtoReader reader, List<long> ints)
    {
        long count = 0;
        long outer = reader.Enter();
        while (reader.Remaining > 0)
        {
            count += Keep(ints, reader.ReadInt64());
        }

        reader.Leave(outer);
        return count;
    }

    private static string? ReadText(ProtoReader reader)
    {
        // Lists of bytes can be whole lookup tables; what is longer than a setting is passed over.
        byte[]? bytes = reader.TryReadBytes(MaxTextBytes);
        return bytes is null ? null : Encoding.UTF8.GetString(bytes);
    }
}
