using Slipway.Core;

namespace Slipway.Traffic.Arms;

/// <summary>
/// What an arm has done since the process started. Requests that the weights divided are counted apart: only those can be compared between arms, since chance chose them.
/// Counts of replicas add up. Thread-safe.
/// </summary>
public sealed class ArmMeter
{
    private long _requests;
    private long _failures;
    private long _divided;
    private long _dividedAnswers;
    private long _dividedFailures;
    private long _standIns;
    private long _retries;
    private long _fallbacks;
    private long _refusals;

    /// <summary>How long answered requests took, in the arm alone; not those where it stood in for another.</summary>
    public LatencySketch Latency { get; } = new();

    /// <summary>The same of those that the weights divided.</summary>
    public LatencySketch DividedLatency { get; } = new();

    /// <summary>The counts now.</summary>
    public ArmCounts Snapshot() => new()
    {
        Requests = Volatile.Read(ref _requests),
        Failures = Volatile.Read(ref _failures),
        Divided = Volatile.Read(ref _divided),
        DividedAnswers = Volatile.Read(ref _dividedAnswers),
        DividedFailures = Volatile.Read(ref _dividedFailures),
        StandIns = Volatile.Read(ref _standIns),
        Retries = Volatile.Read(ref _retries),
        Fallbacks = Volatile.Read(ref _fallbacks),
        Refusals = Volatile.Read(ref _refusals),
    };

    /// <summary>A request was given to the arm.</summary>
    internal void Started(ArmUse use)
    {
        Interlocked.Increment(ref use == ArmUse.StandIn ? ref _standIns : ref _requests);
        if (use == ArmUse.Divided)
        {
            Interlocked.Increment(ref _divided);
        }
    }

    /// <summary>It was answered.</summary>
    internal void Answered(ArmUse use, TimeSpan duration)
    {
        if (use == ArmUse.StandIn)
        {
            return;
        }

        Latency.Add(duration);
        if (use == ArmUse.Divided)
        {
            DividedLatency.Add(duration);
            Interlocked.Increment(ref _dividedAnswers);
        }
    }

    /// <summary>It failed. A caller that went away says nothing about the arm.</summary>
    internal void Failed(ArmUse use, ErrorCode code)
    {
        if (code == ErrorCode.Cancelled || use == ArmUse.StandIn)
        {
            return;
        }

        Interlocked.Increment(ref _failures);
        if (use == ArmUse.Divided)
        {
            Interlocked.Increment(ref _dividedFailures);
        }
    }

    /// <summary>A try was repeated.</summary>
    internal void Retried() => Interlocked.Increment(ref _retries);

    /// <summary>Another arm or a static answer stood in.</summary>
    internal void StoodIn() => Interlocked.Increment(ref _fallbacks);

    /// <summary>The circuit was open.</summary>
    internal void Refused() => Interlocked.Increment(ref _refusals);
}
