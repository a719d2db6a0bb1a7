using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slipway.Core;
using Slipway.Formats;
using Slipway.OnnxRuntime;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Bench;

/// <summary>One model behind the whole of inference, without a network.</summary>
internal sealed class Served : IAsyncDisposable
{
    public const string Model = "m";

    private readonly IHost _host;

    private Served(IHost host)
    {
        _host = host;
    }

    public IInferenceService Inference => _host.Services.GetRequiredService<IInferenceService>();

    public IModelCatalog Catalog => _host.Services.GetRequiredService<IModelCatalog>();

    public static async Task<Served> StartAsync(ModelArtifact artifact, ModelConfig config)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging().AddMetrics();
        if (artifact is FakeArtifact)
        {
            builder.Services.AddSingleton<IModelPreparer, FakePreparer>();
            builder.Services.AddSingleton<IModelRuntime>(new NullRuntime());
        }
        else
        {
            builder.Services.AddModelFormats().AddOnnxRuntime();
        }

        builder.Services.AddSingleton<IModelSource>(new FakeModelSource().With(
            new DesiredModel(Model, config, new Dictionary<long, ModelArtifact> { [1] = artifact })));
        builder.Services.AddSlipwayInference();
        IHost host = builder.Build();
        await host.StartAsync();
        IModelCatalog catalog = host.Services.GetRequiredService<IModelCatalog>();
        while (!catalog.IsReady)
        {
            await Task.Delay(1);
        }

        await catalog.GetServableAsync(Model, VersionSelector.Default, CancellationToken.None);
        return new Served(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
