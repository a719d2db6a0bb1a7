using System.Collections.Concurrent;
using System.Net.Sockets;
using Slipway.Client;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;

namespace Slipway.EndToEnd.Tests.Processes;

/// <summary>Clients that ask again and again until they are told to stop, or the server is gone.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];
    private readonly ConcurrentQueue<string> _failures = new();
    private long _answered;

    /// <summary>Requests answered so far.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>What went wrong, other than a connection that was refused before a request was sent.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Begins.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="call">What to ask.</param>
    /// <param name="rest">Clients over REST, each with a connection of its own.</param>
    /// <param name="grpc">Clients over gRPC, each with a connection of its own.</param>
    public static Load Start(SlipwayProcess server, InferCall call, int rest, int grpc)
    {
        Load load = new();
        for (int i = 0; i < rest; i++)
        {
            load._clients.Add(load.AskAsync(new SlipwayClient(server.Http), (client, stop) => client.InferAsync(call, stop)));
        }

        for (int i = 0; i < grpc; i++)
        {
            load._clients.Add(load.AskAsync(new GrpcClient(server.Grpc), (client, stop) => client.InferAsync(call, stop)));
        }

        return load;
    }

    /// <summary>Completes when so many more requests have been answered.</summary>
    public async Task WaitForAsync(long more)
    {
        long goal = Answered + more;
        while (Answered < goal)
        {
            Assert.False(_clients.TrueForAll(client => client.IsCompleted), $"all clients gave up: {string.Join("; ", _failures)}");
            await Task.Delay(5);
        }
    }

    /// <summary>Completes when every client has seen that the server is gone.</summary>
    public Task WaitForEndAsync() => Task.WhenAll(_clients).WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _stop.Dispose();
    }

    private async Task AskAsync<TClient>(TClient client, Func<TClient, CancellationToken, Task<InferResult>> ask)
        where TClient : IDisposable
    {
        await Task.Yield();
        using (client)
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    await ask(client, CancellationToken.None);
                    Interlocked.Increment(ref _answered);
                }
                catch (HttpRequestException gone) when (gone.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                {
                    return;
                }
                catch (Exception failure)
                {
                    _failures.Enqueue($"{failure.GetType().Name}: {failure.Message} <- {failure.GetBaseException().Message}");
                    if (_failures.Count > 100)
                    {
                        return;
                    }
                }
            }
        }
    }
}
