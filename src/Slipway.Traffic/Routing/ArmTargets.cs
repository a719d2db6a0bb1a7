using Slipway.Core;

namespace Slipway.Traffic.Routing;

/// <summary>Looks whether the version that an arm names is there.</summary>
public static class ArmTargets
{
    /// <summary>The version that a request for a model would reach now; null when there is none that is ready.</summary>
    public static VersionSnapshot? Find(IModelCatalog models, string name, VersionSelector selector) =>
        models.TryGetModel(name, out ModelSnapshot? model) && Of(model, selector) is { State: ServableState.Ready } version ? version : null;

    /// <summary>Why a request for a model would find no version; null when it would find one, loaded or to be loaded on demand.</summary>
    public static string? Problem(IModelCatalog models, string name, VersionSelector selector)
    {
        if (!models.TryGetModel(name, out ModelSnapshot? model))
        {
            return $"there is no model '{name}'";
        }

        return Of(model, selector) switch
        {
            null => $"model '{name}' has no version '{name}{selector}'",
            { Answers: true } => null,
            var version => $"'{name}:{version.Version}' is {version.State.ToString().ToLowerInvariant()}{(version.Reason is { } reason ? $" ({reason})" : "")}, not ready",
        };
    }

    /// <summary>The version that a selector means, whatever its state.</summary>
    internal static VersionSnapshot? Of(ModelSnapshot model, VersionSelector selector)
    {
        long? number = selector.Label is { } label ? (model.Labels.TryGetValue(label, out long labelled) ? labelled : -1) : selector.Number;
        return number is null ? DefaultOf(model) : model.Versions.FirstOrDefault(version => version.Version == number);
    }

    // What a request without a version reaches: the default version, else the largest that ought to be in service, else one that stands in for it.
    private static VersionSnapshot? DefaultOf(ModelSnapshot model) =>
        model.Versions.FirstOrDefault(version => version.Version == model.Config.DefaultVersion && version.Answers)
            ?? model.Versions.FirstOrDefault(static version => version is { IsWanted: true, Answers: true })
            ?? model.Versions.FirstOrDefault(static version => version.State == ServableState.Ready)
            ?? (model.Versions.Count > 0 ? model.Versions[0] : null);
}
