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
    private readonly Dictionary<long, (VersionListing Listing, Footprint Footprint)> _versions = [];
    private bool _uncertain;

    /// <summary>When the look was taken, UTC.</summary>
    public DateTime TakenAt { get; } = takenAt;

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

    /// <summary>Makes a version's own footprint a part of this one.</summary>
    public void AddVersion(VersionListing version, Footprint footprint) => _versions.Add(version.Number, (version, footprint));

    /// <summary>Takes over from an earlier look what a version's folder held, if it surely still does: old versions add up, and none of them changes.</summary>
    public VersionListing? TakeVersion(Footprint? before, long number, string folder)
    {
        if (before is null || !before._versions.TryGetValue(number, out (VersionListing Listing, Footprint Footprint) known) || known.Listing.Folder != folder || !known.Footprint.IsUnchanged())
        {
            return null;
        }

        AddVersion(known.Listing, known.Footprint);
        return known.Listing;
    }

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

        return !_absent.Exists(File.Exists) && _versions.Values.All(static version => version.Footprint.IsUnchanged());
    }

    private void Judge(DateTime modified) => _uncertain |= modified > TakenAt - Grain;
}
