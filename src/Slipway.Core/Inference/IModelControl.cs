namespace Slipway.Core;

/// <summary>Loads and unloads models by hand. Thread-safe; calls for one model are carried out one after the other.</summary>
public interface IModelControl
{
    /// <summary>
    /// Reads the model's folder or entry again, makes its chosen versions ready and keeps them so until <see cref="UnloadAsync"/>.
    /// </summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="config">Replaces the model's configuration until the next load; null: what the source says.</param>
    /// <param name="cancellationToken">Stops waiting, not loading.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>, <see cref="ErrorCode.InvalidModel"/>, … with the reason.</exception>
    Task LoadAsync(string name, ModelConfig? config, CancellationToken cancellationToken);

    /// <summary>Takes the model out of service: drains it and frees its memory. Returns when no new request can reach it.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>.</exception>
    Task UnloadAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Points labels of a model at versions; replaces all labels set this way before.
    /// </summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.FailedPrecondition"/> when a version is not ready.</exception>
    Task SetLabelsAsync(string name, IReadOnlyDictionary<string, long> labels, CancellationToken cancellationToken);
}
