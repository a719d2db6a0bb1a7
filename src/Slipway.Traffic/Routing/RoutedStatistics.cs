using Slipway.Core;

namespace Slipway.Traffic.Routing;

/// <summary>Statistics of an endpoint are those of the versions behind its arms. Thread-safe.</summary>
internal sealed class RoutedStatistics(IModelStatistics inner, IModelCatalog models, EndpointTable table) : IModelStatistics
{
    /// <inheritdoc/>
    public IReadOnlyList<VersionStatistics> GetStatistics(string? name, long? version)
    {
        if (name is null || !table.TryGet(name, out Endpoint? endpoint) || models.TryGetModel(name, out _))
        {
            return inner.GetStatistics(name, version);
        }

        return
        [
            .. endpoint.Arms.Select(static arm => arm.Definition.Model).Distinct(StringComparer.Ordinal)
                .Where(model => models.TryGetModel(model, out _))
                .SelectMany(model => inner.GetStatistics(model, null))
                .Where(one => version is null || one.Version == version),
        ];
    }
}
