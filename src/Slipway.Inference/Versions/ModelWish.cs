using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Inference.Versions;

/// <summary>All that is asked of a model at one moment: by its source, by hand, and by requests. Immutable.</summary>
internal sealed record ModelWish
{
    /// <summary>What the source says; null once it has dropped the model.</summary>
    public DesiredModel? Source { get; init; }

    public ControlMode Control { get; init; }

    /// <summary>Configuration given by hand; null: the source's.</summary>
    public ModelConfig? Override { get; init; }

    /// <summary>Versions that requests wait for, of a model that is loaded on demand.</summary>
    public ImmutableHashSet<long> Demanded { get; init; } = [];

    /// <summary>The configuration in force.</summary>
    public ModelConfig Config => Override ?? Source?.Config ?? ModelConfig.Default;

    /// <summary>Whether the model may wait for its first request, and be evicted.</summary>
    public bool IsOnDemand => Control == ControlMode.Automatic && Config.Load == LoadPolicy.OnDemand;

    /// <summary>
    /// Why nothing may be loaded now; null when there is no reason. Configuration given by hand stands in for one that is wrong.
    /// </summary>
    public string? Problem => Override is null ? Source?.Problem : null;

    /// <summary>The versions that the policy chooses, largest first.</summary>
    public IReadOnlyList<long> Chosen => Source is null ? [] : Config.VersionPolicy.Choose(Source.Versions.Keys);

    /// <summary>Why <see cref="Chosen"/> is empty; null when it is not, or there is nothing to say.</summary>
    public string? WhyNothing => Source switch
    {
        null => null,
        _ when Chosen.Count > 0 => null,
        { NothingToServe: { } why } => why,
        { Versions: { Count: > 0 } versions } => $"its version policy chooses none of {string.Join(", ", versions.Keys.OrderDescending().Take(10))}",
        _ => null,
    };

    /// <summary>The same to follow "the model", for a model that the source has.</summary>
    public string WhyNothingIsChosen => this switch
    {
        { Source.NothingToServe: not null, WhyNothing: { } why } => $"is not served: {why}",
        { WhyNothing: { } why } => $"has no available versions: {why}",
        _ => "has no available versions",
    };

    /// <summary>Labels, the default version and versions named by the policy that lead to no version that is to be served; empty where there is none at all.</summary>
    public IReadOnlyList<string> DeadReferences
    {
        get
        {
            IReadOnlyList<long> chosen = Config is { Labels.Count: 0, DefaultVersion: null, VersionPolicy: not VersionPolicy.Specific } ? [] : Chosen;
            if (chosen.Count == 0)
            {
                return [];
            }

            List<string> dead = [.. Config.Labels.Where(label => !chosen.Contains(label.Value)).OrderBy(static label => label.Key, StringComparer.Ordinal)
                .Select(label => $"label '{label.Key}' points at version {label.Value}, {WhyNotServed(label.Value)}: requests by it are refused")];
            if (Config.DefaultVersion is { } preferred && !chosen.Contains(preferred))
            {
                dead.Add($"the default version is {preferred}, {WhyNotServed(preferred)}: the largest in service answers in its place");
            }

            if (Config.VersionPolicy is VersionPolicy.Specific { Versions: var named })
            {
                dead.AddRange(named.Distinct().Except(chosen).Select(static version => $"the version policy names version {version}, which is not there"));
            }

            return dead;
        }
    }

    /// <summary>As <see cref="Chosen"/>, but the default version before the others.</summary>
    public IReadOnlyList<long> Preference =>
        Config.DefaultVersion is { } preferred && Chosen.Contains(preferred) ? [preferred, .. Chosen.Where(version => version != preferred)] : Chosen;

    /// <summary>What a version would be built from.</summary>
    public LoadKey KeyOf(long version) => new(Source!.Versions[version].ChangeToken, Config);

    private string WhyNotServed(long version) => Source!.Versions.ContainsKey(version) ? "which the version policy leaves out" : "which is not there";
}
