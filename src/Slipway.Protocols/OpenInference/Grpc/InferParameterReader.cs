using Slipway.Core;
using Slipway.Protocols.Protobuf;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Reads an entry of a map of InferParameter.</summary>
internal static class InferParameterReader
{
    /// <summary>Reads one entry; the value is null when none of the choices is set.</summary>
    public static void Read(ReadOnlySpan<byte> entry, out string name, out ParameterValue? value)
    {
        name = "";
        value = null;
        ProtobufReader reader = new(entry);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1:
                    name = Utf8NameCache.Shared.Get(reader.ReadBytes());
                    break;
                case 2:
                    value = ReadValue(reader.ReadBytes(), value);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static ParameterValue? ReadValue(ReadOnlySpan<byte> data, ParameterValue? value)
    {
        ProtobufReader reader = new(data);
        while (reader.ReadTag())
        {
            if (reader.Field is 1 or 2 or 5)
            {
                reader.Expect(ProtobufWireType.Varint);
            }

            switch (reader.Field)
            {
                case 1:
                    value = ParameterValue.Of(reader.ReadVarint() != 0);
                    break;
                case 2:
                    value = ParameterValue.Of((long)reader.ReadVarint());
                    break;
                case 3:
                    value = ParameterValue.Of(reader.ReadString());
                    break;
                case 4:
                    reader.Expect(ProtobufWireType.Fixed64);
                    value = ParameterValue.Of(BitConverter.UInt64BitsToDouble(reader.ReadFixed64()));
                    break;
                case 5:
                    value = ParameterValue.Of(reader.ReadVarint());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }
}
