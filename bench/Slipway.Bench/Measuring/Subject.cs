using Slipway.Bench.Load;
using Slipway.Bench.Processes;

namespace Slipway.Bench.Measuring;

/// <summary>One of the servers that are compared, and the load that it gets.</summary>
internal sealed record Subject(string Name, ServerProcess Server, LoadPlan Plan);

/// <summary>What one subject did in one round.</summary>
/// <param name="Load">Rate and latencies.</param>
/// <param name="CpuMicroseconds">CPU time of the server per request.</param>
internal sealed record Sample(LoadResult Load, double CpuMicroseconds);

/// <summary>What one subject did in all rounds.</summary>
internal sealed record SubjectSamples(string Name, IReadOnlyList<Sample> Samples)
{
    /// <summary>Median rate, requests per second.</summary>
    public double Rate => Statistics.Median(Samples.Select(sample => sample.Load.Rate));

    /// <summary>Median CPU time of the server per request, in microseconds: steadier than the rate on a machine that others use.</summary>
    public double Cpu => Statistics.Median(Samples.Select(sample => sample.CpuMicroseconds));

    /// <summary>Median of the rounds' median latencies, in microseconds.</summary>
    public double P50 => Statistics.Median(Samples.Select(sample => sample.Load.P50?.TotalMicroseconds ?? double.NaN));

    /// <summary>Median of the rounds' 99th percentiles, in microseconds.</summary>
    public double P99 => Statistics.Median(Samples.Select(sample => sample.Load.P99?.TotalMicroseconds ?? double.NaN));

    /// <summary>Requests that failed, all rounds together.</summary>
    public long Failed => Samples.Sum(sample => sample.Load.Failed);

    /// <summary>Median over the rounds of the ratio of rates: what disturbs a round disturbs both.</summary>
    public double RateRatio(SubjectSamples to) => Statistics.Median(Samples.Zip(to.Samples, (mine, other) => mine.Load.Rate / other.Load.Rate));

    /// <summary>One line for a report.</summary>
    public override string ToString() => double.IsNaN(P50)
        ? $"{Name}: {Rate:N0}/s, {Cpu:N1} µs CPU"
        : $"{Name}: {Rate:N0}/s, {Cpu:N1} µs CPU, p50 {P50:N0} µs, p99 {P99:N0} µs";
}
