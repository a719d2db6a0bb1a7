namespace Slipway.Inference.Repository;

/// <summary>Tells what a model's folder lacks.</summary>
internal static class MissingModel
{
    /// <summary>What is expected in a folder that has neither a version folder nor a model file. For callers as well: it names nothing that is in the folder.</summary>
    public const string Expected =
        "there is no model in its folder: expected are version folders (1, 2, …) or one model file, such as model.onnx, model.pkl, saved_model.pb or MLmodel";

    private const int MaxNamed = 3;

    /// <summary>Tells operators of folders whose names look as if they were meant to be versions, such as <c>v2</c>, <c>-1</c> or <c>1.0</c>; the first few by name.</summary>
    public static IEnumerable<string> NoticeAlmostVersions(IReadOnlyList<ListedEntry> entries) => entries
        .Where(static entry => entry.IsFolder && ModelFolderReader.ParseNumber(entry.Name) < 0 && entry.Name.TrimStart('v', 'V', '+', '-') is [var first, ..] && char.IsDigit(first))
        .Select(static entry => entry.Name).Order(StringComparer.Ordinal).Take(MaxNamed)
        .Select(static name => $"folder '{name}' is no version: its name would have to be a whole number, 0 or more");
}
