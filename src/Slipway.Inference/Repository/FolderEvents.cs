using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository;

/// <summary>
/// File system events as a reason to look sooner, never as the truth: they get lost, and some file systems have none. Not thread-safe.
/// </summary>
internal sealed class FolderEvents(WakeSignal wake) : IDisposable
{
    private readonly Dictionary<string, FileSystemWatcher?> _watchers = new(StringComparer.Ordinal);

    /// <summary>Listens to these folders, where they really are now, and to no others any more.</summary>
    public void Watch(IReadOnlyList<string> folders)
    {
        HashSet<string> wanted = new(folders.Select(static folder => RealPath.Of(folder)).OfType<string>(), StringComparer.Ordinal);
        foreach (string folder in _watchers.Keys.Where(folder => !wanted.Contains(folder)).ToArray())
        {
            _watchers[folder]?.Dispose();
            _watchers.Remove(folder);
        }

        foreach (string folder in wanted.Where(folder => !_watchers.ContainsKey(folder)))
        {
            // What can't be listened to is not tried again: polling finds it.
            _watchers[folder] = TryStart(folder);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileSystemWatcher? watcher in _watchers.Values)
        {
            watcher?.Dispose();
        }
    }

    private FileSystemWatcher? TryStart(string folder)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Created += (_, _) => wake.Set();
            watcher.Changed += (_, _) => wake.Set();
            watcher.Deleted += (_, _) => wake.Set();
            watcher.Renamed += (_, _) => wake.Set();
            watcher.Error += (_, _) => wake.Set();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            return null;
        }
    }
}
