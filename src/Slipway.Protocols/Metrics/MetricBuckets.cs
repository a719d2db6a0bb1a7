namespace Slipway.Protocols.Metrics;

/// <summary>Histogram bounds that the instruments advise.</summary>
internal static class MetricBuckets
{
    /// <summary>Seconds, 100 µs to 30 s: a small model answers in less than the first, a slow one in more than the last.</summary>
    public static readonly double[] RequestSeconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Seconds, 1 µs to 1 s: steps within a request.</summary>
    public static readonly double[] ShortSeconds =
        [0.000001, 0.0000025, 0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 1];

    /// <summary>Microseconds, 10 · 1.8^i for i = 0 … 32: TensorFlow Serving's latency buckets.</summary>
    public static readonly double[] TensorFlowMicroseconds = [.. Enumerable.Range(0, 33).Select(static i => 10 * Math.Pow(1.8, i))];
}
