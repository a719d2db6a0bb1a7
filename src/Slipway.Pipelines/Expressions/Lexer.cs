using System.Globalization;
using System.Text;

namespace Slipway.Pipelines.Expressions;

/// <summary>Kind of a <see cref="Token"/>.</summary>
internal enum TokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name, also one in backquotes.</summary>
    Name,

    /// <summary>A word of the language.</summary>
    Word,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>Another number.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>An operator or bracket.</summary>
    Sign,
}

/// <summary>A word, number or sign of an expression.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Place At, long Integer = 0, double Number = 0);

/// <summary>Divides a text into tokens. Comments go from <c>#</c> to the end of their line.</summary>
internal sealed class Lexer(string text)
{
    /// <summary>Longest text.</summary>
    public const int MaxLength = 64 << 10;

    private static readonly string[] Words = ["if", "then", "else", "let", "in", "for", "and", "or", "not", "true", "false", "nan", "inf"];
    private static readonly string[] Signs = ["==", "!=", "<=", ">=", "//", "..", "+", "-", "*", "/", "%", "<", ">", "=", "(", ")", "[", "]", ",", ";", "."];

    private int _at;
    private int _line = 1;
    private int _lineStart;

    private Place Here => new(_line, _at - _lineStart + 1);

    /// <summary>All tokens, an end last.</summary>
    public static List<Token> Read(string text)
    {
        if (text.Length > MaxLength)
        {
            throw ExpressionFailure.At(new Place(1, 1), $"more than {MaxLength} characters");
        }

        Lexer lexer = new(text);
        List<Token> tokens = [];
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        SkipBlanks();
        Place place = Here;
        if (_at == text.Length)
        {
            return new Token(TokenKind.End, "the end", place);
        }

        char first = text[_at];
        if (char.IsAsciiLetter(first) || first == '_')
        {
            return ReadName(place);
        }

        if (char.IsAsciiDigit(first) || (first == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
        {
            return ReadNumber(place);
        }

        if (first is '"' or '\'')
        {
            return ReadText(place, first);
        }

        if (first == '`')
        {
            return ReadQuotedName(place);
        }

        foreach (string sign in Signs)
        {
            if (string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0)
            {
                _at += sign.Length;
                return new Token(TokenKind.Sign, sign, place);
            }
        }

        throw ExpressionFailure.At(place, first switch
        {
            '&' or '|' => "'and' and 'or' are written as words",
            '!' => "'not' is written as a word, 'not equal' as !=",
            '?' => "a choice is written: if condition then value else other",
            _ => $"'{RuneHere()}' means nothing here{(char.IsLetter(first) ? ": names have letters from a to z, others stand in `backquotes`" : "")}",
        });
    }

    // Half of a pair is no character that a message could hold.
    private string RuneHere() => Rune.TryGetRuneAt(text, _at, out Rune rune) ? rune.ToString() : $"U+{(int)text[_at]:X4}";

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text[_at] == '#')
            {
                int end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else if (text[_at] == '\n')
            {
                _at++;
                _line++;
                _lineStart = _at;
            }
            else if (char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private Token ReadName(Place place)
    {
        int start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        string name = text[start.._at];
        return new Token(Words.Contains(name) ? TokenKind.Word : TokenKind.Name, name, place);
    }

    private Token ReadQuotedName(Place place)
    {
        int end = text.IndexOf('`', _at + 1);
        if (end < 0 || end == _at + 1 || text.AsSpan(_at, end - _at).Contains('\n'))
        {
            throw ExpressionFailure.At(place, "a name in backquotes is expected to end on its line");
        }

        string name = text[(_at + 1)..end];
        _at = end + 1;
        return new Token(TokenKind.Name, name, place);
    }

    private Token ReadNumber(Place place)
    {
        int start = _at;
        SkipDigits();
        bool isWhole = true;

        // Two points are a range.
        if (_at < text.Length && text[_at] == '.' && !(_at + 1 < text.Length && text[_at + 1] == '.'))
        {
            isWhole = false;
            _at++;
            SkipDigits();
        }

        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            isWhole = false;
            _at++;
            if (_at < text.Length && text[_at] is '+' or '-')
            {
                _at++;
            }

            SkipDigits();
        }

        if (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            throw ExpressionFailure.At(place, $"'{text[start..(_at + 1)]}' is neither a number nor a name");
        }

        string digits = text[start.._at];
        if (isWhole && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long whole))
        {
            return new Token(TokenKind.Integer, digits, place, whole);
        }

        return !isWhole && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? new Token(TokenKind.Number, digits, place, 0, number)
            : throw ExpressionFailure.At(place, isWhole ? $"{digits} is beyond 64 bits: write it with a point" : $"'{digits}' is no number");
    }

    private void SkipDigits()
    {
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }
    }

    private Token ReadText(Place place, char quote)
    {
        StringBuilder value = new();
        for (_at++; ; _at++)
        {
            if (_at >= text.Length || text[_at] == '\n')
            {
                throw ExpressionFailure.At(place, $"a text that begins with {quote} is expected to end with it on the same line");
            }

            if (text[_at] == quote)
            {
                _at++;
                return new Token(TokenKind.Text, value.ToString(), place);
            }

            if (text[_at] == '\\')
            {
                Place escape = Here;
                _at++;
                value.Append(_at < text.Length ? Unescape(text[_at], escape) : throw ExpressionFailure.At(escape, "a text ends behind a backslash"));
            }
            else
            {
                value.Append(text[_at]);
            }
        }
    }

    private static char Unescape(char letter, Place place) => letter switch
    {
        'n' => '\n',
        't' => '\t',
        '\\' or '"' or '\'' => letter,
        _ => throw ExpressionFailure.At(place, $"\\{letter} means nothing: \\n, \\t, \\\\, \\\" and \\' do"),
    };
}
