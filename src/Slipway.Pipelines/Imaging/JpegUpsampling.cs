namespace Slipway.Pipelines.Imaging;

/// <summary>
/// Brings a component to the size of the image. Halved ones are mixed from the nearest samples with weights 3/4 and 1/4, with the roundings of the reference
/// implementation of the Independent JPEG Group; other parts are repeated. Stateless.
/// </summary>
internal static class JpegUpsampling
{
    /// <summary>One row of the image.</summary>
    /// <param name="plane">Samples of the component.</param>
    /// <param name="stride">Samples in a row of the plane.</param>
    /// <param name="component">The component.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="y">The row of the image.</param>
    /// <param name="into">Takes the row; has room for a whole number of samples.</param>
    public static void Row(ReadOnlySpan<byte> plane, int stride, JpegComponent component, JpegFrame frame, int y, Span<byte> into)
    {
        int across = frame.MostAcross / component.Across;
        int down = frame.MostDown / component.Down;
        ReadOnlySpan<byte> near = RowOf(plane, stride, component, y / down);

        // Narrow components are repeated, as there is too little to mix.
        if (across == 2 && down <= 2 && component.Width > 2)
        {
            if (down == 1)
            {
                Widen(near, into);
            }
            else
            {
                WidenBetween(near, RowOf(plane, stride, component, Neighbour(y)), into);
            }
        }
        else if (across == 1 && down == 2)
        {
            ReadOnlySpan<byte> far = RowOf(plane, stride, component, Neighbour(y));
            int bias = y % 2 == 0 ? 1 : 2;
            for (int x = 0; x < near.Length; x++)
            {
                into[x] = (byte)(((near[x] * 3) + far[x] + bias) >> 2);
            }
        }
        else
        {
            for (int x = 0; x < near.Length; x++)
            {
                into.Slice(x * across, across).Fill(near[x]);
            }
        }
    }

    // The row on the other side of the image's row: above for even ones, below for odd ones.
    private static int Neighbour(int y) => y % 2 == 0 ? (y / 2) - 1 : (y / 2) + 1;

    // Outside there is what is at the edge.
    private static ReadOnlySpan<byte> RowOf(ReadOnlySpan<byte> plane, int stride, JpegComponent component, int row) =>
        plane.Slice(Math.Clamp(row, 0, component.Height - 1) * stride, component.Width);

    private static void Widen(ReadOnlySpan<byte> near, Span<byte> into)
    {
        int last = near.Length - 1;
        for (int x = 0; x <= last; x++)
        {
            into[2 * x] = x == 0 ? near[x] : (byte)(((near[x] * 3) + near[x - 1] + 1) >> 2);
            into[(2 * x) + 1] = x == last ? near[x] : (byte)(((near[x] * 3) + near[x + 1] + 2) >> 2);
        }
    }

    private static void WidenBetween(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Span<byte> into)
    {
        int last = near.Length - 1;
        int before = 0;
        int now = (near[0] * 3) + far[0];
        for (int x = 0; x <= last; x++)
        {
            int next = x < last ? (near[x + 1] * 3) + far[x + 1] : 0;
            into[2 * x] = (byte)(x == 0 ? ((now * 4) + 8) >> 4 : ((now * 3) + before + 8) >> 4);
            into[(2 * x) + 1] = (byte)(x == last ? ((now * 4) + 7) >> 4 : ((now * 3) + next + 7) >> 4);
            (before, now) = (now, next);
        }
    }
}
