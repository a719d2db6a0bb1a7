namespace Slipway.Inference.Repository.Settings;

/// <summary>Which engine options a model's own configuration may set.</summary>
internal static class EngineOptionRules
{
    // An option that names a file, folder or library would reach outside the model's folder, or run native code from it.
    private static readonly string[] Outside = ["path", "file", "folder", "dir", "library", "_lib", "dump", "cache_prefix"];

    /// <summary>Whether an option stays inside the engine.</summary>
    public static bool IsAllowed(string option) => !Outside.Any(part => option.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why an option is refused.</summary>
    public static string WhyNot(string option) => $"option '{option}' names files, folders or libraries and can't be set by a model's configuration";
}
