using Microsoft.Extensions.Logging;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Onnx;

/// <summary>A server with every model of the conformance data, each loaded with its first request.</summary>
public sealed class OnnxServer : IAsyncLifetime
{
    private readonly TemporaryFolder _models = new();

    /// <summary>The running server; null where there is no data.</summary>
    public SlipwayServer? Running { get; private set; }

    /// <summary>The served name of a case.</summary>
    public static string ModelName(string testCase) => testCase.Replace('/', '.');

    public async ValueTask InitializeAsync()
    {
        if (Assets.Root is null)
        {
            return;
        }

        foreach (string name in OnnxTestCases.Names)
        {
            OnnxTestCase testCase = OnnxTestCases.Load(name);
            string folder = ModelName(name);
            _models.Write($"{folder}/1/model.onnx", testCase.Model);
            _models.Write($"{folder}/model.yaml", "load: onDemand\n");
            foreach ((string location, byte[] bytes) in testCase.ExternalData)
            {
                _models.Write($"{folder}/1/{location}", bytes);
            }
        }

        _models.Age(TimeSpan.FromMinutes(1));
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = _models.Root;
        options.Logging.Level = LogLevel.None;
        Running = await SlipwayServer.StartAsync(options);
        Assert.True(await Running.WaitUntilReadyAsync(CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        if (Running is { } server)
        {
            await server.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
        }

        _models.Dispose();
    }
}
