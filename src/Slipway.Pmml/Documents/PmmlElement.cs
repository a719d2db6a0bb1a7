using System.Globalization;

namespace Slipway.Pmml.Documents;

/// <summary>
/// One element of a document: its name without a prefix, its attributes, the elements in it and its text. Extensions are left out when a document is read.
/// Immutable once read.
/// </summary>
internal sealed class PmmlElement(string name, int line, KeyValuePair<string, string>[] attributes)
{
    private static readonly List<PmmlElement> None = [];
    private List<PmmlElement>? _children;

    /// <summary>Name without a prefix.</summary>
    public string Name => name;

    /// <summary>Line of the document, from 1.</summary>
    public int Line => line;

    /// <summary>Attributes in the order of the document.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Attributes => attributes;

    /// <summary>The elements in it, in order.</summary>
    public IReadOnlyList<PmmlElement> Children => _children ?? None;

    /// <summary>The text directly in it; empty when there is none.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The value of an attribute; null when it is absent.</summary>
    public string? Attribute(string attribute)
    {
        foreach (KeyValuePair<string, string> pair in attributes)
        {
            if (pair.Key == attribute)
            {
                return pair.Value;
            }
        }

        return null;
    }

    /// <summary>The value of an attribute that must be there.</summary>
    public string Required(string attribute) => Attribute(attribute) ?? throw PmmlError.Invalid(this, $"has no attribute '{attribute}'");

    /// <summary>A number; null when the attribute is absent.</summary>
    public double? Number(string attribute) => Attribute(attribute) is { } text ? ParseNumber(attribute, text) : null;

    /// <summary>A number that must be there.</summary>
    public double RequiredNumber(string attribute) => ParseNumber(attribute, Required(attribute));

    /// <summary>A whole number; null when the attribute is absent.</summary>
    public int? Integer(string attribute) => Number(attribute) is not { } value
        ? null
        : value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw PmmlError.Invalid(this, $"has {attribute}=\"{Attribute(attribute)}\": expected a whole number");

    /// <summary>A truth value (<c>true</c>, <c>false</c>, 1, 0); null when the attribute is absent.</summary>
    public bool? Boolean(string attribute) => Attribute(attribute)?.Trim() switch
    {
        null => null,
        "true" or "1" or "TRUE" or "True" => true,
        "false" or "0" or "FALSE" or "False" => false,
        var other => throw PmmlError.Invalid(this, $"has {attribute}=\"{other}\": expected true or false"),
    };

    /// <summary>The first element of a name in it; null when there is none.</summary>
    public PmmlElement? Child(string child)
    {
        foreach (PmmlElement element in Children)
        {
            if (element.Name == child)
            {
                return element;
            }
        }

        return null;
    }

    /// <summary>The first element of a name, which must be there.</summary>
    public PmmlElement RequiredChild(string child) => Child(child) ?? throw PmmlError.Invalid(this, $"has no element {child}");

    /// <summary>All elements of a name in it.</summary>
    public IEnumerable<PmmlElement> ChildrenNamed(string child) => Children.Where(element => element.Name == child);

    /// <summary>Element and place, for messages.</summary>
    public string Describe()
    {
        string? label = Attribute("name") ?? Attribute("modelName") ?? Attribute("id") ?? Attribute("field") ?? Attribute("function");
        return label is null
            ? string.Create(CultureInfo.InvariantCulture, $"{name} (line {line})")
            : string.Create(CultureInfo.InvariantCulture, $"{name} '{label}' (line {line})");
    }

    internal void Add(PmmlElement child) => (_children ??= []).Add(child);

    internal void SetText(string text) => Text = text;

    internal void TrimExcess() => _children?.TrimExcess();

    private double ParseNumber(string attribute, string text) => PmmlNumber.TryParse(text, out double value)
        ? value
        : throw PmmlError.Invalid(this, $"has {attribute}=\"{text}\": expected a number");
}
