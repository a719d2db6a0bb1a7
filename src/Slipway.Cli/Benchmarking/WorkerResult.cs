namespace Slipway.Cli.Benchmarking;

/// <summary>What one connection, or all together, measured.</summary>
internal sealed class WorkerResult
{
    /// <summary>Requests answered with success.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Refusals and failures by what came back.</summary>
    public Dictionary<string, long> Failures { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts a failure.</summary>
    public void Fail(string kind) => Failures[kind] = Failures.GetValueOrDefault(kind) + 1;

    /// <summary>Adds what another measured.</summary>
    public void Add(WorkerResult other)
    {
        Latency.Add(other.Latency);
        foreach ((string kind, long count) in other.Failures)
        {
            Failures[kind] = Failures.GetValueOrDefault(kind) + count;
        }
    }
}
