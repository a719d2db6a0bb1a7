using System.Collections.Frozen;

namespace Slipway.Mlflow.Artifacts;

/// <summary>Guesses the media type of a file from its name. What people read is sent as plain text, whatever it is, so that a browser shows rather than runs it.</summary>
internal static class MediaTypes
{
    private const string Binary = "application/octet-stream";
    private const string Text = "text/plain";

    private static readonly FrozenSet<string> TextNames = new[] { "MLmodel", "MLproject" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".bmp"] = "image/bmp",
        [".pdf"] = "application/pdf",
        [".zip"] = "application/zip",
        [".gz"] = "application/gzip",
        [".tar"] = "application/x-tar",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> TextExtensions = new[]
    {
        ".txt", ".log", ".err", ".cfg", ".conf", ".cnf", ".cf", ".ini", ".properties", ".prop", ".hocon", ".toml", ".yaml", ".yml", ".xml", ".json", ".js", ".py", ".py3",
        ".csv", ".tsv", ".md", ".rst", ".jsonnet", ".html", ".svg",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The type for a file of that name.</summary>
    public static string Of(string name)
    {
        string extension = Path.GetExtension(name);
        return TextNames.Contains(name[(name.LastIndexOf('/') + 1)..]) || TextExtensions.Contains(extension) ? Text : Types.GetValueOrDefault(extension, Binary);
    }
}
