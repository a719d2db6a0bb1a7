namespace Slipway.Security.Limits;

/// <summary>A bucket that fills evenly and is emptied by what is asked for. Not thread-safe: its owner's lock protects it.</summary>
internal sealed class TokenBucket
{
    private readonly double _perSecond;
    private readonly TimeProvider _time;
    private double _level;
    private long _filled;

    public TokenBucket(string unit, Rate rate, TimeProvider time)
    {
        (Unit, Rate, _time) = (unit, rate, time);
        _perSecond = rate.Amount / rate.Window.TotalSeconds;
        _level = rate.Amount;
        _filled = time.GetTimestamp();
    }

    /// <summary>What is counted.</summary>
    public string Unit { get; }

    /// <summary>How much in how long.</summary>
    public Rate Rate { get; }

    /// <summary>What is left, whole ones.</summary>
    public long Remaining => (long)_level;

    /// <summary>Whether nothing was taken for a whole window.</summary>
    public bool IsFull => _level >= Rate.Amount;

    /// <summary>When it will be full again.</summary>
    public TimeSpan UntilFull => TimeSpan.FromSeconds((Rate.Amount - _level) / _perSecond);

    /// <summary>Lets in what has come since the last time.</summary>
    public void Fill()
    {
        long now = _time.GetTimestamp();
        _level = Math.Min(Rate.Amount, _level + (_time.GetElapsedTime(_filled, now).TotalSeconds * _perSecond));
        _filled = now;
    }

    /// <summary>How long until an amount is there; zero when it is.</summary>
    public TimeSpan WaitFor(long amount) => amount <= _level ? TimeSpan.Zero : TimeSpan.FromSeconds((amount - _level) / _perSecond);

    /// <summary>Takes an amount, or with a negative one gives it back.</summary>
    public void Take(long amount) => _level = Math.Clamp(_level - amount, 0, Rate.Amount);
}
