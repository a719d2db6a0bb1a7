namespace Slipway.Keras.Hdf5;

/// <summary>A group or data set. Read when asked for, and then kept. Not thread-safe.</summary>
internal sealed class Hdf5Object
{
    private readonly Hdf5File _file;
    private readonly ObjectHeader _header;
    private Dictionary<string, Hdf5Attribute>? _attributes;
    private Dictionary<string, ulong>? _links;
    private bool _linksRead;

    internal Hdf5Object(Hdf5File file, string path, ulong address)
    {
        (_file, Path, _header) = (file, path, ObjectHeader.Read(file.Image, address));
    }

    /// <summary>Names from the root, for messages.</summary>
    public string Path { get; }

    /// <summary>Whether it is a data set.</summary>
    public bool IsDataset => _header.Find(MessageType.Layout) is not null;

    /// <summary>Names in the group, ordinal order; none for a data set.</summary>
    public IReadOnlyList<string> Names => [.. (Links?.Keys ?? Enumerable.Empty<string>()).Order(StringComparer.Ordinal)];

    /// <summary>Attributes by name.</summary>
    public IReadOnlyDictionary<string, Hdf5Attribute> Attributes => _attributes ??= Hdf5Attribute.ReadAll(_file.Image, _header);

    private Dictionary<string, ulong>? Links
    {
        get
        {
            if (!_linksRead)
            {
                _links = Hdf5.Links.Read(_file.Image, _header);
                _linksRead = true;
            }

            return _links;
        }
    }

    /// <summary>What a name leads to; null when there is nothing. A name may have slashes, as a path below this group.</summary>
    public Hdf5Object? Find(string name)
    {
        Hdf5Object? found = this;
        string[] parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > Hdf5Limits.PathDepth)
        {
            throw Hdf5Fault.Damaged("a name has too many parts");
        }

        foreach (string part in parts)
        {
            found = found.Links is { } links && links.TryGetValue(part, out ulong address) ? _file.Open(address, $"{found.Path}/{part}") : null;
            if (found is null)
            {
                return null;
            }
        }

        return found;
    }

    /// <summary>The only text of an attribute; null when there is no such attribute.</summary>
    public string? Text(string attribute) => Attributes.TryGetValue(attribute, out Hdf5Attribute? found) && ReadTexts(found) is [var text, ..] ? text : null;

    /// <summary>The texts of an attribute, or of it in parts (<c>name0</c>, <c>name1</c> …) as Keras writes long lists; null when there is none.</summary>
    public IReadOnlyList<string>? Texts(string attribute)
    {
        if (Attributes.TryGetValue(attribute, out Hdf5Attribute? whole))
        {
            return ReadTexts(whole);
        }

        List<string>? texts = null;
        for (int part = 0; Attributes.TryGetValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{attribute}{part}"), out Hdf5Attribute? found); part++)
        {
            (texts ??= []).AddRange(ReadTexts(found));
        }

        return texts;
    }

    /// <summary>The data set that this is.</summary>
    public Hdf5Dataset AsDataset() => IsDataset ? Hdf5Dataset.Read(_file, this, _header) : throw Hdf5Fault.Damaged($"'{Path}' is no data set");

    // An empty list has no text type: NumPy calls it float.
    private string[] ReadTexts(Hdf5Attribute attribute) => attribute.Data.IsEmpty
        ? []
        : TextValues.Read(_file.Image, _file.Heap, attribute.Type, attribute.Data, $"attribute '{attribute.Name}' of '{Path}'");
}
