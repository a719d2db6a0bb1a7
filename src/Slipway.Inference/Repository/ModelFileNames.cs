namespace Slipway.Inference.Repository;

/// <summary>File names that mean something in a models folder.</summary>
internal static class ModelFileNames
{
    /// <summary>Slipway's own configuration of a model.</summary>
    public const string Yaml = "model.yaml";

    /// <summary>Triton's.</summary>
    public const string Triton = "config.pbtxt";

    /// <summary>The main file of a TensorFlow SavedModel.</summary>
    public const string SavedModel = "saved_model.pb";

    /// <summary>What MLflow writes beside a model; it names the model's file, which may lie in a folder of its own.</summary>
    public const string MLmodel = "MLmodel";

    /// <summary>The same in text form.</summary>
    public const string SavedModelText = "saved_model.pbtxt";

    /// <summary>The detached signature of a version, in its folder.</summary>
    public const string Signature = "model.sig";

    private const string Standard = "model.onnx";

    /// <summary>The detached signature of a model that is a single file, beside it.</summary>
    public static string SignatureOf(string file) => file + ".sig";

    /// <summary>Whether a file beside the model is its configuration.</summary>
    public static bool IsConfig(string name) => name is Yaml or Triton;

    /// <summary>
    /// The model among a version's files: <c>model.onnx</c>, else the only <c>model.*</c> or <c>saved_model.pb</c>, else the only one with a model's extension; null
    /// when that leaves none or several.
    /// </summary>
    public static string? FindMain(IReadOnlyList<ListedFile> files, Func<string, bool> isModelFile)
    {
        string[] names = [.. files.Select(static file => file.Name).Where(static name => !name.Contains('/', StringComparison.Ordinal))];
        string[] models = [.. names.Where(isModelFile)];
        return names.Contains(Standard) ? Standard
            : Only(models.Where(static name => name.StartsWith("model.", StringComparison.Ordinal)).Concat(names.Where(static name => name is SavedModel or SavedModelText)))
                ?? Only(models);
    }

    private static string? Only(IEnumerable<string> names)
    {
        string[] found = [.. names.Take(2)];
        return found.Length == 1 ? found[0] : null;
    }
}
