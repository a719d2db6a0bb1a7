using Slipway.Core;

namespace Slipway.Traffic.Endpoints;

/// <summary>A version that gets copies of an endpoint's requests. Its answers are compared with those that callers got, and dropped. Immutable.</summary>
public sealed record ShadowDefinition
{
    /// <summary>Name within the endpoint.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Which version of it.</summary>
    public VersionSelector Version { get; init; }

    /// <summary>Name of the arm whose answered requests are copied; null (default): any.</summary>
    public string? Of { get; init; }

    /// <summary>Percentage of answered requests that are copied, above 0 to 100. Default 100.</summary>
    public double Sample { get; init; } = 100;

    /// <summary>Most copies that run at once. Default 1.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Most copies that wait; more are dropped and counted. Default 64.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>Requests with more bytes of inputs and outputs than this are not copied. Default 1 MiB.</summary>
    public long MaxBytes { get; init; } = 1 << 20;

    /// <summary>Longest that one copy may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Numbers that differ by no more than this, relative to the larger of 1 and the value, agree. Default 0.001: what another order of summation can do to 32-bit floats.
    /// </summary>
    public double Tolerance { get; init; } = 0.001;
}
