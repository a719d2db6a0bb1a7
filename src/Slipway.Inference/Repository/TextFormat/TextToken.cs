namespace Slipway.Inference.Repository.TextFormat;

/// <summary>Kind of a token.</summary>
internal enum TextTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name, word or number without its sign.</summary>
    Word,

    /// <summary>A quoted string.</summary>
    String,

    /// <summary>One of <c>{ } [ ] &lt; &gt; : , ; - .</c> and <c>/</c>.</summary>
    Symbol,
}

/// <summary>A token with its place.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Text">Its text; for strings without quotes and escapes.</param>
/// <param name="Line">Line from 1.</param>
/// <param name="Column">Column from 1.</param>
internal readonly record struct TextToken(TextTokenKind Kind, string Text, int Line, int Column)
{
    /// <summary>Whether this is the given symbol.</summary>
    public bool Is(char symbol) => Kind == TextTokenKind.Symbol && Text[0] == symbol;

    /// <summary>For messages.</summary>
    public override string ToString() => Kind switch
    {
        TextTokenKind.End => "the end of the file",
        TextTokenKind.String => "a string",
        _ => $"'{(Text.Length <= 40 ? Text : Text[..40] + "…")}'",
    };
}
