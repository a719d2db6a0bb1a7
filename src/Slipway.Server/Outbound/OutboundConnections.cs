namespace Slipway.Server.Outbound;

/// <summary>
/// Connections to other servers, which the configuration names and nobody else can: no redirects, so that no answer names an address; no proxy and no cookies of the machine's.
/// Shared by all that ask other servers; whoever sends bounds the time. Thread-safe.
/// </summary>
internal sealed class OutboundConnections : IDisposable
{
    private readonly SocketsHttpHandler _handler = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>The handler, for clients that leave it alone when they are disposed.</summary>
    public HttpMessageHandler Handler => _handler;

    /// <inheritdoc/>
    public void Dispose() => _handler.Dispose();
}
