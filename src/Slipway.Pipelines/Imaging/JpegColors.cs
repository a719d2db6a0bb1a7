namespace Slipway.Pipelines.Imaging;

/// <summary>Colours of JPEG files: luminance and two differences (ITU-T T.871) become red, green and blue, in 16 bits of fraction.</summary>
internal static class JpegColors
{
    /// <summary>One row.</summary>
    /// <param name="first">Luminance, or red.</param>
    /// <param name="second">Difference to blue, or green.</param>
    /// <param name="third">Difference to red, or blue.</param>
    /// <param name="isRgb">Whether they are colours already.</param>
    /// <param name="into">Takes the pixels.</param>
    public static void Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, bool isRgb, Span<byte> into)
    {
        for (int x = 0; x < into.Length / 3; x++)
        {
            Span<byte> pixel = into.Slice(3 * x, 3);
            if (isRgb)
            {
                (pixel[0], pixel[1], pixel[2]) = (first[x], second[x], third[x]);
                continue;
            }

            int luminance = first[x];
            int blue = second[x] - 128;
            int red = third[x] - 128;
            pixel[0] = (byte)Math.Clamp(luminance + (((91881 * red) + 32768) >> 16), 0, 255);
            pixel[1] = (byte)Math.Clamp(luminance + (((-22554 * blue) + (-46802 * red) + 32768) >> 16), 0, 255);
            pixel[2] = (byte)Math.Clamp(luminance + (((116130 * blue) + 32768) >> 16), 0, 255);
        }
    }
}
