using System.Globalization;
using Slipway.Core;

namespace Slipway.Registry.Serving;

/// <summary>Says what is to be served of a model of the registry. Pure.</summary>
internal static class ServedModel
{
    /// <summary>Numbers of the versions that a model is to be served with, largest first.</summary>
    public static IReadOnlyList<long> Needed(RegisteredModel model, long? newest) => model.Aliases.Count > 0
        ? [.. model.Aliases.Values.Distinct().OrderDescending()]
        : newest is { } only ? [only] : [];

    /// <summary>The model as it ought to be served.</summary>
    /// <param name="model">The model.</param>
    /// <param name="versions">The versions that are needed; those that the registry no longer has are missing.</param>
    /// <param name="artifacts">Gives the files of a version; the same object for the same content.</param>
    /// <param name="options">How.</param>
    public static DesiredModel From(
        RegisteredModel model, IReadOnlyList<ModelVersion> versions, Func<ModelVersion, RegistryModelArtifact> artifacts, RegistryModelSourceOptions options)
    {
        Dictionary<long, RegistryModelArtifact> served = [];
        List<string> notices = [];
        foreach (ModelVersion version in versions)
        {
            if (version is { Manifest: not null, Status: VersionStatus.Ready })
            {
                served.Add(version.Number, artifacts(version));
            }
            else
            {
                notices.Add(string.Create(CultureInfo.InvariantCulture, $"version {version.Number} is not served: {WhyNot(version)}"));
            }
        }

        long? preferred = Preferred(model, served, options.DefaultAlias);
        VersionConfig own = preferred is { } number && options.ReadConfig is { } read ? read(served[number], options.Defaults) : new VersionConfig(options.Defaults, null, null, []);
        ModelConfig config = own.Config with
        {
            VersionPolicy = new VersionPolicy.All(),
            Labels = model.Aliases,
            DefaultVersion = preferred,
        };
        return new DesiredModel(model.Name, config, served.ToDictionary(static version => version.Key, ModelArtifact (version) => version.Value.WithMainFile(own.MainFile)))
        {
            Problem = own.Problem,
            Notices = [.. notices, .. own.Notices],
            NothingToServe = served.Count > 0 ? null : WhyNothing(model, notices),
        };
    }

    private static long? Preferred(RegisteredModel model, Dictionary<long, RegistryModelArtifact> served, string alias) =>
        model.Aliases.TryGetValue(alias, out long named) && served.ContainsKey(named) ? named : served.Count > 0 ? served.Keys.Max() : null;

    private static string WhyNothing(RegisteredModel model, List<string> notices) => notices.Count > 0
        ? string.Join("; ", notices)
        : model.Aliases.Count > 0 ? "its aliases point at no version that is there" : "no alias points at a version of it";

    private static string WhyNot(ModelVersion version) => version.Manifest is null
        ? "it only refers to files that are kept elsewhere"
        : version.StatusMessage ?? $"its status is {version.Status.ToString().ToLowerInvariant()}";
}
