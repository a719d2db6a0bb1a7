using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx;

/// <summary>ONNX has no magic number: a file is taken for one when it begins with a field that a <c>ModelProto</c> has, laid out as there.</summary>
internal static class OnnxSniffer
{
    public static bool LooksLikeModel(ReadOnlySpan<byte> head, long length)
    {
        if (!TryReadVarint(ref head, out ulong tag))
        {
            return false;
        }

        int field = (int)Math.Min(tag >> 3, int.MaxValue);
        WireType wire = (WireType)(tag & 7);
        if (field is 1 or 5)
        {
            // A version number is small, and a file that ends after it is no model.
            return wire == WireType.Varint && TryReadVarint(ref head, out ulong version) && (field == 5 || version < 1000);
        }

        // Text files begin with printable characters, most of which are no such field, and then rarely give a fitting length.
        return field is 2 or 3 or 4 or 6 or 7 or 8 or 14 or 20 or 25 or 26 && wire == WireType.Length
            && TryReadVarint(ref head, out ulong size) && (size <= (ulong)length || field == 7);
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
