using Slipway.Core;

namespace Slipway.TensorFlow.Bundles;

/// <summary>Base-128 numbers inside blocks.</summary>
internal static class BlockVarint
{
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the number is cut off or has more than 64 bits.</exception>
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && position < bytes.Length; shift += 7)
        {
            byte next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new SlipwayException(ErrorCode.InvalidModel, "the variables bundle is damaged: a number is cut off");
    }
}
