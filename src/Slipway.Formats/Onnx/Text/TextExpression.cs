using System.Text;
using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Formats.Onnx.Text;

/// <summary>
/// Writes a regular expression of RE2 (https://github.com/google/re2/wiki/Syntax), which TensorFlow uses, as one of .NET that matches the same. What has no counterpart is refused.
/// </summary>
internal sealed class TextExpression
{
    private const int MaxLength = 10_000;

    private readonly StringBuilder _target = new();
    private readonly ExpressionCursor _cursor;
    private readonly ClassReader _classes;
    private bool _dotMatchesLineEnd;

    private TextExpression(string source)
    {
        _cursor = new ExpressionCursor(source);
        _classes = new ClassReader(_cursor);
    }

    /// <summary>The expression in .NET's notation, to be used without going back (<see cref="RegexOptions.NonBacktracking"/>).</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> names what can't be written.</exception>
    public static string Translate(string expression)
    {
        if (expression.Length > MaxLength)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"a regular expression of {expression.Length} characters is not converted");
        }

        TextExpression translation = new(expression);
        translation.Flags();
        while (!translation._cursor.IsAtEnd)
        {
            translation.Element();
        }

        string target = translation._target.ToString();
        try
        {
            _ = new Regex(target, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return target;
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw translation._cursor.NotSupported("is not understood", fault);
        }
    }

    // Flags for the whole expression stand in front of it.
    private void Flags()
    {
        Match flags = _cursor.Match(@"\A\(\?([is]+)\)");
        if (!flags.Success)
        {
            return;
        }

        _cursor.At = flags.Length;
        _dotMatchesLineEnd = flags.Groups[1].Value.Contains('s', StringComparison.Ordinal);
        _ = flags.Groups[1].Value.Contains('i', StringComparison.Ordinal) ? _target.Append("(?i)") : _target;
    }

    private void Element()
    {
        char next = _cursor.Current("ends too early");
        switch (next)
        {
            case '\\':
                _cursor.At++;
                Escape();
                break;
            case '[':
                _target.Append(_classes.Class().ToExpression());
                break;
            case '.':
                _cursor.At++;
                _target.Append((_dotMatchesLineEnd ? CodePointSet.All : new CodePointSet().Add('\n', '\n').Complement()).ToExpression());
                break;
            case '^':
                _cursor.At++;
                _target.Append("\\A");
                break;
            case '$':
                _cursor.At++;
                _target.Append("\\z");
                break;
            case '(':
                Group();
                break;
            case '{' when !_cursor.Match(@"\A\{\d+(,\d*)?\}", reach: 16).Success:
                _cursor.At++;
                _target.Append("\\{");
                break;
            case ')' or '|' or '*' or '+' or '?' or '{' or '}' or ',' or (>= '0' and <= '9'):
                _cursor.At++;
                _target.Append(next);
                break;
            default:
                Literal(_cursor.Rune());
                break;
        }
    }

    private void Group()
    {
        Match named = _cursor.Match(@"\A\(\?P?<[A-Za-z_][A-Za-z0-9_]*>");
        if (_cursor.Sees("(?:"))
        {
            _cursor.At += 3;
            _target.Append("(?:");
        }
        else if (named.Success)
        {
            // By number only: .NET counts groups with names after those without.
            _cursor.At += named.Length;
            _target.Append('(');
        }
        else if (_cursor.Sees("(?"))
        {
            throw _cursor.NotSupported("has a group with options, which is not converted");
        }
        else
        {
            _cursor.At++;
            _target.Append('(');
        }
    }

    private void Escape()
    {
        char kind = _cursor.Current("ends with a backslash");
        switch (kind)
        {
            case 'A' or 'z':
                _cursor.At++;
                _target.Append('\\').Append(kind);
                break;
            case 'Q':
                _cursor.At++;
                _cursor.TakeUntil("\\E", () => Literal(_cursor.Rune()));
                break;
            case 'b' or 'B' or 'C' or 'X' or 'E':
                throw _cursor.NotSupported($"uses \\{kind}, which is not converted");
            default:
                if (_classes.NamedClass() is { } named)
                {
                    _target.Append(named.ToExpression());
                }
                else
                {
                    Literal(_classes.EscapedCharacter());
                }

                break;
        }
    }

    private void Literal(int point)
    {
        string text = char.ConvertFromUtf32(point);
        _ = text.Length > 1 ? _target.Append("(?:").Append(text).Append(')') : _target.Append(Regex.Escape(text));
    }
}
