namespace Slipway.Cli.Models;

/// <summary>Which model is loaded into this process, and how.</summary>
/// <param name="Path">A file or a folder, of any supported format.</param>
internal sealed record OfflineModelOptions(string Path)
{
    /// <summary>Signature of a model that has several; null: the model's own choice.</summary>
    public string? Signature { get; init; }

    /// <summary>Options of the engine.</summary>
    public IReadOnlyDictionary<string, string> SessionOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Threads inside one run; 1 (default) when the callers are as many as the cores.</summary>
    public int ThreadsPerRun { get; init; } = 1;

    /// <summary>Folder where a converted model is kept for the next time; null: none is kept.</summary>
    public string? Data { get; init; }
}
