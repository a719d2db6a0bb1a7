namespace Slipway.Pipelines.Imaging;

/// <summary>Reads the rows of a PNG: takes the filters back and puts the pixels where they belong. Reads no more than the size demands, whatever the stream could give.</summary>
internal static class PngRows
{
    // First column and row and the steps of the seven passes.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    private static readonly (int X, int Y, int StepX, int StepY)[] Whole = [(0, 0, 1, 1)];

    /// <summary>Reads all of them.</summary>
    public static Pixels Read(Stream inflated, PngHeader header, byte[]? palette, CancellationToken cancellationToken)
    {
        byte[] samples = new byte[(long)header.Width * header.Height * header.Channels];
        foreach ((int firstX, int firstY, int stepX, int stepY) in header.IsInterlaced ? Passes : Whole)
        {
            int columns = (header.Width - firstX + stepX - 1) / stepX;
            int rows = (header.Height - firstY + stepY - 1) / stepY;
            if (columns <= 0 || rows <= 0)
            {
                continue;
            }

            int length = checked((int)header.BytesPerRow(columns));
            byte[] row = new byte[length + 1];
            byte[] above = new byte[length + 1];
            for (int i = 0; i < rows; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                inflated.ReadExactly(row);
                Unfilter(row[0], row.AsSpan(1), above.AsSpan(1), header.BytesPerPixel);
                int line = (firstY + (i * stepY)) * header.Width;
                for (int x = 0; x < columns; x++)
                {
                    Put(header, palette, row.AsSpan(1), x, samples.AsSpan((line + firstX + (x * stepX)) * header.Channels));
                }

                (row, above) = (above, row);
            }
        }

        return new Pixels(header.Width, header.Height, header.Channels, samples);
    }

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int back)
    {
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= back ? row[i - back] : 0;
            row[i] += filter switch
            {
                0 => 0,
                1 => (byte)left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                4 => Paeth(left, above[i], i >= back ? above[i - back] : 0),
                _ => throw ImageFailure.Broken($"the PNG has a row with filter {filter}, and there are 0 to 4"),
            };
        }
    }

    private static byte Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toCorner = Math.Abs(estimate - corner);
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }

    private static void Put(PngHeader header, byte[]? palette, ReadOnlySpan<byte> row, int x, Span<byte> pixel)
    {
        int first = x * header.SamplesPerPixel;
        switch (header.Color)
        {
            case PngColor.Palette:
                int place = Sample(row, first, header.Depth) * 3;
                if (place >= palette!.Length)
                {
                    throw ImageFailure.Broken("the PNG has a pixel whose colour its palette lacks");
                }

                palette.AsSpan(place, 3).CopyTo(pixel);
                break;
            case PngColor.Grey or PngColor.GreyAlpha:
                pixel[0] = Scaled(row, first, header.Depth);
                break;
            default:
                pixel[0] = Scaled(row, first, header.Depth);
                pixel[1] = Scaled(row, first + 1, header.Depth);
                pixel[2] = Scaled(row, first + 2, header.Depth);
                break;
        }
    }

    private static int Sample(ReadOnlySpan<byte> row, int index, int depth) => depth switch
    {
        16 => (row[2 * index] << 8) | row[(2 * index) + 1],
        8 => row[index],
        _ => (row[index * depth / 8] >> (8 - depth - (index * depth % 8))) & ((1 << depth) - 1),
    };

    private static byte Scaled(ReadOnlySpan<byte> row, int index, int depth)
    {
        int sample = Sample(row, index, depth);
        return depth == 8 ? (byte)sample : (byte)(((sample * 255) + (((1 << depth) - 1) / 2)) / ((1 << depth) - 1));
    }
}
