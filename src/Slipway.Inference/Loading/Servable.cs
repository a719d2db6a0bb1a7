using System.Collections.Frozen;
using Slipway.Core;
using Slipway.Inference.Caching;
using Slipway.Inference.Statistics;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Loading;

/// <summary>
/// A version in memory. Requests hold a lease while they use it; it is closed to new leases first and freed when the last one is given back, so a
/// model in use is never taken. Thread-safe.
/// </summary>
internal sealed class Servable
{
    // Added to the number of leases once no more are given.
    private const long Closed = long.MinValue;

    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServableSignature _main;
    private readonly FrozenDictionary<string, ServableSignature> _others;
    private long _leases;
    private long _lastUsed;

    /// <summary>Takes over the signatures, to be freed with <see cref="DisposeAsync"/>.</summary>
    /// <param name="main">The signature that is meant when none is named.</param>
    /// <param name="others">The other ones, under their names.</param>
    /// <param name="statistics">What it has done.</param>
    /// <param name="cache">Answers that are kept; null: none are.</param>
    /// <param name="now">The time, as a timestamp of the server's clock.</param>
    public Servable(
        ServableSignature main, IEnumerable<ServableSignature> others, ServableStatistics statistics, ResponseCache? cache, long now)
    {
        _main = main;
        _others = others.ToFrozenDictionary(static other => other.Info.SignatureName, StringComparer.Ordinal);
        Statistics = statistics;
        Cache = cache;
        _lastUsed = now;
    }

    /// <summary>As callers know it.</summary>
    public ServableInfo Info => _main.Info;

    /// <summary>Requests waiting now, for all its signatures.</summary>
    public int Pending => _main.Executor.Pending + _others.Values.Sum(static other => other.Executor.Pending);

    /// <summary>What it has done.</summary>
    public ServableStatistics Statistics { get; }

    /// <summary>Where it is measured.</summary>
    public ServableMetrics Metrics => _main.Metrics;

    /// <summary>Answers that are kept; null when none are.</summary>
    public ResponseCache? Cache { get; }

    /// <summary>Bytes of memory that loading took; 0 when the engine can't say.</summary>
    public long MemoryBytes => _main.Model.MemoryBytes + _others.Values.Sum(static other => other.Model.MemoryBytes);

    /// <summary>Requests that use it now.</summary>
    public long Leases => Volatile.Read(ref _leases) & ~Closed;

    /// <summary>Timestamp of the last lease.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>The signature that a request names (<see cref="ServableInfo.BySignature"/>); null when there is none of that name.</summary>
    public ServableSignature? Find(string signature) =>
        ReferenceEquals(Info.BySignature(signature), Info) ? _main : _others.GetValueOrDefault(signature);

    /// <summary>Takes a lease, to be given back with <see cref="Release"/>; false once closed.</summary>
    public bool TryAcquire(long now)
    {
        if (Interlocked.Increment(ref _leases) < 0)
        {
            Release();
            return false;
        }

        Volatile.Write(ref _lastUsed, now);
        return true;
    }

    /// <summary>Gives a lease back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _leases) == Closed)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Gives no more leases. The task completes when the last one is back. May be called again.</summary>
    public Task CloseAsync()
    {
        if (Interlocked.Or(ref _leases, Closed) is 0 or Closed)
        {
            _idle.TrySetResult();
        }

        return _idle.Task;
    }

    /// <summary>Closes it if nobody holds a lease; false, and nothing changed, otherwise.</summary>
    public bool TryCloseIdle() => Interlocked.CompareExchange(ref _leases, Closed, 0) == 0 && _idle.TrySetResult();

    /// <summary>Closes, waits for the last lease and frees the engine's memory. To be called once.</summary>
    public async Task DisposeAsync()
    {
        await CloseAsync();
        _main.Dispose();
        foreach (ServableSignature other in _others.Values)
        {
            other.Dispose();
        }
    }
}
