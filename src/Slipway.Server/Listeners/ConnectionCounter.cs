namespace Slipway.Server.Listeners;

/// <summary>Counts the connections that are open. Thread-safe.</summary>
internal sealed class ConnectionCounter
{
    private int _open;

    /// <summary>Connections open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>A connection was opened.</summary>
    public void Opened() => Interlocked.Increment(ref _open);

    /// <summary>A connection was closed.</summary>
    public void Closed() => Interlocked.Decrement(ref _open);
}
