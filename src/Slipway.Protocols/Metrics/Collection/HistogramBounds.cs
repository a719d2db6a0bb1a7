using System.Diagnostics.Metrics;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>Finds the bucket bounds of a histogram.</summary>
internal static class HistogramBounds
{
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly double[] Bytes = [.. Enumerable.Range(3, 11).Select(static i => Math.Pow(4, i))];
    private static readonly double[] Other = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384];

    /// <summary>What the instrument advises where that is usable, else bounds that fit its unit.</summary>
    public static double[] Of(Instrument instrument)
    {
        double[]? advised = instrument switch
        {
            Histogram<double> histogram => Advised(histogram.Advice),
            Histogram<long> histogram => Advised(histogram.Advice),
            Histogram<int> histogram => Advised(histogram.Advice),
            Histogram<float> histogram => Advised(histogram.Advice),
            Histogram<short> histogram => Advised(histogram.Advice),
            Histogram<byte> histogram => Advised(histogram.Advice),
            Histogram<decimal> histogram => Advised(histogram.Advice),
            _ => null,
        };
        return advised is { Length: > 0 } ? advised
            : instrument.Unit == "s" ? Seconds
            : instrument.Unit == "By" ? Bytes
            : Other;
    }

    // The framework has checked that they ascend; infinity is a bucket of its own here.
    private static double[]? Advised<T>(InstrumentAdvice<T>? advice)
        where T : struct
        => advice?.HistogramBucketBoundaries?.Select(static bound => Convert.ToDouble(bound, System.Globalization.CultureInfo.InvariantCulture))
            .Where(double.IsFinite).ToArray();
}
