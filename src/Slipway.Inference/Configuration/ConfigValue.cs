using System.Globalization;

namespace Slipway.Inference.Configuration;

/// <summary>
/// A value of a configuration file under its full key. Every reading method returns null and notes a problem when the value is not what was asked for.
/// </summary>
/// <param name="Reader">Where problems go.</param>
/// <param name="Key">Full key.</param>
/// <param name="Node">The value.</param>
public readonly record struct ConfigValue(ConfigReader Reader, string Key, ConfigNode Node)
{
    /// <summary>Whether nothing was given.</summary>
    public bool IsNull => Node.Kind == ConfigNodeKind.Null;

    /// <summary>Whether it is text, a number, true or false.</summary>
    public bool IsScalar => Node.Kind == ConfigNodeKind.Scalar;

    /// <summary>Whether it is a list.</summary>
    public bool IsSequence => Node.Kind == ConfigNodeKind.Sequence;

    /// <summary>Whether it has keys.</summary>
    public bool IsMapping => Node.Kind == ConfigNodeKind.Mapping;

    /// <summary>Text of any kind.</summary>
    public string? AsText() => IsScalar ? Node.Text : Wrong<string?>("text is expected");

    /// <summary>True or false.</summary>
    public bool? AsBool() => IsScalar && Node.Text is "true" or "false" ? Node.Text == "true" : Wrong<bool?>("true or false is expected");

    /// <summary>A whole number of a range, ends included.</summary>
    public long? AsInt64(long least = long.MinValue, long most = long.MaxValue)
    {
        if (!IsScalar || !long.TryParse(Node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            return Wrong<long?>("a whole number is expected");
        }

        return number >= least && number <= most ? number : Wrong<long?>($"a whole number {Range(least, most)} is expected");
    }

    /// <summary>A whole number of a range, ends included.</summary>
    public int? AsInt32(int least = int.MinValue, int most = int.MaxValue) => (int?)AsInt64(least, most);

    /// <summary>A number of a range, ends included.</summary>
    public double? AsDouble(double least = double.MinValue, double most = double.MaxValue)
    {
        if (!IsScalar || !double.TryParse(Node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
        {
            return Wrong<double?>("a number is expected");
        }

        return number >= least && number <= most
            ? number
            : Wrong<double?>(string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most} is expected"));
    }

    /// <summary>A duration with its unit.</summary>
    public TimeSpan? AsDuration(TimeSpan? most = null)
    {
        if (!IsScalar || !ConfigUnits.TryParseDuration(Node.Text, out TimeSpan duration))
        {
            return Wrong<TimeSpan?>($"{ConfigUnits.DurationForm} is expected");
        }

        return duration <= (most ?? TimeSpan.MaxValue) ? duration : Wrong<TimeSpan?>($"at most {most} is allowed");
    }

    /// <summary>A size in bytes with its unit.</summary>
    public long? AsSize(long least = 0)
    {
        if (!IsScalar || !ConfigUnits.TryParseSize(Node.Text, out long bytes))
        {
            return Wrong<long?>($"{ConfigUnits.SizeForm} is expected");
        }

        return bytes >= least ? bytes : Wrong<long?>($"at least {least} bytes are expected");
    }

    /// <summary>One of some words; the words are API, so they are given, not taken from an enum.</summary>
    public T? AsOneOf<T>(IReadOnlyDictionary<string, T> words)
        where T : struct =>
        IsScalar && words.TryGetValue(Node.Text, out T value)
            ? value
            : Wrong<T?>($"one of {string.Join(", ", words.Keys)} is expected{(IsScalar && NearestKey.Of(Node.Text, words.Keys) is { } near ? $" (did you mean '{near}'?)" : "")}");

    /// <summary>Keys and values; nothing is an empty mapping.</summary>
    public ConfigMapping? AsMapping() => Reader.Mapping(this);

    /// <summary>The elements of a list; nothing is an empty list. Null with a problem for anything else.</summary>
    public IReadOnlyList<ConfigValue>? AsList()
    {
        if (IsNull)
        {
            return [];
        }

        if (!IsSequence)
        {
            return Wrong<IReadOnlyList<ConfigValue>?>("a list is expected");
        }

        ConfigValue[] values = new ConfigValue[Node.Items.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new ConfigValue(Reader, $"{Key}[{i}]", Node.Items[i]);
        }

        return values;
    }

    /// <summary>A mapping of any keys to text.</summary>
    public IReadOnlyDictionary<string, string>? AsTextMap()
    {
        if (AsMapping() is not { } mapping)
        {
            return null;
        }

        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((string key, ConfigValue value) in mapping.All())
        {
            if (value.AsText() is { } text)
            {
                texts[key] = text;
            }
        }

        return texts;
    }

    /// <summary>Notes that the value is wrong.</summary>
    public void Refuse(string message) => Reader.Report(Key, Node, message);

    private T? Wrong<T>(string expected)
    {
        Refuse($"{expected}, not {Node.Description}");
        return default;
    }

    private static string Range(long least, long most) => (least, most) switch
    {
        (_, long.MaxValue or int.MaxValue) => $"of {least} or more",
        (long.MinValue or int.MinValue, _) => $"of {most} or less",
        _ => $"from {least} to {most}",
    };
}
