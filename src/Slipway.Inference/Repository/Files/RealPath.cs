namespace Slipway.Inference.Repository.Files;

/// <summary>Resolves links of folders.</summary>
internal static class RealPath
{
    private const string KubernetesData = "..data";

    /// <summary>The folder itself with every link on the way resolved; null when there is none or its links go round.</summary>
    public static string? Of(string path)
    {
        string resolved = Path.GetPathRoot(Path.GetFullPath(path))!;
        Stack<string> open = new(Path.GetFullPath(path)[resolved.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse());
        int links = 0;
        while (open.TryPop(out string? part))
        {
            if (part == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            string next = Path.Combine(resolved, part);
            FileInfo info = new(next);
            if (info.LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            // The kernel gives up after 40 links as well.
            if (++links > 40)
            {
                return null;
            }

            if (Path.IsPathRooted(target))
            {
                resolved = Path.GetPathRoot(target)!;
            }

            foreach (string piece in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static piece => piece != ".").Reverse())
            {
                open.Push(piece);
            }
        }

        return Path.Exists(resolved) ? resolved : null;
    }

    /// <summary>
    /// The folder that a Kubernetes volume's <c>..data</c> link points at, when <paramref name="folder"/> is such a volume, else the folder itself. The volume's
    /// files are links through it, and swapping that one link swaps them all at once.
    /// </summary>
    public static string ThroughKubernetesLink(string folder)
    {
        string link = Path.Combine(folder, KubernetesData);
        return PlainFile.IsLink(link) && Of(link) is { } real && IsWithin(real, folder) && Directory.Exists(real) ? real : folder;
    }

    /// <summary>Whether one real path is another, or lies below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
