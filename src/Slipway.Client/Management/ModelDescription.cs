namespace Slipway.Client.Management;

/// <summary>A model and its versions.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Load"><c>eager</c> or <c>onDemand</c>.</param>
/// <param name="Labels">Aliases and labels and the version each points at.</param>
/// <param name="Versions">Largest number first.</param>
public sealed record ModelDescription(
    string Name, string Load, IReadOnlyDictionary<string, long> Labels, IReadOnlyList<VersionDescription> Versions)
{
    /// <summary>Why the model as a whole can't be served as it is described; what is in service stays. Null: nothing is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>What an operator may want to know: labels that point nowhere, configuration that means nothing here. Null: nothing.</summary>
    public IReadOnlyList<string>? Notices { get; init; }
}
