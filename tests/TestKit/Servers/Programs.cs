namespace Slipway.TestKit.Servers;

/// <summary>Finds programs of the machine.</summary>
internal static class Programs
{
    /// <summary>The full path of the first that is there: names are looked up in <c>PATH</c>, paths taken as they are. Null where there is none.</summary>
    public static string? Find(params string[] candidates) => candidates
        .SelectMany(candidate => candidate.Contains('/', StringComparison.Ordinal)
            ? [candidate]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, candidate)))
        .FirstOrDefault(File.Exists);
}
