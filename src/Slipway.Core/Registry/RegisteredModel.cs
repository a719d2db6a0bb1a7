namespace Slipway.Core;

/// <summary>A model of the registry as it is at one moment. Immutable.</summary>
public sealed record RegisteredModel
{
    /// <summary>Unique name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in Markdown; null when nothing was ever said.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Aliases, each with the number of the version that it points at.</summary>
    public IReadOnlyDictionary<string, long> Aliases { get; init; } = new Dictionary<string, long>();

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it, or one of its versions, last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }
}
