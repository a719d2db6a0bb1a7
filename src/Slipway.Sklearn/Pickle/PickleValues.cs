namespace Slipway.Sklearn.Pickle;

/// <summary>Python bytes or bytearray; a view of the file where it could be one.</summary>
internal sealed record PickleBytes(ReadOnlyMemory<byte> Value);

/// <summary>A Python tuple.</summary>
internal sealed class PickleTuple(object?[] items)
{
    /// <summary>The tuple of nothing.</summary>
    public static PickleTuple Empty { get; } = new([]);

    /// <summary>Number of items.</summary>
    public int Count => Items.Length;

    /// <summary>The items; filled before anybody else sees them.</summary>
    public object?[] Items { get; } = items;

    /// <summary>The item at <paramref name="index"/>.</summary>
    public object? this[int index] => Items[index];
}

/// <summary>A Python list.</summary>
internal sealed class PickleList
{
    /// <summary>The items; grows while the file is read.</summary>
    public List<object?> Items { get; } = [];
}

/// <summary>A Python set or frozenset.</summary>
internal sealed class PickleSet
{
    /// <summary>The items, in the file's order; duplicates are not looked for.</summary>
    public List<object?> Items { get; } = [];
}

/// <summary>A Python dict in insertion order. String keys are found by name; a later entry of a key wins.</summary>
internal sealed class PickleDict
{
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    /// <summary>All entries as the file sets them.</summary>
    public List<KeyValuePair<object?, object?>> Entries { get; } = [];

    /// <summary>Sets an entry.</summary>
    public void Set(object? key, object? value)
    {
        if (key is not string name)
        {
            Entries.Add(new(key, value));
            return;
        }

        if (_byName.TryAdd(name, Entries.Count))
        {
            Entries.Add(new(key, value));
        }
        else
        {
            Entries[_byName[name]] = new(key, value);
        }
    }

    /// <summary>Finds the entry of a string key.</summary>
    public bool TryGet(string name, out object? value)
    {
        if (_byName.TryGetValue(name, out int index))
        {
            value = Entries[index].Value;
            return true;
        }

        value = null;
        return false;
    }
}
