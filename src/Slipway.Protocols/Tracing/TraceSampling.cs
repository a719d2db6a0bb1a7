namespace Slipway.Protocols.Tracing;

/// <summary>
/// Which requests are traced when their callers say nothing about it; may be changed while the server runs. Safe for use by many threads.
/// </summary>
public sealed class TraceSampling
{
    private volatile Sampling _now;

    /// <summary>Begins with the configured share.</summary>
    /// <param name="ratio">Share of requests, 0 to 1; 0: none.</param>
    public TraceSampling(double ratio) => _now = Configured = new Sampling(ratio > 0, ratio > 0 ? ratio : 1);

    /// <summary>What the configuration says.</summary>
    public Sampling Configured { get; }

    /// <summary>What holds now.</summary>
    public Sampling Now => _now;

    /// <summary>Puts something else in place, from the next request on.</summary>
    public void Set(Sampling sampling) => _now = sampling;

    /// <summary>Draws whether the next request is traced.</summary>
    public bool Draw(Random random)
    {
        Sampling now = _now;
        return now.IsOn && random.NextDouble() < now.Ratio && now.TakeOne();
    }
}

/// <summary>A share of requests, and how many of them at most.</summary>
/// <param name="isOn">Whether any are traced.</param>
/// <param name="ratio">Share that is traced, above 0 and up to 1.</param>
/// <param name="most">How many are traced from now on; negative: no bound.</param>
public sealed class Sampling(bool isOn, double ratio, long most = -1)
{
    private long _left = Math.Max(most, 0);

    /// <summary>Whether any are traced.</summary>
    public bool IsOn { get; } = isOn;

    /// <summary>Share that is traced.</summary>
    public double Ratio { get; } = ratio;

    /// <summary>How many may still be traced; -1: no bound.</summary>
    public long Left => most < 0 ? -1 : Math.Max(Interlocked.Read(ref _left), 0);

    /// <summary>Takes one of those that are left; false when none is.</summary>
    internal bool TakeOne() => most < 0 || (Interlocked.Read(ref _left) > 0 && Interlocked.Decrement(ref _left) >= 0);
}
