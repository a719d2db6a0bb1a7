namespace Slipway.Bench.Models;

/// <summary>A model that is served during measurements: one FP32 input with a free first dimension.</summary>
/// <param name="Name">Its name in the repository.</param>
/// <param name="File">The ONNX file.</param>
/// <param name="Input">Name of the input.</param>
/// <param name="RowShape">Shape of one row.</param>
internal sealed record BenchModel(string Name, string File, string Input, int[] RowShape)
{
    /// <summary>Values of one row.</summary>
    public int RowLength => RowShape.Aggregate(1, static (product, size) => product * size);

    /// <summary>Shape of a request of <paramref name="rows"/> rows.</summary>
    public long[] Shape(int rows) => [rows, .. RowShape.Select(static size => (long)size)];

    /// <summary>Repeatable values, as many digits as measured features have.</summary>
    public float[] Values(int rows)
    {
        Random random = new(7);
        float[] values = new float[rows * RowLength];
        for (int i = 0; i < values.Length; i++)
        {
            // Digits as measured features have them once scaled; pixels have fewer: an image is 1.1 MB of JSON.
            double value = (random.NextDouble() * 4) - 2;
            values[i] = (float)(RowShape.Length > 1 ? Math.Round(value, 4) : value);
        }

        return values;
    }
}
