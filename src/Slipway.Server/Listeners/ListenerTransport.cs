using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Slipway.Server.Listeners;

/// <summary>Listens on sockets, and where connections are handed over.</summary>
internal sealed class ListenerTransport(IConnectionListenerFactory sockets) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is HandoverEndPoint || sockets is not IConnectionListenerFactorySelector selector || selector.CanBind(endpoint);

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        endpoint is HandoverEndPoint handover ? ValueTask.FromResult<IConnectionListener>(handover) : sockets.BindAsync(endpoint, cancellationToken);
}
