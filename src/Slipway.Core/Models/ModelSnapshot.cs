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

    /// <summary>What an operator may want to know: labels that point nowhere, configuration that means nothing here.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Whether something that was asked of it, by its source, by hand or by a request, is still being worked off: versions may come and go.</summary>
    public bool IsChanging { get; init; }

    /// <summary>Whether a request for the version that <paramref name="selector"/> means would be answered, as <see cref="VersionSnapshot.Answers"/> has it.</summary>
    public bool Answers(VersionSelector selector)
    {
        if (selector.IsDefault)
        {
            return Versions.Any(static version => version.Answers);
        }

        long number;
        if (selector.Number is { } exact)
        {
            number = exact;
        }
        else if (!Labels.TryGetValue(selector.Label!, out number))
        {
            return false;
        }

        return Versions.Any(version => version.Version == number && version.Answers);
    }
}
