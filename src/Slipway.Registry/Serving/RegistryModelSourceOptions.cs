using Slipway.Core;

namespace Slipway.Registry.Serving;

/// <summary>How the registry's models are served.</summary>
public sealed class RegistryModelSourceOptions
{
    /// <summary>The alias whose version answers requests that name none. Default <c>champion</c>; a model without it answers with the largest version that has an alias.</summary>
    public string DefaultAlias { get; set; } = "champion";

    /// <summary>Whether a model without any alias is served with its newest version. Default false: it is not served.</summary>
    public bool ServeWithoutAlias { get; set; }

    /// <summary>Configuration of models that say nothing themselves.</summary>
    public ModelConfig Defaults { get; set; } = ModelConfig.Default;

    /// <summary>Reads what a version's own files say of how it is to be served; null: nothing is read.</summary>
    public Func<ModelArtifact, ModelConfig, VersionConfig>? ReadConfig { get; set; }

    /// <summary>File that the last known state is kept in, so that a server can start while the store is away; null: none is kept.</summary>
    public string? SnapshotFile { get; set; }
}

/// <summary>What a version's own files say.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="MainFile">The model's file in each version; null: found by its name.</param>
/// <param name="Problem">What is wrong with it; null when nothing is.</param>
/// <param name="Notices">What was understood but means nothing here.</param>
public sealed record VersionConfig(ModelConfig Config, string? MainFile, string? Problem, IReadOnlyList<string> Notices);
