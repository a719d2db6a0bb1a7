using System.Text;
using Slipway.Core;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Writes an entry of a map of InferParameter.</summary>
internal static class InferParameterWriter
{
    /// <summary>Encoded size of one entry of the map <paramref name="field"/>, in bytes.</summary>
    public static int Size(int field, string name, ParameterValue value) => ProtobufSize.Delimited(field, EntrySize(name, value));

    /// <summary>Writes one entry of the map <paramref name="field"/>.</summary>
    public static void Write(ref ProtobufWriter writer, int field, string name, ParameterValue value)
    {
        writer.WriteHead(field, EntrySize(name, value));
        writer.WriteString(1, name);
        writer.WriteHead(2, ValueSize(value));
        switch (value.Kind)
        {
            case ParameterKind.Bool:
                writer.WriteTag(1, ProtobufWireType.Varint);
                writer.WriteVarint(value.Bool ? 1UL : 0);
                break;
            case ParameterKind.Int64:
                writer.WriteTag(2, ProtobufWireType.Varint);
                writer.WriteVarint((ulong)value.Int64);
                break;
            case ParameterKind.String:
                WriteText(ref writer, value.Text!);
                break;
            case ParameterKind.Double:
                writer.WriteTag(4, ProtobufWireType.Fixed64);
                writer.WriteFixed64(BitConverter.DoubleToUInt64Bits(value.Double));
                break;
            default:
                writer.WriteTag(5, ProtobufWireType.Varint);
                writer.WriteVarint(value.UInt64);
                break;
        }
    }

    // A member of a oneof is written even when it is empty.
    private static void WriteText(ref ProtobufWriter writer, string text)
    {
        if (text.Length == 0)
        {
            writer.WriteHead(3, 0);
        }
        else
        {
            writer.WriteString(3, text);
        }
    }

    private static int EntrySize(string name, ParameterValue value) => ProtobufSize.String(1, name) + ProtobufSize.Delimited(2, ValueSize(value));

    private static int ValueSize(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Bool => 2,
        ParameterKind.Int64 or ParameterKind.UInt64 => 1 + ProtobufSize.Varint(value.UInt64),
        ParameterKind.String => ProtobufSize.Delimited(3, Encoding.UTF8.GetByteCount(value.Text!)),
        _ => 1 + sizeof(double),
    };
}
