namespace Slipway.Server.Draining;

/// <summary>Whether the server's listeners have been closed: every answer then asks its client to close the connection. Thread-safe.</summary>
internal sealed class DrainState
{
    private volatile bool _closing;

    /// <summary>Whether nothing new is accepted.</summary>
    public bool IsClosing => _closing;

    /// <summary>The listeners have been closed.</summary>
    public void Close() => _closing = true;
}
