using Slipway.Core;

namespace Slipway.Security.Authorization;

/// <summary>The whole list of models is replaced only by those who may manage every model.</summary>
internal sealed class GuardedModelListControl(IModelListControl inner, ModelAccess access) : IModelListControl
{
    /// <inheritdoc/>
    public async Task ReplaceModelsAsync(IReadOnlyList<ConfiguredModel> models, CancellationToken cancellationToken)
    {
        await access.RequireForAllAsync(Permission.ManageModels);
        await inner.ReplaceModelsAsync(models, cancellationToken);
    }
}
