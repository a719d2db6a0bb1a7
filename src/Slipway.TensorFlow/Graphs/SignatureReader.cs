using Slipway.Formats.Protobuf;

namespace Slipway.TensorFlow.Graphs;

/// <summary>Reads SignatureDef and TensorInfo.</summary>
internal static class SignatureReader
{
    /// <summary>Reads the map entry of a signature.</summary>
    public static SignatureDefinition Read(ReadOnlyMemory<byte> entry)
    {
        EncodedMessage message = new(entry);
        SortedDictionary<string, TensorInfo> inputs = new(StringComparer.Ordinal);
        SortedDictionary<string, TensorInfo> outputs = new(StringComparer.Ordinal);
        string method = "";
        string name = "";
        while (message.Fields.TryReadTag(out int field, out WireType wire))
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    name = message.Fields.ReadString();
                    break;
                case (2, WireType.Length):
                    message.ForEach(ReadDefinition);
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        }

        return new SignatureDefinition(name, method, inputs, outputs) { Entry = entry };

        void ReadDefinition(int field, WireType wire)
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    ReadEntry(message, inputs);
                    break;
                case (2, WireType.Length):
                    ReadEntry(message, outputs);
                    break;
                case (3, WireType.Length):
                    method = message.Fields.ReadString();
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        }
    }

    /// <summary>Reads the TensorInfo whose tag was just read.</summary>
    public static TensorInfo ReadTensorInfo(EncodedMessage message)
    {
        string name = "";
        TensorFlowType type = TensorFlowType.Invalid;
        PartialShape shape = PartialShape.Unknown;
        message.ForEach((field, wire) =>
        {
            switch ((field, wire))
            {
                case (1, WireType.Length):
                    name = message.Fields.ReadString();
                    break;
                case (2, WireType.Varint):
                    type = TensorFlowTypes.FromNumber(message.Fields.ReadInt64());
                    break;
                case (3, WireType.Length):
                    shape = ShapeReader.Read(message);
                    break;
                default:
                    message.Fields.Skip(wire);
                    break;
            }
        });
        return new TensorInfo(name, type, shape);
    }

    private static void ReadEntry(EncodedMessage message, SortedDictionary<string, TensorInfo> tensors)
    {
        TensorInfo info = new("", TensorFlowType.Invalid, PartialShape.Unknown);
        string key = message.MapEntry(_ => info = ReadTensorInfo(message));
        tensors[key] = info;
    }
}
