using System.Collections.Frozen;
using Slipway.Core;

namespace Slipway.Pipelines.Serving;

/// <summary>Refuses to load or unload pipelines, which are no models, in words that say so. Thread-safe.</summary>
internal sealed class PipelineControl(IModelControl inner, FrozenDictionary<string, PipelineState> pipelines) : IModelControl
{
    /// <inheritdoc/>
    public Task LoadAsync(string name, ModelConfig? config, CancellationToken cancellationToken) =>
        pipelines.ContainsKey(name) ? throw PipelineRefusals.NoModel(name) : inner.LoadAsync(name, config, cancellationToken);

    /// <inheritdoc/>
    public Task UnloadAsync(string name, CancellationToken cancellationToken) =>
        pipelines.ContainsKey(name) ? throw PipelineRefusals.NoModel(name) : inner.UnloadAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task SetLabelsAsync(string name, IReadOnlyDictionary<string, long> labels, CancellationToken cancellationToken) =>
        pipelines.ContainsKey(name) ? throw PipelineRefusals.NoModel(name) : inner.SetLabelsAsync(name, labels, cancellationToken);
}
