namespace Slipway.Client.Registry;

/// <summary>A model of the registry.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it, or one of its versions, last changed.</param>
/// <param name="CreatedBy">Who created it.</param>
public sealed record RegistryModel(string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string CreatedBy)
{
    /// <summary>What it is for, in Markdown; null when nothing was said.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Aliases and the version that each points at.</summary>
    public IReadOnlyDictionary<string, long> Aliases { get; init; } = new Dictionary<string, long>();
}

/// <summary>A page of models.</summary>
/// <param name="Models">The models, by name.</param>
/// <param name="NextPageToken">Asks for the next page; null on the last.</param>
public sealed record RegistryModelPage(IReadOnlyList<RegistryModel> Models, string? NextPageToken);
