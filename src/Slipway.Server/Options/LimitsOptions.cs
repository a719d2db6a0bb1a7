namespace Slipway.Server.Options;

/// <summary>Bounds on what callers may ask of the server, and how it stops.</summary>
public sealed class LimitsOptions
{
    /// <summary>Largest request body in bytes, compressed or not. Default 256 MiB: a batch of 400 images of 224 × 224 as FP32.</summary>
    public long MaxRequestBytes { get; set; } = 256L << 20;

    /// <summary>Most connections open at once, over all listeners; further ones are closed at once. Default 16,384.</summary>
    public int MaxConnections { get; set; } = 16_384;

    /// <summary>Most requests in flight on one HTTP/2 connection. Default 256.</summary>
    public int MaxStreamsPerConnection { get; set; } = 256;

    /// <summary>How long an idle connection is kept. Default 130 s: longer than the two minutes that most load balancers reuse one for.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>Longest that a client may take to send its request's header. Default 15 s.</summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Most bytes of all headers of a request together. Default 32 KiB, Kestrel's own.</summary>
    public int MaxHeaderBytes { get; set; } = 32 << 10;

    /// <summary>Most headers of a request. Default 100, Kestrel's own.</summary>
    public int MaxHeaders { get; set; } = 100;

    /// <summary>Most bytes of a request's first line, the path with it. Default 8 KiB, Kestrel's own.</summary>
    public int MaxRequestLineBytes { get; set; } = 8 << 10;

    /// <summary>
    /// Slowest that a client may send a request's body, in bytes per second after five seconds' grace. Default 240, Kestrel's own.
    /// </summary>
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>
    /// How long the server goes on as before after the signal to stop, with readiness already false, so that a load balancer can notice. Default 0.
    /// </summary>
    public TimeSpan ShutdownDelay { get; set; } = TimeSpan.Zero;

    /// <summary>Longest that requests in flight are waited for when the server stops; then they are cut off. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
