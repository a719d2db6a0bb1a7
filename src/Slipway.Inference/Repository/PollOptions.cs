using Slipway.Core;

namespace Slipway.Inference.Repository;

/// <summary>How models on disk are watched, wherever they are.</summary>
public record PollOptions
{
    /// <summary>Time between two looks. Default 1 s, as TensorFlow Serving's. Large folders are looked at less often, see <see cref="MaxScanShare"/>.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a version's files must have stayed as they are before it is offered, so that a half-copied model is never loaded. Default 1 s; zero offers at once.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Largest share of one core that looking may take: after a look that took 100 ms at the default 0.05 the next one waits 2 s.</summary>
    public double MaxScanShare { get; init; } = 0.05;

    /// <summary>Whether file system events cut the wait for the next look short. Default true; where events don't work polling alone does it.</summary>
    public bool UseEvents { get; init; } = true;

    /// <summary>Where links in place of a model's or a version's folder, or of a single-file model, may point.</summary>
    public FolderLinks Links { get; init; } = FolderLinks.WithinModels;

    /// <summary>Configuration of a model that says nothing itself.</summary>
    public ModelConfig Defaults { get; init; } = ModelConfig.Default;

    /// <summary>Extensions by which a single file, or <c>model.ext</c>, is taken for a model. What is in it is found out by content.</summary>
    public IReadOnlyList<string> Extensions { get; init; } =
        [".onnx", ".pmml", ".pkl", ".pickle", ".joblib", ".skops", ".keras", ".h5", ".hdf5", ".ubj", ".bst", ".xgb", ".lgb", ".cbm", ".pt", ".gguf", ".tflite"];

    /// <summary>Extensions that models share with other files: such a file is a model when <see cref="LooksLikeModel"/> says so.</summary>
    public IReadOnlyList<string> AmbiguousExtensions { get; init; } = [".json", ".txt", ".xml", ".model", ".bin", ".ubjson", ".sav"];

    /// <summary>
    /// Says whether a file is a model by its name, length and first bytes. Must not throw. Default null: files of <see cref="AmbiguousExtensions"/> are never models.
    /// </summary>
    public Func<string, long, ReadOnlyMemory<byte>, bool>? LooksLikeModel { get; init; }
}
