namespace Slipway.Core;

/// <summary>
/// Which version of a model a request means: the default one (the largest that is ready), a number, or a name: an alias or label.
/// </summary>
public readonly record struct VersionSelector
{
    private VersionSelector(long? number, string? label)
    {
        Number = number;
        Label = label;
    }

    /// <summary>The largest ready version.</summary>
    public static VersionSelector Default => default;

    /// <summary>The version's number, when one was given.</summary>
    public long? Number { get; }

    /// <summary>The alias or label, when one was given.</summary>
    public string? Label { get; }

    /// <summary>Whether neither a number nor a label was given.</summary>
    public bool IsDefault => Number is null && Label is null;

    /// <summary>Version <paramref name="number"/>.</summary>
    public static VersionSelector Exact(long number) => new(number, null);

    /// <summary>The version that <paramref name="label"/> points at.</summary>
    public static VersionSelector ByLabel(string label) => new(null, label);

    /// <summary>Reads what protocols put into a version field: empty is the default, digits a number, anything else a label.</summary>
    public static VersionSelector Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Default;
        }

        return long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number)
            ? Exact(number)
            : ByLabel(text);
    }

    /// <summary>As people write it: nothing, <c>:3</c> or <c>@champion</c>.</summary>
    public override string ToString() => Number is { } number ? $":{number}" : Label is { } label ? $"@{label}" : "";
}
