using Slipway.Core;

namespace Slipway.Inference.Repository;

/// <summary>A given list of models, each with a base path of its own, as TensorFlow Serving has it.</summary>
public sealed record ConfiguredModelSourceOptions : PollOptions
{
    /// <summary>The list at the start.</summary>
    public IReadOnlyList<ConfiguredModel> Models { get; init; } = [];

    /// <summary>A file in TensorFlow Serving's form that holds the list instead; null (default): <see cref="Models"/>.</summary>
    public string? ListFile { get; init; }

    /// <summary>Whether the list file is read again when it changes, with every look. Default false, as TensorFlow Serving's.</summary>
    public bool ReloadListFile { get; init; }

    /// <summary>
    /// Folders below which a list given later, by a caller, may have base paths. Empty (default): only base paths of the operator's own list, and below.
    /// </summary>
    public IReadOnlyList<string> AllowedBasePaths { get; init; } = [];
}
