using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository;

/// <summary>
/// File system events as a reason to look sooner, never as the truth: they get lost, and some file systems have none.
/// </summary>
internal sealed class FolderEvents : IDisposable
{
    private readonly FileSystemWatcher _watcher;

    private FolderEvents(FileSystemWatcher watcher, WakeSignal wake)
    {
        _watcher = watcher;
        watcher.Created += (_, _) => wake.Set();
        watcher.Changed += (_, _) => wake.Set();
        watcher.Deleted += (_, _) => wake.Set();
        watcher.Renamed += (_, _) => wake.Set();
        watcher.Error += (_, _) => wake.Set();
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>Starts listening, or returns null where the system can't (no events, too many watches).</summary>
    public static FolderEvents? TryStart(string path, WakeSignal wake)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(RealPath.Of(path) ?? path)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            return new FolderEvents(watcher, wake);
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _watcher.Dispose();
}
