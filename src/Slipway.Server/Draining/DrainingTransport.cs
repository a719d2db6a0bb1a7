using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Slipway.Core;
using Slipway.Server.Listeners;

namespace Slipway.Server.Draining;

/// <summary>
/// Puts a pause between closing a listener and closing its connections, so that a server under load stops without failing a request: in the pause every
/// answer carries <c>Connection: close</c>, and connections in use end in an orderly way after it. Kestrel alone closes idle connections at
/// once, and a request that is just then on its way over one is lost.
/// </summary>
internal sealed class DrainingTransport(IConnectionListenerFactory transport, DrainState state, ConnectionCounter connections, TimeProvider time)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // Connections that nothing was heard of for so long are idle.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    public bool CanBind(EndPoint endpoint) => transport is not IConnectionListenerFactorySelector selector || selector.CanBind(endpoint);

    /// <exception cref="SlipwayException"><see cref="ErrorCode.FailedPrecondition"/>: the address can't be listened on, and why.</exception>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            return new Listener(await transport.BindAsync(endpoint, cancellationToken), this);
        }
        catch (Exception fault) when (fault is AddressInUseException or SocketException)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, $"can't listen on {endpoint}: {Reason(fault)}", fault);
        }
    }

    private static string Reason(Exception fault) => fault switch
    {
        AddressInUseException => "another process has the port; choose another, or 0 for any that is free",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "this machine has no such address",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "this port takes more rights than the process has; ports from 1024 on take none",
        _ => fault.Message,
    };

    // A cancelled token means "stop at once" (a server that is disposed without being stopped): that ends the pause and is no failure.
    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        state.Close();
        long begin = time.GetTimestamp();
        while (connections.Open > 0 && time.GetElapsedTime(begin) < Pause && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Step, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Listener(IConnectionListener inner, DrainingTransport owner) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => inner.AcceptAsync(cancellationToken);

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await inner.UnbindAsync(cancellationToken);
            await owner.PauseAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
