using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests;

/// <summary>Inference as a host would run it, over fakes.</summary>
internal sealed class InferenceFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _hosted;
    private readonly Lifetime _lifetime = new();

    public InferenceFixture(Action<IServiceCollection>? configure = null, TimeProvider? time = null)
    {
        ServiceCollection services = new();
        services.AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>));
        services.AddMetrics();
        services.AddSingleton<IHostApplicationLifetime>(_lifetime);
        services.AddSingleton<IModelSource>(Source);
        services.AddSingleton<IModelPreparer, FakePreparer>();
        services.AddSingleton<IModelRuntime>(Runtime);
        services.AddSingleton(time ?? TimeProvider.System);
        configure?.Invoke(services);
        services.AddSlipwayInference();
        _services = services.BuildServiceProvider(validateScopes: true);
        _hosted = [.. _services.GetServices<IHostedService>()];
    }

    public FakeModelSource Source { get; } = new();

    public FakeRuntime Runtime { get; } = new();

    public IInferenceService Inference => Get<IInferenceService>();

    public IModelCatalog Catalog => Get<IModelCatalog>();

    public IModelControl Control => Get<IModelControl>();

    public IModelStatistics Statistics => Get<IModelStatistics>();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts, and waits until the first desired state has been worked off.</summary>
    public async Task<InferenceFixture> StartAsync()
    {
        foreach (IHostedService hosted in _hosted)
        {
            await hosted.StartAsync(Token);
        }

        await Until(() => Catalog.IsReady);
        return this;
    }

    public void SayStopping() => _lifetime.Stopping.Cancel();

    public async Task StopAsync()
    {
        foreach (IHostedService hosted in _hosted.Reverse())
        {
            await hosted.StopAsync(Token);
        }
    }

    /// <summary>Waits for something that another thread brings about.</summary>
    public static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, Token);
        }
    }

    public ModelSnapshot Model(string name) =>
        Catalog.TryGetModel(name, out ModelSnapshot? snapshot) ? snapshot : throw new InvalidOperationException($"no model {name}");

    public VersionSnapshot Version(string model, long version) =>
        Catalog.TryGetModel(model, out ModelSnapshot? snapshot) ? snapshot.Versions.Single(candidate => candidate.Version == version)
        : throw new InvalidOperationException($"no model {model}");

    public Task UntilState(string model, long version, ServableState state) => Until(() =>
        Catalog.TryGetModel(model, out ModelSnapshot? snapshot) && snapshot.Versions.Any(candidate => candidate.Version == version && candidate.State == state));

    /// <summary>A request of as many rows as there are pairs of values.</summary>
    public static InferenceRequest Request(string model, VersionSelector version, params float[] values) => new()
    {
        ModelName = model,
        Version = version,
        Inputs = [FakeModelDefinition.Floats("x", new TensorShape(values.Length / 2, 2), values)],
    };

    public static InferenceRequest Request(string model, params float[] values) => Request(model, VersionSelector.Default, values);

    public ValueTask<InferenceResponse> InferAsync(string model, params float[] values) => Inference.InferAsync(Request(model, values), Token);

    /// <summary>What a host does whose start failed: its parts are disposed as they run.</summary>
    public ValueTask DisposeUnstoppedAsync() => _services.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationTokenSource Stopping { get; } = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => Stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopping.Cancel();
    }
}
