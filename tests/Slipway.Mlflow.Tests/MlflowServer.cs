using Microsoft.Extensions.Logging;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Mlflow.Tests;

/// <summary>A server with an empty registry, as MLflow's clients find it on the control plane's port, and as callers of its models find it on the data plane's.</summary>
internal sealed class MlflowServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly SlipwayServer _server;

    private MlflowServer(TemporaryFolder folder, SlipwayServer server)
    {
        _folder = folder;
        _server = server;
        Client = new HttpClient { BaseAddress = server.Addresses["admin"] };
        Data = new HttpClient { BaseAddress = server.Addresses["http"] };
    }

    /// <summary>Speaks to the control plane.</summary>
    public HttpClient Client { get; }

    /// <summary>Speaks to the data plane.</summary>
    public HttpClient Data { get; }

    /// <summary>Parts of the server.</summary>
    public IServiceProvider Services => _server.Services;

    /// <summary>Starts a server and waits until it has tried every model.</summary>
    /// <param name="configure">Changes its options.</param>
    /// <param name="models">Files of the models folder: name and content.</param>
    public static async Task<MlflowServer> StartAsync(Action<ServerOptions>? configure = null, params (string Name, byte[] Content)[] models)
    {
        TemporaryFolder folder = new();
        foreach ((string name, byte[] content) in models)
        {
            folder.Write("models/" + name, content);
        }

        folder.Age(TimeSpan.FromMinutes(1));
        ServerOptions options = new() { Data = Path.Combine(folder.Root, "data") };
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        Directory.CreateDirectory(Path.Combine(folder.Root, "models"));
        options.Models.Path = Path.Combine(folder.Root, "models");
        options.Logging.Level = LogLevel.None;
        configure?.Invoke(options);
        SlipwayServer server = await SlipwayServer.StartAsync(options);
        Assert.True(await server.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        return new MlflowServer(folder, server);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Data.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
