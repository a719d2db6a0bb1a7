using Slipway.Core;

namespace Slipway.Security.Authorization;

/// <summary>Statistics of the models that the caller may see.</summary>
internal sealed class GuardedModelStatistics(IModelStatistics inner) : IModelStatistics
{
    /// <inheritdoc/>
    public IReadOnlyList<VersionStatistics> GetStatistics(string? name, long? version)
    {
        if (name is not null)
        {
            ModelAccess.RequireVisible(name);
            return inner.GetStatistics(name, version);
        }

        return [.. inner.GetStatistics(null, version).Where(static entry => ModelAccess.IsVisible(entry.ModelName))];
    }
}
