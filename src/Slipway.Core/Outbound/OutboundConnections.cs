namespace Slipway.Core;

/// <summary>Connections to other servers that the configuration names, and nobody else can.</summary>
public static class OutboundConnections
{
    /// <summary>
    /// A handler for an HTTP client of its own, which disposes it: no redirects, so that no answer names an address; no proxy and no cookies of the machine's. Whoever sends bounds the time.
    /// </summary>
    public static SocketsHttpHandler Create() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };
}
