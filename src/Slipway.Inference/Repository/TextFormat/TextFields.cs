using System.Globalization;
using Slipway.Inference.Configuration;

namespace Slipway.Inference.Repository.TextFormat;

/// <summary>
/// Typed reading of a message's fields. Ask for every field there is, then call <see cref="Finish"/>: what was never asked for is unknown. Problems go to
/// the reader; a value that can't be read counts as absent.
/// </summary>
internal sealed class TextFields(TextMessage message, string key, ConfigReader reader)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string Key { get; } = key;

    /// <summary>Whether the field is there at all.</summary>
    public bool Has(string name)
    {
        _asked.Add(name);
        return message.Fields.Any(field => field.Name == name);
    }

    public string? Text(string name) => One(name) is { } field ? AsText(field) : null;

    public IReadOnlyList<string> Texts(string name) => [.. Fields(name).Select(AsText).OfType<string>()];

    /// <summary>A value of an enumeration by its name; its number stands for it too.</summary>
    /// <param name="name">The field.</param>
    /// <param name="numbered">Names in the order of their numbers, from 0.</param>
    public string? Word(string name, params ReadOnlySpan<string> numbered)
    {
        if (One(name) is not { } field || !(field.Value.Kind == TextValueKind.Word || Wrong(field, "a name")))
        {
            return null;
        }

        string text = field.Value.Text;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < numbered.Length ? numbered[number] : text;
    }

    public bool? Bool(string name)
    {
        if (One(name) is not { } field)
        {
            return null;
        }

        switch (field.Value)
        {
            case { Kind: TextValueKind.Word, Text: "true" or "True" or "t" or "1" }:
                return true;
            case { Kind: TextValueKind.Word, Text: "false" or "False" or "f" or "0" }:
                return false;
            default:
                Wrong(field, "true or false");
                return null;
        }
    }

    public long? Integer(string name, long least = long.MinValue, long most = long.MaxValue) =>
        One(name) is { } field ? AsInteger(field, least, most) : null;

    public IReadOnlyList<long> Integers(string name, long least = long.MinValue, long most = long.MaxValue) =>
        [.. Fields(name).Select(field => AsInteger(field, least, most)).OfType<long>()];

    public TextFields? Message(string name) => One(name) is { } field ? AsMessage(field, Full(name)) : null;

    public IReadOnlyList<TextFields> Messages(string name) =>
        [.. Fields(name).Select((field, index) => AsMessage(field, $"{Full(name)}[{index}]")).OfType<TextFields>()];

    /// <summary>A protobuf map: entries of <c>key</c> and <c>value</c>. A repeated key's last value counts.</summary>
    public IReadOnlyDictionary<string, TextFields> Map(string name)
    {
        Dictionary<string, TextFields> map = new(StringComparer.Ordinal);
        foreach (TextFields entry in Messages(name))
        {
            string key = entry.One("key") is { } field && field.Value.Kind != TextValueKind.Message ? field.Value.Text : "";
            entry._asked.Add("value");
            entry.Finish();
            map[key] = entry;
        }

        return map;
    }

    /// <summary>A protobuf map of text to text.</summary>
    public IReadOnlyDictionary<string, string> TextMap(string name) =>
        Map(name).ToDictionary(static pair => pair.Key, static pair => pair.Value.Text("value") ?? "", StringComparer.Ordinal);

    /// <summary>Notes that something about a field is wrong.</summary>
    public void Refuse(string name, string problem)
    {
        TextField? field = message.Fields.FirstOrDefault(field => field.Name == name);
        reader.Report(new ConfigProblem(name.Length == 0 ? Key : Full(name), problem, field?.Line ?? message.Line, field?.Column ?? message.Column));
    }

    /// <summary>Notes a problem for every field that nobody asked for.</summary>
    public void Finish()
    {
        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (TextField field in message.Fields)
        {
            if (!_asked.Contains(field.Name) && told.Add(field.Name))
            {
                reader.Report(new ConfigProblem(Full(field.Name), $"unknown field{NearestKey.Hint(field.Name, _asked)}", field.Line, field.Column));
            }
        }
    }

    private string Full(string name) => Key.Length == 0 ? name : $"{Key}.{name}";

    private IEnumerable<TextField> Fields(string name)
    {
        _asked.Add(name);
        return message.Fields.Where(field => field.Name == name);
    }

    private TextField? One(string name)
    {
        TextField[] fields = [.. Fields(name).Take(2)];
        if (fields.Length > 1)
        {
            reader.Report(new ConfigProblem(Full(name), "is given more than once", fields[1].Line, fields[1].Column));
        }

        return fields.FirstOrDefault();
    }

    private string? AsText(TextField field) => field.Value.Kind == TextValueKind.String || Wrong(field, "text in quotes") ? field.Value.Text : null;

    private long? AsInteger(TextField field, long least, long most)
    {
        string text = field.Value.Text;
        bool negative = text.StartsWith('-');
        string digits = negative ? text[1..] : text;
        bool read = TryReadSize(digits, out ulong size);
        if (field.Value.Kind != TextValueKind.Word || !read || size > long.MaxValue)
        {
            Wrong(field, "a whole number");
            return null;
        }

        long number = negative ? -(long)size : (long)size;
        if (number >= least && number <= most)
        {
            return number;
        }

        Wrong(field, most is long.MaxValue or int.MaxValue ? $"a whole number of {least} or more" : $"a whole number from {least} to {most}");
        return null;
    }

    // Decimal, hexadecimal after 0x, octal after 0: so the text format has it.
    private static bool TryReadSize(string digits, out ulong size)
    {
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out size);
        }

        if (digits is not ['0', _, ..])
        {
            return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out size);
        }

        size = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7' || size > ulong.MaxValue >> 3)
            {
                return false;
            }

            size = (size << 3) | (uint)(digit - '0');
        }

        return true;
    }

    private TextFields? AsMessage(TextField field, string full) =>
        field.Value.Message is not null || Wrong(field, "fields in braces") ? new TextFields(field.Value.Message!, full, reader) : null;

    // Always false, so that it can end an "or".
    private bool Wrong(TextField field, string expected)
    {
        string given = field.Value.Kind == TextValueKind.Message ? "a message" : $"'{(field.Value.Text.Length <= 60 ? field.Value.Text : field.Value.Text[..60] + "…")}'";
        reader.Report(new ConfigProblem(Full(field.Name), $"{expected} is expected, not {given}", field.Value.Line, field.Value.Column));
        return false;
    }
}
