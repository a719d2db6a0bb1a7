namespace Slipway.Core;

/// <summary>What is known of a model at one moment. Immutable.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Config">Effective configuration.</param>
/// <param name="Versions">Every version that is or was known, largest number first.</param>
/// <param name="Labels">Aliases and labels and the version each points at.</param>
public sealed record ModelSnapshot(
    string Name,
    ModelConfig Config,
    IReadOnlyList<VersionSnapshot> Versions,
    IReadOnlyDictionary<string, long> Labels)
{
    /// <summary>Why the model as a whole can't be served as it is described; what is in service stays. Null: nothing is wrong.</summary>
    public string? Problem { get; init; }
}
