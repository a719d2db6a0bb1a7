using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Security.Tls;
using Slipway.Server.Options;

namespace Slipway.Server.Listeners;

/// <summary>Tells Kestrel where to listen and what to put up with.</summary>
internal static class KestrelListeners
{
    // Windows of HTTP/2 flow control: an image of 600 kB, or a batch of rows, arrives without waiting for a window update.
    private const int StreamWindow = 1 << 20;
    private const int ConnectionWindow = 8 << 20;

    // A connection of HTTP/2 that nothing was heard of for so long is asked whether anybody is there, and closed when that is not answered in 20 s.
    private static readonly TimeSpan PingDelay = TimeSpan.FromMinutes(1);

    /// <summary>Applies the limits and opens the listeners.</summary>
    public static void Configure(KestrelServerOptions kestrel, ListenerSet listeners, LimitsOptions limits, ConnectionCounter connections)
    {
        kestrel.AddServerHeader = false;

        // Each protocol bounds what it reads itself, and says so in its own form; a stream of requests has no length at all.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxConcurrentConnections = limits.MaxConnections;
        kestrel.Limits.KeepAliveTimeout = limits.KeepAlive;
        kestrel.Limits.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = limits.MaxHeaders;
        kestrel.Limits.MaxRequestLineSize = limits.MaxRequestLineBytes;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = limits.MaxHeaderBytes;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.MinBodyBytesPerSecond, TimeSpan.FromSeconds(5));
        kestrel.Limits.Http2.MaxStreamsPerConnection = limits.MaxStreamsPerConnection;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;

        // A silent stream keeps its connection for ever otherwise, when the client's machine has gone without a word.
        kestrel.Limits.Http2.KeepAlivePingDelay = PingDelay;

        HandoverEndPoint http1 = new("http1");
        HandoverEndPoint http2 = new("http2");
        foreach (Listener listener in listeners.All)
        {
            HandoverEndPoint? other = listener.Tls is not null || listener.Plane != Plane.Data ? null : listener.Protocols == ListenerProtocols.Http1 ? http2 : http1;
            kestrel.Listen(listener.Address.Address, listener.Address.Port, endpoint => Open(endpoint, listener, other, connections, limits.KeepAlive));
        }

        // Behind the listeners: the order of the end points is that of the addresses.
        kestrel.Listen(http1, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        kestrel.Listen(http2, static endpoint => endpoint.Protocols = HttpProtocols.Http2);
    }

    /// <summary>Where the listeners really are, in their order, after the server has started.</summary>
    public static IReadOnlyDictionary<string, Uri> BoundTo(IServer server, ListenerSet listeners)
    {
        ICollection<string> bound = server.Features.Get<IServerAddressesFeature>()!.Addresses;
        return listeners.All.Zip(bound).ToDictionary(pair => pair.First.Name, pair => new Uri(pair.Second));
    }

    // Connections of the version that the listener does not speak go to the other end point.
    private static void Open(
        Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions endpoint, Listener listener, HandoverEndPoint? other, ConnectionCounter connections, TimeSpan patience)
    {
        endpoint.Protocols = listener.Protocols switch
        {
            ListenerProtocols.Http1 => HttpProtocols.Http1,
            ListenerProtocols.Http2 => HttpProtocols.Http2,
            _ => HttpProtocols.Http1AndHttp2,
        };

        PlaneMetadata plane = new(listener.Plane);
        TimeProvider time = endpoint.ApplicationServices.GetRequiredService<TimeProvider>();
        endpoint.Use(next => async connection =>
        {
            connection.Features.Set(plane);
            connections.Opened();
            try
            {
                ListenerProtocols? spoken = other is null ? listener.Protocols : await SpokenVersion.ReadAsync(connection, patience, time);
                if (spoken is not null)
                {
                    await (spoken == listener.Protocols ? next(connection) : other!.GiveAsync(connection));
                }
            }
            finally
            {
                connections.Closed();
            }
        });

        if (listener.Tls is { } tls)
        {
            endpoint.UseHttps(Handshakes(listener.Name, tls, endpoint.ApplicationServices));
        }
    }

    private static TlsHandshakeCallbackOptions Handshakes(string listener, TlsOptions tls, IServiceProvider services)
    {
        try
        {
            ReloadingCertificate certificate = new(
                listener,
                new ServerCertificate(tls.Certificate, tls.Key, tls.Password),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<ReloadingCertificate>>());
            ClientCertificatePolicy? clients = tls.Clients == Slipway.Security.Tls.ClientCertificateMode.None ? null : new ClientCertificatePolicy(tls.Clients, tls.ClientAuthorities);
            return new TlsHandshakeCallbackOptions
            {
                OnConnection = _ =>
                {
                    SslServerAuthenticationOptions handshake = new() { ServerCertificateContext = certificate.Current };
                    clients?.Apply(handshake);
                    return new(handshake);
                },
            };
        }
        catch (SlipwayException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"listeners.{listener}.tls: {fault.Message}", fault);
        }
    }
}
