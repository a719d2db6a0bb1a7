namespace Slipway.Inference.Repository;

/// <summary>
/// The files and folders that a listing was made from, so that the next look can see with one call for each that nothing has changed, instead of
/// listing folders again. Not thread-safe.
/// </summary>
internal sealed class Footprint(DateTime takenAt)
{
    // A change within the clock's grain of the look, or on a file system with whole seconds, leaves no trace in the time.
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    private readonly List<(string Path, DateTime Modified)> _folders = [];
    private readonly List<(string Path, long Length, DateTime Modified)> _files = [];
    private readonly List<string> _absent = [];
    private bool _uncertain;

    /// <summary>Marks what can't be judged by times alone: something behind a link, something unreadable.</summary>
    public void MarkUncertain() => _uncertain = true;

    public void AddFolder(string path, DateTime modified)
    {
        _folders.Add((path, modified));
        Judge(modified);
    }

    public void AddFile(string path, long length, DateTime modified)
    {
        _files.Add((path, length, modified));
        Judge(modified);
    }

    /// <summary>Notes a file that is not there and would matter.</summary>
    public void AddAbsent(string path) => _absent.Add(path);

    /// <summary>Whether everything is surely as it was.</summary>
    public bool IsUnchanged()
    {
        if (_uncertain)
        {
            return false;
        }

        foreach ((string path, DateTime modified) in _folders)
        {
            if (Directory.GetLastWriteTimeUtc(path) != modified)
            {
                return false;
            }
        }

        foreach ((string path, long length, DateTime modified) in _files)
        {
            FileInfo file = new(path);
            if (!file.Exists || file.Length != length || file.LastWriteTimeUtc != modified)
            {
                return false;
            }
        }

        return !_absent.Exists(File.Exists);
    }

    private void Judge(DateTime modified) => _uncertain |= modified > takenAt - Grain;
}
