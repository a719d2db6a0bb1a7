namespace Slipway.Core;

/// <summary>
/// Replaces the list of models of a source that is given one, rather than finding them (TensorFlow Serving's <c>model_config_list</c>). Thread-safe.
/// </summary>
public interface IModelListControl
{
    /// <summary>
    /// Makes <paramref name="models"/> the whole list: models not in it are unloaded, labels of the others replaced. All or nothing. Returns when the list has
    /// been taken over and looked at, not when the models are loaded.
    /// </summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/> for a bad or repeated name or label, an empty or impossible base path, or one that is not there; <see cref="ErrorCode.PermissionDenied"/> for a base path
    /// outside the folders that the operator allows; <see cref="ErrorCode.NotSupported"/> for a platform that is not served here.
    /// </exception>
    Task ReplaceModelsAsync(IReadOnlyList<ConfiguredModel> models, CancellationToken cancellationToken);
}

/// <summary>One model of a given list.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="BasePath">Folder that holds its version folders.</param>
public sealed record ConfiguredModel(string Name, string BasePath)
{
    /// <summary>Platform as the list has it, e.g. <c>tensorflow</c>; empty when it names none.</summary>
    public string Platform { get; init; } = "";

    /// <summary>Which versions are served; null: as the model's own configuration or the server's defaults say.</summary>
    public VersionPolicy? VersionPolicy { get; init; }

    /// <summary>Labels of versions.</summary>
    public IReadOnlyDictionary<string, long> Labels { get; init; } = new Dictionary<string, long>();

    /// <summary>What the list says of it that may mean something else than its writer thought, for operators.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
