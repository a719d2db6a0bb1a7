using Slipway.Core;

namespace Slipway.Traffic.Arms;

/// <summary>What an arm has done since the process started. Counts of replicas add up. Thread-safe.</summary>
public sealed class ArmMeter
{
    private long _requests;
    private long _divided;
    private long _failures;
    private long _retries;
    private long _fallbacks;
    private long _refusals;

    /// <summary>How long answered requests took, in the arm alone.</summary>
    public LatencySketch Latency { get; } = new();

    /// <summary>The counts now.</summary>
    public ArmCounts Snapshot() => new(
        Volatile.Read(ref _requests),
        Volatile.Read(ref _divided),
        Volatile.Read(ref _failures),
        Volatile.Read(ref _retries),
        Volatile.Read(ref _fallbacks),
        Volatile.Read(ref _refusals));

    /// <summary>A request was given to the arm.</summary>
    /// <param name="byWeight">Whether the weights decided, which is what shares are judged by.</param>
    internal void Started(bool byWeight)
    {
        Interlocked.Increment(ref _requests);
        if (byWeight)
        {
            Interlocked.Increment(ref _divided);
        }
    }

    /// <summary>It was answered.</summary>
    internal void Answered(TimeSpan duration) => Latency.Add(duration);

    /// <summary>It failed. A caller that went away says nothing about the arm.</summary>
    internal void Failed(ErrorCode code)
    {
        if (code != ErrorCode.Cancelled)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    /// <summary>A try was repeated.</summary>
    internal void Retried() => Interlocked.Increment(ref _retries);

    /// <summary>Another arm or a static answer stood in.</summary>
    internal void StoodIn() => Interlocked.Increment(ref _fallbacks);

    /// <summary>The circuit was open.</summary>
    internal void Refused() => Interlocked.Increment(ref _refusals);
}

/// <summary>Counts of an arm.</summary>
/// <param name="Requests">Requests given to the arm, whatever the reason.</param>
/// <param name="Divided">Those of them that the weights gave it.</param>
/// <param name="Failures">Requests that the arm did not answer; cancelled ones are not among them.</param>
/// <param name="Retries">Tries beyond the first.</param>
/// <param name="Fallbacks">Failures that a fallback answered instead.</param>
/// <param name="Refusals">Failures because the circuit was open.</param>
public readonly record struct ArmCounts(long Requests, long Divided, long Failures, long Retries, long Fallbacks, long Refusals);
