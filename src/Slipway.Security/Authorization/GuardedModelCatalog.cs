using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Security.Authorization;

/// <summary>The catalogue as the caller may see it: lists leave out, questions by name are refused.</summary>
internal sealed class GuardedModelCatalog(IModelCatalog inner) : IModelCatalog
{
    /// <inheritdoc/>
    public bool IsReady => inner.IsReady;

    /// <inheritdoc/>
    public IReadOnlyList<ModelSnapshot> GetModels()
    {
        IReadOnlyList<ModelSnapshot> models = inner.GetModels();
        foreach (ModelSnapshot model in models)
        {
            if (!ModelAccess.IsVisible(model.Name))
            {
                return [.. models.Where(static candidate => ModelAccess.IsVisible(candidate.Name))];
            }
        }

        return models;
    }

    /// <inheritdoc/>
    public bool TryGetModel(string name, [NotNullWhen(true)] out ModelSnapshot? model)
    {
        ModelAccess.RequireVisible(name);
        return inner.TryGetModel(name, out model);
    }

    /// <inheritdoc/>
    public ValueTask<ServableInfo> GetServableAsync(string name, VersionSelector version, CancellationToken cancellationToken)
    {
        ModelAccess.RequireVisible(name);
        return inner.GetServableAsync(name, version, cancellationToken);
    }
}
