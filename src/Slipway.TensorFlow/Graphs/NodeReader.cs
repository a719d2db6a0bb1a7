using Slipway.Formats.Protobuf;

namespace Slipway.TensorFlow.Graphs;

/// <summary>Reads NodeDef and AttrValue.</summary>
internal static class NodeReader
{
    /// <summary>Reads the node whose tag was just read.</summary>
    public static GraphNode Read(EncodedMessage message)
    {
        string name = "";
        string operation = "";
        List<string> inputs = [];
        Dictionary<string, AttributeValue>? attributes = null;
        message.ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    name = message.Fields.ReadString();
                    break;
                case (2, WireType.Length):
                    operation = message.Word(message.Fields.ReadString());
                    break;
                case (3, WireType.Length):
                    inputs.Add(message.Fields.ReadString());
                    break;
                case (5, WireType.Length):
                    ReadEntry(message, attributes ??= new Dictionary<string, AttributeValue>(StringComparer.Ordinal));
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        });
        return new GraphNode(name, operation, inputs, attributes ?? AttributeValue.Empty);
    }

    /// <summary>Reads a map entry of attributes whose tag was just read.</summary>
    public static void ReadEntry(EncodedMessage message, Dictionary<string, AttributeValue> attributes)
    {
        AttributeValue value = new();
        string key = message.MapEntry(wire =>
        {
            if (wire == WireType.Length)
            {
                value = ReadValue(message);
            }
            else
            {
                message.Fields.Skip(wire);
            }
        });
        attributes[message.Word(key)] = value;
    }

    private static AttributeValue ReadValue(EncodedMessage message)
    {
        AttributeValue value = new();
        message.ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    value = new AttributeValue { List = ReadList(message) };
                    break;
                case (9, WireType.Length):
                    value = new AttributeValue { Placeholder = message.Fields.ReadString() };
                    break;
                default:
                    value = ReadScalar(message, field, wire) ?? value;
                    break;
            }
        });
        return value;
    }

    // Field numbers 2 to 8 mean the same in a list as outside of one; functions are 9 in a list and 10 outside.
    private static AttributeValue? ReadScalar(EncodedMessage message, int field, WireType wire)
    {
        ProtoReader fields = message.Fields;
        switch ((field, wire))
        {
            case (2, WireType.Length):
                return new AttributeValue { Bytes = fields.ReadBytes() };
            case (3, WireType.Varint):
                return new AttributeValue { Integer = fields.ReadInt64() };
            case (4, WireType.Fixed32):
                return new AttributeValue { Float = fields.ReadFloat() };
            case (5, WireType.Varint):
                return new AttributeValue { Flag = fields.ReadVarint() != 0 };
            case (6, WireType.Varint):
                return new AttributeValue { Type = TensorFlowTypes.FromNumber(fields.ReadInt64()) };
            case (7, WireType.Length):
                return new AttributeValue { Shape = ShapeReader.Read(message) };
            case (8, WireType.Length):
                return new AttributeValue { EncodedTensor = message.Slice() };
            case (10, WireType.Length):
                return ReadFunction(message);
            default:
                fields.Skip(wire);
                return null;
        }
    }

    private static AttributeValue ReadFunction(EncodedMessage message)
    {
        string name = "";
        Dictionary<string, AttributeValue> attributes = new(StringComparer.Ordinal);
        message.ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    name = message.Fields.ReadString();
                    break;
                case (2, WireType.Length):
                    ReadEntry(message, attributes);
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        });
        return new AttributeValue { Function = name, FunctionAttributes = attributes };
    }

    private static List<AttributeValue> ReadList(EncodedMessage message)
    {
        List<AttributeValue> list = [];
        message.ForEach((field, wire) =>
        {
            if (wire == WireType.Length && field is 3 or 4 or 5 or 6)
            {
                ReadPacked(message, field, list);
            }
            else if (field == 9 && wire == WireType.Length)
            {
                list.Add(ReadFunction(message));
            }
            else if (ReadScalar(message, field, wire) is { } element)
            {
                list.Add(element);
            }
        });
        return list;
    }

    private static void ReadPacked(EncodedMessage message, int field, List<AttributeValue> list)
    {
        ProtoReader fields = message.Fields;
        long outer = fields.Enter();
        while (fields.Remaining > 0)
        {
            fields.CountItem();
            list.Add(ReadScalar(message, field, field == 4 ? WireType.Fixed32 : WireType.Varint)!);
        }

        fields.Leave(outer);
    }
}
