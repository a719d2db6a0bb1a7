using Slipway.Server.Options;

namespace Slipway.Server.Listeners;

/// <summary>One listener, checked.</summary>
/// <param name="Name">Name in the configuration and in the ready line.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Plane">Which endpoints it offers.</param>
/// <param name="Protocols">HTTP versions spoken.</param>
/// <param name="Tls">Certificate and key, or null.</param>
internal sealed record Listener(string Name, ListenerAddress Address, Plane Plane, ListenerProtocols Protocols, TlsOptions? Tls);

/// <summary>HTTP versions of a listener. Without TLS there is nothing to negotiate with: one is the listener's own, and on the data plane the other is told by its first bytes.</summary>
internal enum ListenerProtocols
{
    /// <summary>HTTP/1.1 in clear.</summary>
    Http1 = 0,

    /// <summary>HTTP/2 in clear, by prior knowledge.</summary>
    Http2 = 1,

    /// <summary>Whichever the client prefers, agreed on during the TLS handshake.</summary>
    Http1AndHttp2 = 2,
}
