using Slipway.Core;

namespace Slipway.Formats;

/// <summary>Finds the model among the files of a version that names none.</summary>
internal static class MainFile
{
    // What lies beside a model: its configuration and its signature.
    private static readonly HashSet<string> NeverModels = new(StringComparer.Ordinal) { "model.yaml", "config.pbtxt", "MLmodel" };

    /// <summary>The only file, or the one named <c>model.*</c> or, failing that, the only one with a model's extension.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when there is none or more than one.</exception>
    public static string Find(IReadOnlyList<ModelFile> files)
    {
        if (files.Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the version has no files");
        }

        return TryFind(files)
            ?? throw new SlipwayException(ErrorCode.InvalidModel, $"none of the version's {files.Count} files is surely the model: name it 'model.onnx'");
    }

    /// <summary>As <see cref="Find"/>; null when there is none or more than one.</summary>
    public static string? TryFind(IReadOnlyList<ModelFile> files)
    {
        string[] names = [.. files.Select(static file => file.Name).Where(static name => !name.Contains('/', StringComparison.Ordinal) && !NeverModels.Contains(name) && !name.EndsWith(".sig", StringComparison.Ordinal))];
        return Only(names)
            ?? Only(names.Where(static name => name == "model.onnx"))
            ?? Only(names.Where(static name => Path.GetFileNameWithoutExtension(name) is "model" or "saved_model"))
            ?? Only(names.Where(static name => Path.GetExtension(name) == ".onnx"));
    }

    private static string? Only(IEnumerable<string> names)
    {
        string[] found = [.. names.Take(2)];
        return found.Length == 1 ? found[0] : null;
    }
}
