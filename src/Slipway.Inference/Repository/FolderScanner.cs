using Slipway.Core;
using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository;

/// <summary>
/// Looks at a models folder: <c>NAME.ext</c>, <c>NAME/model.ext</c>, <c>NAME/VERSION/…</c>. Names that begin with a dot are passed over. What is wrong with
/// one model is said in its listing. A model that has not changed keeps its listing object from look to look. Not thread-safe.
/// </summary>
internal sealed class FolderScanner(FolderModelSourceOptions options, TimeProvider time) : IModelScanner
{
    private readonly ModelFolderReader _reader = new(options);
    private Dictionary<string, (ListedEntry Entry, Footprint Footprint, ModelListing? Listing)> _seen = new(StringComparer.Ordinal);
    private string? _seenFolder;

    /// <inheritdoc/>
    public IReadOnlyList<string> Folders { get; } = [options.Path];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ModelListing> Scan()
    {
        string? root = RealPath.Of(options.Path);
        if (root is null || !Directory.Exists(root))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "the models folder does not exist");
        }

        string folder = RealPath.ThroughKubernetesLink(root);
        bool isFirst = _seenFolder is null;
        if (folder != _seenFolder)
        {
            _seen.Clear();
            _seenFolder = folder;
        }

        DateTime now = time.GetUtcNow().UtcDateTime;
        Dictionary<string, (ListedEntry, Footprint, ModelListing?)> seen = new(_seen.Count, StringComparer.Ordinal);
        Dictionary<string, ModelListing> models = new(_seen.Count, StringComparer.Ordinal);
        foreach (ListedEntry entry in ListedEntry.Of(folder))
        {
            if (!_seen.TryGetValue(entry.Name, out (ListedEntry Entry, Footprint Footprint, ModelListing? Listing) known)
                || known.Entry != entry
                || !known.Footprint.IsUnchanged())
            {
                Footprint footprint = new(now);
                ModelListing? listing = _reader.Read(root, folder, entry, footprint, known.Footprint);
                known = (entry, footprint, isFirst && listing is not null ? listing with { TrustAge = true } : listing);
            }

            seen.Add(entry.Name, known);
            if (known.Listing is { } model && !models.TryAdd(model.Name, model))
            {
                models[model.Name] = models[model.Name] with { Problem = $"two things are named '{model.Name}': a file and a folder, or two files" };
            }
        }

        _seen = seen;
        return models;
    }
}
