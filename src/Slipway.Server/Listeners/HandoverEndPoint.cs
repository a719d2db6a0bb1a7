using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Slipway.Server.Listeners;

/// <summary>
/// Where connections arrive that a listener accepted and hands over, because they speak the HTTP version that it does not: Kestrel fixes the version of a connection in clear by its
/// end point. Nothing outside the process can reach it. Thread-safe.
/// </summary>
/// <param name="version">The HTTP version spoken here, for logs.</param>
internal sealed class HandoverEndPoint(string version) : EndPoint, IConnectionListener
{
    private readonly Channel<HandedConnection> _arrivals = Channel.CreateUnbounded<HandedConnection>();

    /// <inheritdoc/>
    EndPoint IConnectionListener.EndPoint => this;

    /// <summary>Hands a connection over. Completes when it has ended, or at once when nobody takes connections any more.</summary>
    public Task GiveAsync(ConnectionContext connection)
    {
        HandedConnection handed = new(connection);
        return _arrivals.Writer.TryWrite(handed) ? handed.Ended : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _arrivals.Reader.WaitToReadAsync(cancellationToken) && _arrivals.Reader.TryRead(out HandedConnection? arrived) ? arrived : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _arrivals.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _arrivals.Writer.TryComplete();
        while (_arrivals.Reader.TryRead(out HandedConnection? left))
        {
            await left.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"handed-over-{version}";
}
