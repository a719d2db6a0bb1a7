namespace Slipway.Server.Tests.Telemetry;

/// <summary>Reads just enough of protobuf to walk to a field without its schema.</summary>
internal static class ProtobufFields
{
    /// <summary>Every value at a path of field numbers, as bytes (length-delimited fields only).</summary>
    public static IEnumerable<byte[]> At(byte[] message, params int[] path)
    {
        IEnumerable<byte[]> level = [message];
        return path.Aggregate(level, (messages, field) => messages.SelectMany(inner => Fields(inner).Where(pair => pair.Field == field).Select(pair => pair.Value)));
    }

    private static List<(int Field, byte[] Value)> Fields(byte[] message)
    {
        List<(int, byte[])> fields = [];
        int at = 0;
        while (at < message.Length)
        {
            long tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    fields.Add(((int)(tag >> 3), message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new FormatException($"wire type {tag & 7}");
            }
        }

        return fields;
    }

    private static long Varint(byte[] message, ref int at)
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[at++];
            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
