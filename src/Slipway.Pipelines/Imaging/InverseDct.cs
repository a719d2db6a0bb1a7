namespace Slipway.Pipelines.Imaging;

/// <summary>
/// The inverse cosine transform of 8×8 blocks in whole numbers: C. Loeffler, A. Ligtenberg, G. Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications",
/// ICASSP 1989, with 13 bits of fraction and 2 kept between the passes, which gives the samples that the reference implementation of the Independent JPEG Group gives.
/// </summary>
internal static class InverseDct
{
    private const int FractionBits = 13;
    private const int KeptBits = 2;

    /// <summary>Samples of a block.</summary>
    /// <param name="coefficients">The 64 coefficients by rows.</param>
    /// <param name="quantization">What each is multiplied with, by rows.</param>
    /// <param name="samples">From the block's first sample on.</param>
    /// <param name="stride">Samples in a row of the plane.</param>
    public static void Run(ReadOnlySpan<short> coefficients, ReadOnlySpan<ushort> quantization, Span<byte> samples, int stride)
    {
        Span<int> columns = stackalloc int[64];
        Span<int> given = stackalloc int[8];
        Span<int> taken = stackalloc int[8];
        for (int column = 0; column < 8; column++)
        {
            for (int i = 0; i < 8; i++)
            {
                given[i] = coefficients[(8 * i) + column] * quantization[(8 * i) + column];
            }

            Turn(given, taken, FractionBits - KeptBits);
            for (int i = 0; i < 8; i++)
            {
                columns[(8 * i) + column] = taken[i];
            }
        }

        for (int row = 0; row < 8; row++)
        {
            Turn(columns.Slice(8 * row, 8), taken, FractionBits + KeptBits + 3);
            Span<byte> line = samples.Slice(row * stride, 8);
            for (int i = 0; i < 8; i++)
            {
                line[i] = (byte)Math.Clamp(taken[i] + 128, 0, 255);
            }
        }
    }

    // One dimension; broken files may overflow, which wraps around and does no harm.
    private static void Turn(ReadOnlySpan<int> x, Span<int> y, int shift)
    {
        unchecked
        {
            // Even part.
            int middle = (x[2] + x[6]) * 4433;
            int low = middle - (x[6] * 15137);
            int high = middle + (x[2] * 6270);
            int sum = (x[0] + x[4]) << FractionBits;
            int difference = (x[0] - x[4]) << FractionBits;
            int e0 = sum + high;
            int e3 = sum - high;
            int e1 = difference + low;
            int e2 = difference - low;

            // Odd part.
            int all = (x[7] + x[3] + x[5] + x[1]) * 9633;
            int z1 = (x[7] + x[1]) * -7373;
            int z2 = (x[5] + x[3]) * -20995;
            int z3 = ((x[7] + x[3]) * -16069) + all;
            int z4 = ((x[5] + x[1]) * -3196) + all;
            int o0 = (x[7] * 2446) + z1 + z3;
            int o1 = (x[5] * 16819) + z2 + z4;
            int o2 = (x[3] * 25172) + z2 + z3;
            int o3 = (x[1] * 12299) + z1 + z4;

            int half = 1 << (shift - 1);
            y[0] = (e0 + o3 + half) >> shift;
            y[7] = (e0 - o3 + half) >> shift;
            y[1] = (e1 + o2 + half) >> shift;
            y[6] = (e1 - o2 + half) >> shift;
            y[2] = (e2 + o1 + half) >> shift;
            y[5] = (e2 - o1 + half) >> shift;
            y[3] = (e3 + o0 + half) >> shift;
            y[4] = (e3 - o0 + half) >> shift;
        }
    }
}
