namespace Slipway.Server.Options;

/// <summary>The three listeners.</summary>
public sealed class ListenersOptions
{
    /// <summary>Data plane over HTTP/1.1 (and HTTP/2 where there is TLS to negotiate it). Default <c>127.0.0.1:8080</c>.</summary>
    public ListenerOptions Http { get; set; } = new("127.0.0.1:8080");

    /// <summary>Data plane over HTTP/2: gRPC, and REST for clients that speak it. Default <c>127.0.0.1:8081</c>.</summary>
    public ListenerOptions Grpc { get; set; } = new("127.0.0.1:8081");

    /// <summary>Control plane: management API, metrics. Default <c>127.0.0.1:8090</c>.</summary>
    public ListenerOptions Admin { get; set; } = new("127.0.0.1:8090");
}
