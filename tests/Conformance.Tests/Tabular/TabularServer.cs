using Microsoft.Extensions.Logging;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Tabular;

/// <summary>A server over a folder of model files.</summary>
internal sealed class TabularServer : IAsyncDisposable
{
    private readonly TemporaryFolder _models;
    private readonly SlipwayServer _server;

    private TabularServer(TemporaryFolder models, SlipwayServer server)
    {
        _models = models;
        _server = server;
        Client = new HttpClient { BaseAddress = server.Addresses["http"] };
    }

    public HttpClient Client { get; }

    /// <summary>Starts a server and waits until it has tried every model.</summary>
    /// <param name="files">Name in the models folder, and content.</param>
    public static async Task<TabularServer> StartAsync(params (string Name, byte[] Content)[] files)
    {
        TemporaryFolder models = new();
        foreach ((string name, byte[] content) in files)
        {
            models.Write(name, content);
        }

        models.Age(TimeSpan.FromMinutes(1));
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = models.Root;
        options.Logging.Level = LogLevel.None;
        SlipwayServer server = await SlipwayServer.StartAsync(options);
        Assert.True(await server.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        return new TabularServer(models, server);
    }

    /// <summary>Posts a body and gives the answer's text; the status is checked.</summary>
    public async Task<string> PostAsync(string path, string body, int status = 200, string type = "application/json")
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, type);
        using HttpResponseMessage answer = await Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        _models.Dispose();
    }
}
