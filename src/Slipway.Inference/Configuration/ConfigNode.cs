namespace Slipway.Inference.Configuration;

/// <summary>Kind of a <see cref="ConfigNode"/>.</summary>
public enum ConfigNodeKind
{
    /// <summary>Nothing: an empty value, <c>null</c> or <c>~</c>.</summary>
    Null,

    /// <summary>Text, a number, true or false; what it is follows from the key.</summary>
    Scalar,

    /// <summary>A list.</summary>
    Sequence,

    /// <summary>Keys and values.</summary>
    Mapping,
}

/// <summary>A piece of a configuration file with its place in it. Immutable.</summary>
public sealed class ConfigNode
{
    private ConfigNode(ConfigNodeKind kind, string text, IReadOnlyList<ConfigNode> items, IReadOnlyList<ConfigField> fields, int line, int column)
    {
        (Kind, Text, Items, Fields, Line, Column) = (kind, text, items, fields, line, column);
    }

    /// <summary>Kind.</summary>
    public ConfigNodeKind Kind { get; }

    /// <summary>The text of a scalar.</summary>
    public string Text { get; }

    /// <summary>The elements of a sequence.</summary>
    public IReadOnlyList<ConfigNode> Items { get; }

    /// <summary>The fields of a mapping in the order of the file, keys unique.</summary>
    public IReadOnlyList<ConfigField> Fields { get; }

    /// <summary>Line from 1; 0 when the node comes from no file.</summary>
    public int Line { get; }

    /// <summary>Column from 1.</summary>
    public int Column { get; }

    /// <summary>What kind this is, for messages.</summary>
    public string Description => Kind switch
    {
        ConfigNodeKind.Null => "nothing",
        ConfigNodeKind.Scalar => $"'{(Text.Length <= 60 ? Text : Text[..60] + "…")}'",
        ConfigNodeKind.Sequence => "a list",
        _ => "a mapping",
    };

    /// <summary>Nothing.</summary>
    public static ConfigNode Null(int line = 0, int column = 0) => new(ConfigNodeKind.Null, "", [], [], line, column);

    /// <summary>A scalar.</summary>
    public static ConfigNode Scalar(string text, int line = 0, int column = 0) => new(ConfigNodeKind.Scalar, text, [], [], line, column);

    /// <summary>A list.</summary>
    public static ConfigNode Sequence(IReadOnlyList<ConfigNode> items, int line = 0, int column = 0) =>
        new(ConfigNodeKind.Sequence, "", items, [], line, column);

    /// <summary>A mapping; the caller sees to it that keys are unique.</summary>
    public static ConfigNode Mapping(IReadOnlyList<ConfigField> fields, int line = 0, int column = 0) =>
        new(ConfigNodeKind.Mapping, "", [], fields, line, column);

    /// <summary>The value of a key of a mapping, or null.</summary>
    public ConfigNode? Find(string key)
    {
        foreach (ConfigField field in Fields)
        {
            if (field.Key == key)
            {
                return field.Value;
            }
        }

        return null;
    }

    /// <summary>
    /// The same tree with another value at a path of keys (any case), as environment variables give it; mappings on the way are made where there are none.
    /// A part that is a number goes into a list at that place, or just behind its end.
    /// </summary>
    public ConfigNode With(ReadOnlySpan<string> path, ConfigNode value)
    {
        if (path.IsEmpty)
        {
            return value;
        }

        string key = path[0];
        if (Kind == ConfigNodeKind.Sequence && int.TryParse(key, out int index) && index >= 0 && index <= Items.Count)
        {
            List<ConfigNode> items = [.. Items];
            ConfigNode item = (index < items.Count ? items[index] : Null()).With(path[1..], value);
            if (index < items.Count)
            {
                items[index] = item;
            }
            else
            {
                items.Add(item);
            }

            return Sequence(items, Line, Column);
        }

        List<ConfigField> fields = [.. Fields];
        int at = fields.FindIndex(field => string.Equals(field.Key, key, StringComparison.OrdinalIgnoreCase));
        ConfigNode changed = (at < 0 ? Null() : fields[at].Value).With(path[1..], value);
        if (at < 0)
        {
            fields.Add(new ConfigField(key, changed, 0, 0));
        }
        else
        {
            fields[at] = fields[at] with { Value = changed };
        }

        return Mapping(fields, Line, Column);
    }
}

/// <summary>A key and its value.</summary>
/// <param name="Key">Key.</param>
/// <param name="Value">Value.</param>
/// <param name="Line">Line of the key from 1; 0 when it comes from no file.</param>
/// <param name="Column">Column of the key from 1.</param>
public sealed record ConfigField(string Key, ConfigNode Value, int Line, int Column);
