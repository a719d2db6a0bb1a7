using Slipway.Core;

namespace Slipway.Traffic.Routing;

/// <summary>Refuses to load or unload endpoints, which are no models, in words that say so. Thread-safe.</summary>
internal sealed class RoutedControl(IModelControl inner, IModelCatalog models, EndpointTable table) : IModelControl
{
    /// <inheritdoc/>
    public Task LoadAsync(string name, ModelConfig? config, CancellationToken cancellationToken)
    {
        RefuseEndpoint(name);
        return inner.LoadAsync(name, config, cancellationToken);
    }

    /// <inheritdoc/>
    public Task UnloadAsync(string name, CancellationToken cancellationToken)
    {
        RefuseEndpoint(name);
        return inner.UnloadAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task SetLabelsAsync(string name, IReadOnlyDictionary<string, long> labels, CancellationToken cancellationToken)
    {
        RefuseEndpoint(name);
        return inner.SetLabelsAsync(name, labels, cancellationToken);
    }

    // A model that is not known yet may be loaded by its name even when an endpoint has that name too.
    private void RefuseEndpoint(string name)
    {
        if (table.TryGet(name, out Endpoint? endpoint) && !models.TryGetModel(name, out _)
            && endpoint.Definition.Arms.All(arm => arm.Model != name))
        {
            throw EndpointNames.NoModel(name);
        }
    }
}
