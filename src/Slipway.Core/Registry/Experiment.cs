namespace Slipway.Core;

/// <summary>A set of runs with one purpose, as it is at one moment. Immutable.</summary>
public sealed record Experiment
{
    /// <summary>Identity: a decimal number, <c>0</c> for the experiment <c>Default</c> that always exists.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique among active and deleted experiments.</summary>
    public required string Name { get; init; }

    /// <summary>URI below which its runs' artifacts are kept.</summary>
    public required string ArtifactLocation { get; init; }

    /// <summary>Whether it was deleted; it can be restored.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its name, tags or lifecycle last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
