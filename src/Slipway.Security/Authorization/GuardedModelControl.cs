using Slipway.Core;

namespace Slipway.Security.Authorization;

/// <summary>Loads and unloads only what the caller may manage.</summary>
internal sealed class GuardedModelControl(IModelControl inner, ModelAccess access) : IModelControl
{
    /// <inheritdoc/>
    public async Task LoadAsync(string name, ModelConfig? config, CancellationToken cancellationToken)
    {
        await access.RequireAsync(Permission.ManageModels, name);
        await inner.LoadAsync(name, config, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task UnloadAsync(string name, CancellationToken cancellationToken)
    {
        await access.RequireAsync(Permission.ManageModels, name);
        await inner.UnloadAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SetLabelsAsync(string name, IReadOnlyDictionary<string, long> labels, CancellationToken cancellationToken)
    {
        await access.RequireAsync(Permission.ManageModels, name);
        await inner.SetLabelsAsync(name, labels, cancellationToken);
    }
}
