namespace Slipway.Mlflow.Search;

/// <summary>Kinds of words of a filter.</summary>
internal enum FilterTokenKind
{
    /// <summary>End of the text.</summary>
    End,

    /// <summary>A name, perhaps with dots and quoted parts: <c>metrics.`val loss`</c>.</summary>
    Name,

    /// <summary>A text in single quotes; the quotes are gone.</summary>
    Text,

    /// <summary>A name in double quotes: a text where a value is due, a name elsewhere; the quotes are gone.</summary>
    QuotedName,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>=</c>, <c>!=</c>, <c>&lt;</c> and their kin.</summary>
    Comparator,

    /// <summary><c>(</c></summary>
    Open,

    /// <summary><c>)</c></summary>
    Close,

    /// <summary><c>,</c></summary>
    Comma,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>A word of a filter.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Its value without quotes; for names the text as it stands.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Value, int Start, int End)
{
    /// <summary>Whether it is the keyword, in whatever case.</summary>
    public bool Is(string keyword) => Kind == FilterTokenKind.Name && Value.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
