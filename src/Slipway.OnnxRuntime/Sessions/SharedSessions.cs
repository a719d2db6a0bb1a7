namespace Slipway.OnnxRuntime.Sessions;

/// <summary>
/// Sessions in use, so that models of the same bytes and options share one: a session runs for any number of callers at once, and its weights and
/// their rearranged forms are most of what a model costs. Thread-safe.
/// </summary>
/// <remarks>
/// The engine's own means, a container of prepacked weights, only works for weights that the caller hands over by name, and its graph optimiser
/// may transpose a weight under the same name: then the handed-over one is used in the wrong layout. Sharing the session has no such trap.
/// </remarks>
internal sealed class SharedSessions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _sessions = new(StringComparer.Ordinal);

    /// <summary>A session in use under that name (see <see cref="SessionKeys.OfModel"/>), or null. The lease is disposed by the caller.</summary>
    public Lease? TryAcquire(string key)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(key, out Entry? entry))
            {
                return null;
            }

            entry.Users++;
            return new Lease(this, key, entry);
        }
    }

    /// <summary>Takes over a new session and shares it under <paramref name="key"/>.</summary>
    public Lease Add(string key, OpenedSession session, long memoryBytes)
    {
        Entry entry = new(session, memoryBytes) { Users = 1 };
        lock (_gate)
        {
            _sessions.Add(key, entry);
        }

        return new Lease(this, key, entry);
    }

    private void Release(string key, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0)
            {
                return;
            }

            _sessions.Remove(key);
        }

        entry.Session.Dispose();
    }

    /// <summary>One model's use of a session; the last one to be disposed releases it.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly SharedSessions _owner;
        private readonly string _key;
        private Entry? _entry;

        internal Lease(SharedSessions owner, string key, Entry entry)
        {
            _owner = owner;
            _key = key;
            _entry = entry;
            Session = entry.Session;
            MemoryBytes = entry.MemoryBytes;
        }

        /// <summary>The session; not to be disposed by itself.</summary>
        public OpenedSession Session { get; }

        /// <summary>What the session took when it was made.</summary>
        public long MemoryBytes { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            Entry? entry = Interlocked.Exchange(ref _entry, null);
            if (entry is not null)
            {
                _owner.Release(_key, entry);
            }
        }
    }

    internal sealed class Entry(OpenedSession session, long memoryBytes)
    {
        public OpenedSession Session { get; } = session;

        public long MemoryBytes { get; } = memoryBytes;

        public int Users { get; set; }
    }
}
