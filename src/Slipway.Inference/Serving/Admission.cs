using Slipway.Core;

namespace Slipway.Inference.Serving;

/// <summary>Whether the server still takes requests. Open from the start, closed once, for good. Thread-safe.</summary>
internal sealed class Admission
{
    private volatile bool _isLeaving;
    private volatile bool _isClosed;

    /// <summary>Whether requests are taken.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Whether callers should be sent elsewhere, though requests are still taken.</summary>
    public bool IsLeaving => _isLeaving;

    /// <summary>The server is about to stop: it says so, and still answers.</summary>
    public void Leave() => _isLeaving = true;

    /// <summary>Takes no more requests.</summary>
    public void Close()
    {
        _isLeaving = true;
        _isClosed = true;
    }

    /// <summary>Refuses when closed.</summary>
    public void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new SlipwayException(ErrorCode.ModelNotReady, "Server not ready: it is shutting down");
        }
    }
}
