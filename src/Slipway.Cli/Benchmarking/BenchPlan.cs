namespace Slipway.Cli.Benchmarking;

/// <summary>What load is made.</summary>
internal sealed record BenchPlan
{
    /// <summary>Connections, each with one request in flight; 1 or more.</summary>
    public required int Connections { get; init; }

    /// <summary>
    /// Requests per second that arrive whatever the server does (open loop); null: each connection sends its next request when it has the answer (closed loop).
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>How long is measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long the same load is made before that without being measured.</summary>
    public required TimeSpan Warmup { get; init; }
}
