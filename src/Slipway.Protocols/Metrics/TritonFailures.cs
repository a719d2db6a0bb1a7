using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Protocols.Metrics;

/// <summary>Failed requests by version and by the reasons that Triton tells apart. Thread-safe; costs nothing while requests succeed.</summary>
internal sealed class TritonFailures
{
    /// <summary>Triton's values of the label <c>reason</c>.</summary>
    public static readonly string[] Reasons = ["REJECTED", "CANCELED", "BACKEND", "OTHER"];

    private readonly ConcurrentDictionary<(string Model, long Version), long[]> _counts = new();

    /// <summary>Counts a failure of a loaded version.</summary>
    public void Add(ServableInfo servable, ErrorCode code)
    {
        long[] counts = _counts.GetOrAdd((servable.ModelName, servable.Version), static _ => new long[Reasons.Length]);
        Interlocked.Increment(ref counts[ReasonOf(code)]);
    }

    /// <summary>Failures of a version, in the order of <see cref="Reasons"/>; all zero when there were none.</summary>
    public IReadOnlyList<long> Of(string model, long version) => _counts.TryGetValue((model, version), out long[]? counts) ? counts : new long[Reasons.Length];

    private static int ReasonOf(ErrorCode code) => code switch
    {
        ErrorCode.Overloaded or ErrorCode.RateLimited or ErrorCode.DeadlineExceeded => 0,
        ErrorCode.Cancelled => 1,
        ErrorCode.ModelFailed => 2,
        _ => 3,
    };
}
