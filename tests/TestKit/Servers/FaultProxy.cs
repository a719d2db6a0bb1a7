using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Slipway.TestKit.Servers;

/// <summary>
/// A connection in the middle that tests can cut: forwards bytes between its clients and a server (a loopback port, or a Unix socket). Cutting ends what is open and, until it is mended,
/// refuses what is new.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Func<EndPoint> _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly Task _accepting;
    private volatile bool _cut;
    private long _budget = long.MaxValue;

    public FaultProxy(EndPoint target)
    {
        _target = () => target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Port on loopback that clients connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections made so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Ends all connections and refuses new ones.</summary>
    public void Cut()
    {
        _cut = true;
        EndConnections();
    }

    /// <summary>Lets connections through again.</summary>
    public void Mend() => _cut = false;

    /// <summary>Ends what is open; new connections go through.</summary>
    public void EndConnections()
    {
        foreach (Socket socket in _open.Keys)
        {
            Reset(socket);
        }
    }

    /// <summary>After this many more bytes from the server, ends all connections once.</summary>
    public void EndConnectionsAfter(long bytesFromServer) => Interlocked.Exchange(ref _budget, bytesFromServer);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        EndConnections();
        await _accepting;
        _stop.Dispose();
    }

    // A reset rather than an orderly end: what a crash looks like.
    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        catch (Exception fault) when (fault is ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                Connections++;
                if (_cut)
                {
                    Reset(client);
                    continue;
                }

                _ = ServeAsync(client);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        EndPoint target = _target();
        using Socket server = new(target.AddressFamily, SocketType.Stream, target.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        _open[client] = true;
        _open[server] = true;
        try
        {
            await server.ConnectAsync(target);
            await Task.WhenAny(CopyAsync(client, server, counted: false), CopyAsync(server, client, counted: true));
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
            client.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool counted)
    {
        byte[] buffer = new byte[16 << 10];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                for (int sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }

                if (counted && Interlocked.Read(ref _budget) != long.MaxValue && Interlocked.Add(ref _budget, -read) <= 0)
                {
                    Interlocked.Exchange(ref _budget, long.MaxValue);
                    EndConnections();
                    return;
                }
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
        }
    }
}
