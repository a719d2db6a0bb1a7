namespace Slipway.Core;

/// <summary>A change of the registry: recorded with it in one transaction, never altered or removed.</summary>
/// <param name="Sequence">Position among all events of the store, ascending; gaps are possible.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Kind">What, as <c>model.created</c>, <c>alias.moved</c> …; see <see cref="RegistryEventKinds"/>.</param>
/// <param name="Model">Model it concerns; null for experiments and runs.</param>
/// <param name="Version">Version it concerns; null when it concerns the model as a whole.</param>
/// <param name="Reason">Why, in the actor's words; null when nothing was said.</param>
/// <param name="DetailJson">What changed, a JSON object: old and new values by field.</param>
public sealed record RegistryEvent(
    long Sequence, DateTimeOffset Time, string Actor, string Kind, string? Model, long? Version, string? Reason, string DetailJson);

/// <summary>The kinds of events. Stored: never rename one.</summary>
public static class RegistryEventKinds
{
    /// <summary>A model was created.</summary>
    public const string ModelCreated = "model.created";

    /// <summary>A model's description or tags changed.</summary>
    public const string ModelUpdated = "model.updated";

    /// <summary>A model got another name.</summary>
    public const string ModelRenamed = "model.renamed";

    /// <summary>A model was deleted with all its versions.</summary>
    public const string ModelDeleted = "model.deleted";

    /// <summary>A version was created.</summary>
    public const string VersionCreated = "version.created";

    /// <summary>A version's description or tags changed.</summary>
    public const string VersionUpdated = "version.updated";

    /// <summary>A version went to another stage.</summary>
    public const string VersionStaged = "version.staged";

    /// <summary>A version was approved.</summary>
    public const string VersionApproved = "version.approved";

    /// <summary>A version was deleted.</summary>
    public const string VersionDeleted = "version.deleted";

    /// <summary>An alias points at another version than before.</summary>
    public const string AliasMoved = "alias.moved";

    /// <summary>An alias is gone.</summary>
    public const string AliasDeleted = "alias.deleted";
}
