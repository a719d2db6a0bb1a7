using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>Reads <c>ValueInfoProto</c> and <c>TypeProto</c>.</summary>
internal static class OnnxTypeReader
{
    public static OnnxValueInfo ReadValueInfo(OnnxFieldReader fields)
    {
        ProtoReader reader = fields.Reader;
        string name = "";
        OnnxType? type = null;
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Length):
                    name = reader.ReadString();
                    break;
                case (2, WireType.Length):
                    type = ReadType(reader);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        return new OnnxValueInfo(name, type);
    }

    public static OnnxType ReadType(ProtoReader reader)
    {
        OnnxType type = new();
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            OnnxTypeKind kind = (field, wire) switch
            {
                (1, WireType.Length) => OnnxTypeKind.Tensor,
                (4, WireType.Length) => OnnxTypeKind.Sequence,
                (5, WireType.Length) => OnnxTypeKind.Map,
                (7, WireType.Length) => OnnxTypeKind.Opaque,
                (8, WireType.Length) => OnnxTypeKind.SparseTensor,
                (9, WireType.Length) => OnnxTypeKind.Optional,
                _ => OnnxTypeKind.Unknown,
            };
            if (kind is OnnxTypeKind.Unknown)
            {
                reader.Skip(wire);
            }
            else
            {
                type = ReadBody(reader, kind);
            }
        }

        reader.Leave(outer);
        return type;
    }

    // Tensors: elem_type 1, shape 2. Sequences and optionals: elem_type 1 (a type). Maps: key_type 1, value_type 2 (a type).
    private static OnnxType ReadBody(ProtoReader reader, OnnxTypeKind kind)
    {
        OnnxDataType element = OnnxDataType.Undefined;
        List<OnnxDimension>? shape = null;
        OnnxType? inner = null;
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (kind, field, wire)
            {
                case (OnnxTypeKind.Tensor or OnnxTypeKind.SparseTensor or OnnxTypeKind.Map, 1, WireType.Varint):
                    element = (OnnxDataType)reader.ReadInt32();
                    break;
                case (OnnxTypeKind.Tensor or OnnxTypeKind.SparseTensor, 2, WireType.Length):
                    shape = ReadShape(reader);
                    break;
                case (OnnxTypeKind.Sequence or OnnxTypeKind.Optional, 1, WireType.Length):
                case (OnnxTypeKind.Map, 2, WireType.Length):
                    inner = ReadType(reader);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        return new OnnxType { Kind = kind, ElementType = element, Shape = shape, Inner = inner };
    }

    private static List<OnnxDimension> ReadShape(ProtoReader reader)
    {
        List<OnnxDimension> dimensions = [];
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            if (field == 1 && wire == WireType.Length)
            {
                dimensions.Add(ReadDimension(reader));
            }
            else
            {
                reader.Skip(wire);
            }
        }

        reader.Leave(outer);
        return dimensions;
    }

    private static OnnxDimension ReadDimension(ProtoReader reader)
    {
        OnnxDimension dimension = default;
        long outer = reader.Enter();
        while (reader.TryReadTag(out int field, out WireType wire))
        {
            switch (field, wire)
            {
                case (1, WireType.Varint):
                    long size = reader.ReadInt64();

                    // Some exporters write -1 for a free size; a negative one can mean nothing else.
                    dimension = size < 0 ? default : new OnnxDimension(size, null);
                    break;
                case (2, WireType.Length):
                    string name = reader.ReadString();
                    dimension = new OnnxDimension(null, name.Length == 0 ? null : name);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        reader.Leave(outer);
        return dimension;
    }
}
