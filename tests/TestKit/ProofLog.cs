using System.Globalization;

namespace Slipway.TestKit;

/// <summary>
/// Notes how far answers are from the originals', where <c>SLIPWAY_PROOF</c> names a file to append to: eng/update-proof.sh makes docs/formats-proof.md of it. Says nothing of right or
/// wrong: the tests that call it do.
/// </summary>
public static class ProofLog
{
    /// <summary>Below this size of the expected number only the absolute difference is noted.</summary>
    private const double LeastForRelative = 1e-6;

    private static readonly string? File = Environment.GetEnvironmentVariable("SLIPWAY_PROOF") is { Length: > 0 } file ? file : null;
    private static readonly Lock Gate = new();

    /// <summary>Notes a comparison of numbers; NaN where NaN was expected is no difference.</summary>
    public static void Record(string format, string model, ReadOnlySpan<double> expected, ReadOnlySpan<double> given)
    {
        if (File is null)
        {
            return;
        }

        double absolute = 0, relative = 0;
        for (int i = 0; i < Math.Min(expected.Length, given.Length); i++)
        {
            if (expected[i] == given[i] || double.IsNaN(expected[i]))
            {
                continue;
            }

            double difference = Math.Abs(expected[i] - given[i]);
            absolute = Math.Max(absolute, difference);
            relative = Math.Abs(expected[i]) >= LeastForRelative ? Math.Max(relative, difference / Math.Abs(expected[i])) : relative;
        }

        lock (Gate)
        {
            System.IO.File.AppendAllText(File, string.Create(CultureInfo.InvariantCulture, $"{format}\t{model}\t{expected.Length}\t{absolute:E2}\t{relative:E2}\n"));
        }
    }

    /// <summary>Notes a comparison of two tensors of numbers; others are passed over.</summary>
    public static void Record(string format, string model, Core.Tensor expected, Core.Tensor given)
    {
        if (File is not null && expected.DataType is not (Core.TensorDataType.String or Core.TensorDataType.Int4 or Core.TensorDataType.UInt4))
        {
            Record(format, model, TensorComparison.Numbers(expected), TensorComparison.Numbers(given));
        }
    }
}
