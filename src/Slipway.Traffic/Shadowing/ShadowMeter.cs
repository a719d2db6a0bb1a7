using Slipway.Traffic.Arms;

namespace Slipway.Traffic.Shadowing;

/// <summary>What a shadow has done since the process started. Thread-safe.</summary>
public sealed class ShadowMeter
{
    private readonly Lock _gate = new();
    private ShadowCounts _counts;

    /// <summary>How long copies took in the shadow.</summary>
    public LatencySketch Latency { get; } = new();

    /// <summary>The counts now.</summary>
    public ShadowCounts Snapshot()
    {
        lock (_gate)
        {
            return _counts;
        }
    }

    internal void Dropped() => Add(new ShadowCounts { Dropped = 1 });

    internal void Failed() => Add(new ShadowCounts { Copies = 1, Failures = 1 });

    internal void Compared(PairOutcome outcome, TimeSpan duration)
    {
        Latency.Add(duration);
        Add(outcome.IsComparable
            ? new ShadowCounts { Copies = 1, Rows = outcome.Rows, Disagreements = outcome.Disagreements, Disagreeing = outcome.Disagreements > 0 ? 1 : 0, Differences = outcome.Differences }
            : new ShadowCounts { Copies = 1, NotComparable = 1 });
    }

    private void Add(ShadowCounts more)
    {
        lock (_gate)
        {
            _counts = _counts.Plus(more);
        }
    }
}

/// <summary>Counts of a shadow. Those of replicas and periods add up with <see cref="Plus"/>.</summary>
public readonly record struct ShadowCounts
{
    /// <summary>Copies that ran, in success and failure.</summary>
    public long Copies { get; init; }

    /// <summary>Copies not taken because the queue was full or the request too large.</summary>
    public long Dropped { get; init; }

    /// <summary>Copies that the shadow failed to answer.</summary>
    public long Failures { get; init; }

    /// <summary>Copies answered with other outputs, shapes or types than the caller got.</summary>
    public long NotComparable { get; init; }

    /// <summary>Rows compared.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that disagreed.</summary>
    public long Disagreements { get; init; }

    /// <summary>Copies with at least one row that disagreed.</summary>
    public long Disagreeing { get; init; }

    /// <summary>Differences of measures.</summary>
    public Differences Differences { get; init; }

    /// <summary>Both together.</summary>
    public ShadowCounts Plus(ShadowCounts other) => new()
    {
        Copies = Copies + other.Copies,
        Dropped = Dropped + other.Dropped,
        Failures = Failures + other.Failures,
        NotComparable = NotComparable + other.NotComparable,
        Rows = Rows + other.Rows,
        Disagreements = Disagreements + other.Disagreements,
        Disagreeing = Disagreeing + other.Disagreeing,
        Differences = Differences.Plus(other.Differences),
    };
}
