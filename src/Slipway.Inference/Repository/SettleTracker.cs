namespace Slipway.Inference.Repository;

/// <summary>
/// Decides when files have come to rest: when they have looked the same for the settle time or, where times may be trusted, were last written
/// longer ago than that. Not thread-safe.
/// </summary>
internal sealed class SettleTracker(TimeProvider time, TimeSpan settleTime)
{
    private readonly Dictionary<(string Model, long Version), Watched> _watched = [];
    private int _look;

    /// <summary>Whether something that was asked about in this look has not come to rest.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Begins a look.</summary>
    public void BeginLook()
    {
        _look++;
        IsWaiting = false;
    }

    /// <summary>Whether the files behind <paramref name="key"/>, now described by <paramref name="token"/>, have come to rest.</summary>
    public bool IsSettled((string Model, long Version) key, string token, DateTime newest, bool trustAge)
    {
        long now = time.GetTimestamp();
        if (!_watched.TryGetValue(key, out Watched? watched) || watched.Token != token)
        {
            TimeSpan age = time.GetUtcNow().UtcDateTime - newest;
            _watched[key] = watched = new Watched(token, now) { Settled = settleTime <= TimeSpan.Zero || (trustAge && age >= settleTime) };
        }

        watched.Look = _look;
        watched.Settled = watched.Settled || time.GetElapsedTime(watched.Since, now) >= settleTime;
        IsWaiting |= !watched.Settled;
        return watched.Settled;
    }

    /// <summary>Forgets what was not asked about in this look.</summary>
    public void EndLook()
    {
        foreach ((string, long) gone in _watched.Where(pair => pair.Value.Look != _look).Select(static pair => pair.Key).ToArray())
        {
            _watched.Remove(gone);
        }
    }

    private sealed class Watched(string token, long since)
    {
        public string Token { get; } = token;

        public long Since { get; } = since;

        public bool Settled { get; set; }

        public int Look { get; set; }
    }
}
