using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Traffic.Arms;

namespace Slipway.Traffic.Routing;

/// <summary>Shows endpoints as models, so that metadata and readiness can be asked for on every protocol. Thread-safe.</summary>
internal sealed class RoutedCatalog(IModelCatalog inner, EndpointTable table) : IModelCatalog
{
    /// <inheritdoc/>
    public bool IsReady => inner.IsReady;

    /// <inheritdoc/>
    public IReadOnlyList<ModelSnapshot> GetModels()
    {
        IReadOnlyList<ModelSnapshot> models = inner.GetModels();
        return table.All.Count == 0
            ? models
            : [.. models.Concat(table.All.Values.Where(endpoint => !inner.TryGetModel(endpoint.Definition.Name, out _)).Select(Describe)).OrderBy(static model => model.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public bool TryGetModel(string name, [NotNullWhen(true)] out ModelSnapshot? model)
    {
        if (!inner.TryGetModel(name, out model) && table.TryGet(name, out Endpoint? endpoint))
        {
            model = Describe(endpoint);
        }

        return model is not null;
    }

    /// <inheritdoc/>
    public ValueTask<ServableInfo> GetServableAsync(string name, VersionSelector version, CancellationToken cancellationToken)
    {
        if (!table.TryGet(name, out Endpoint? endpoint))
        {
            return inner.GetServableAsync(name, version, cancellationToken);
        }

        Arm? arm = version.IsDefault ? endpoint.Default : version.Label is { } label ? endpoint.Find(label) : null;
        if (arm is null)
        {
            return inner.TryGetModel(name, out _)
                ? inner.GetServableAsync(name, version, cancellationToken)
                : throw EndpointNames.NoSuchVersion(endpoint.Definition, version);
        }

        return FindAsync(endpoint, arm, cancellationToken);
    }

    // Callers see the name that they called; the signature is the arm's.
    private async ValueTask<ServableInfo> FindAsync(Endpoint endpoint, Arm arm, CancellationToken cancellationToken) =>
        endpoint.Named(await inner.GetServableAsync(arm.Definition.Model, arm.Definition.Version, cancellationToken));

    /// <summary>An endpoint's versions are those of its arms, the default arm's first among equal numbers; its labels are the arms' names.</summary>
    private ModelSnapshot Describe(Endpoint endpoint)
    {
        Dictionary<long, VersionSnapshot> versions = [];
        Dictionary<string, long> labels = new(StringComparer.Ordinal);
        foreach (Arm arm in endpoint.Arms.OrderBy(arm => arm != endpoint.Default))
        {
            if (inner.TryGetModel(arm.Definition.Model, out ModelSnapshot? model) && ArmTargets.Of(model, arm.Definition.Version) is { } version)
            {
                versions.TryAdd(version.Version, version);
                labels[arm.Definition.Name] = version.Version;
            }
        }

        return new ModelSnapshot(endpoint.Definition.Name, ModelConfig.Default, [.. versions.Values.OrderByDescending(static version => version.Version)], labels);
    }
}
