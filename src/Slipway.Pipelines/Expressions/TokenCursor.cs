using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>A place among the tokens of a text, with what a reader asks of the ones ahead.</summary>
internal sealed class TokenCursor(string text)
{
    /// <summary>What may be taken over a range.</summary>
    public static readonly string[] Folds = ["sum", "mean", "min", "max", "any", "all", "count"];

    // Words that those who look for a loop or a function of their own try.
    private static readonly string[] Loops = ["while", "loop", "repeat", "until", "foreach", "do", "def", "function", "fun", "fn", "lambda", "return", "goto", "recurse"];

    private readonly List<Token> _tokens = Lexer.Read(text);
    private int _at;

    /// <summary>The token that is read next.</summary>
    public Token Now => _tokens[_at];

    /// <summary>The one after it; the end stays the end.</summary>
    public Token Next => _tokens[Math.Min(_at + 1, _tokens.Count - 1)];

    /// <summary>Goes on behind the token, and gives it.</summary>
    public Token Take() => _tokens[_at < _tokens.Count - 1 ? _at++ : _at];

    /// <summary>Whether the token is one of some signs.</summary>
    public bool IsSign(params ReadOnlySpan<string> signs) => Now.Kind == TokenKind.Sign && signs.Contains(Now.Text);

    /// <summary>Whether the token is a word of the language.</summary>
    public bool IsWord(string word) => Now.Kind == TokenKind.Word && Now.Text == word;

    /// <summary>Goes on behind a sign; false when it is not there.</summary>
    public bool TrySign(string sign)
    {
        if (!IsSign(sign))
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Goes on behind a word; false when it is not there.</summary>
    public bool TryWord(string word)
    {
        if (!IsWord(word))
        {
            return false;
        }

        Take();
        return true;
    }

    /// <summary>Goes on behind a sign that must be there.</summary>
    public void Sign(string sign)
    {
        if (!TrySign(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    /// <summary>Goes on behind a word that must be there.</summary>
    public void Word(string word)
    {
        if (!TryWord(word))
        {
            throw Unexpected($"'{word}'");
        }
    }

    /// <summary>Goes on behind a name that must be there, and gives it.</summary>
    /// <param name="what">What the name is of, for the failure.</param>
    public string Name(string what) => Now.Kind == TokenKind.Name ? Take().Text : throw Unexpected(what);

    /// <summary>The failure that something else was expected here.</summary>
    public SlipwayException Unexpected(string expected)
    {
        Token before = _tokens[Math.Max(0, _at - 1)];
        Token culprit = Now.Kind == TokenKind.Name && Loops.Contains(Now.Text) ? Now : before;
        string message = culprit.Kind == TokenKind.Name && Loops.Contains(culprit.Text) || IsWord("for")
            ? $"'{(IsWord("for") ? "for" : culprit.Text)}' is unbounded and not in the language: there are no loops and no functions of one's own, only {string.Join(", ", Folds)} over a range, as in sum(x[i] for i in 0..3)"
            : IsSign("=") ? "'=' defines; equality is written =="
            : Now.Kind == TokenKind.End ? $"{expected} is expected before the end" : $"{expected} is expected, not '{Now.Text}'";
        return ExpressionFailure.At(Now.At, message);
    }
}
