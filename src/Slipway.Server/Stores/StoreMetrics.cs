using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Slipway.Server.Stores;

/// <summary>The instruments of the registry's stores. Names and tags are API. Begins with the host, so that a store that was never there is seen as well.</summary>
internal sealed class StoreMetrics : IHostedService, IDisposable
{
    /// <summary>Name of the meter to subscribe to.</summary>
    public const string MeterName = "Slipway.Registry";

    private readonly Meter _meter;

    /// <summary>Makes the instruments.</summary>
    public StoreMetrics(IMeterFactory factory, RegistryStores stores)
    {
        _meter = factory.Create(MeterName);
        _meter.CreateObservableGauge(
            "slipway.registry.store.available",
            () => stores.All.Select(static store => new Measurement<int>(store.State.IsAvailable ? 1 : 0, new KeyValuePair<string, object?>("store", store.Name))),
            unit: null,
            "Whether a store of the registry answered when it was last asked: 1, or 0 while what is served stays as it was last known");
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
