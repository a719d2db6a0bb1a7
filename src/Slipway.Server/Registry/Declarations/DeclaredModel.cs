namespace Slipway.Server.Registry.Declarations;

/// <summary>A model that ought to be there. What it does not say stays as it is.</summary>
/// <param name="Name">Name of the model.</param>
public sealed record DeclaredModel(string Name)
{
    /// <summary>Description; null: as it is.</summary>
    public string? Description { get; init; }

    /// <summary>Tags that ought to be set.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Versions that ought to be there, told by their content.</summary>
    public IReadOnlyList<DeclaredVersion> Versions { get; init; } = [];

    /// <summary>Aliases, each with the number of a version or the path of one of <see cref="Versions"/>.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();
}

/// <summary>A version that ought to be there.</summary>
/// <param name="Path">Its file or folder, as it was written.</param>
/// <param name="FullPath">Where that is.</param>
public sealed record DeclaredVersion(string Path, string FullPath)
{
    /// <summary>Description.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Training parameters by key.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Metrics by key.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>The data that it was trained on: a SHA-256.</summary>
    public string? TrainingData { get; init; }
}
