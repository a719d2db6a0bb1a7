using Slipway.Core;

namespace Slipway.Protocols.Http;

/// <summary>Bounds the bytes of large bodies that are in memory at once, so that many callers together can't claim more than there is. Thread-safe.</summary>
internal sealed class BodyBudget(long mostBytes)
{
    /// <summary>Bodies up to this many bytes aren't counted: they are bounded well enough by the number of connections.</summary>
    public const int Uncounted = 1 << 20;

    private long _taken;

    /// <summary>Takes room for a body, to be given back with <see cref="Return"/>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Overloaded"/> when there is none now.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) > mostBytes)
        {
            Interlocked.Add(ref _taken, -bytes);
            throw new SlipwayException(ErrorCode.Overloaded, "too many large request bodies at once");
        }
    }

    /// <summary>Gives room back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
