using System.Text;

namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>
/// Labels as they are written between braces, rendered once: <c>model="iris",version="1"</c>. Names are made valid, sorted and kept apart from
/// <c>le</c>; values are escaped. Both formats write labels alike.
/// </summary>
internal sealed class LabelSet
{
    private LabelSet(string text, KeyValuePair<string, object?>[] tags)
    {
        Text = text;
        Utf8 = Encoding.UTF8.GetBytes(text);
        Tags = tags;
    }

    /// <summary>No labels.</summary>
    public static LabelSet Empty { get; } = new("", []);

    /// <summary>The labels as text: equal texts are equal label sets.</summary>
    public string Text { get; }

    /// <summary>The same in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The labels as they were given.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Tags { get; }

    /// <summary>Renders labels; when two names become the same, the first one's value is kept.</summary>
    public static LabelSet Of(params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string text = Render(tags);
        return text.Length == 0 ? Empty : new LabelSet(text, tags.ToArray());
    }

    private static string Render(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        SortedDictionary<string, object?> sorted = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            sorted.TryAdd(MetricNames.Label(tag.Key), tag.Value);
        }

        StringBuilder text = new();
        foreach ((string name, object? value) in sorted)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append("=\"");
            AppendEscaped(text, ValueText(value));
            text.Append('"');
        }

        return text.ToString();
    }

    private static string ValueText(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (char letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(letter),
            };
        }
    }
}
