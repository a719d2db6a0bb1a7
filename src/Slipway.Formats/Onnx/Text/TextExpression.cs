using System.Globalization;
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

    private readonly string _source;
    private readonly StringBuilder _target = new();
    private int _at;
    private bool _dotMatchesLineEnd;

    private TextExpression(string source)
    {
        _source = source;
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
        while (translation._at < expression.Length)
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
            throw translation.NotSupported("is not understood", fault);
        }
    }

    // Flags for the whole expression stand in front of it.
    private void Flags()
    {
        Match flags = Regex.Match(_source, @"\A\(\?([is]+)\)", RegexOptions.CultureInvariant);
        if (!flags.Success)
        {
            return;
        }

        _at = flags.Length;
        _dotMatchesLineEnd = flags.Groups[1].Value.Contains('s', StringComparison.Ordinal);
        _ = flags.Groups[1].Value.Contains('i', StringComparison.Ordinal) ? _target.Append("(?i)") : _target;
    }

    private void Element()
    {
        char next = _source[_at];
        switch (next)
        {
            case '\\':
                _at++;
                Escape();
                break;
            case '[':
                _target.Append(Class().ToExpression());
                break;
            case '.':
                _at++;
                _target.Append((_dotMatchesLineEnd ? CodePointSet.All : new CodePointSet().Add('\n', '\n').Complement()).ToExpression());
                break;
            case '^':
                _at++;
                _target.Append("\\A");
                break;
            case '$':
                _at++;
                _target.Append("\\z");
                break;
            case '(':
                Group();
                break;
            case '{' when !Regex.IsMatch(_source[_at..Math.Min(_source.Length, _at + 16)], @"\A\{\d+(,\d*)?\}", RegexOptions.CultureInvariant):
                _at++;
                _target.Append("\\{");
                break;
            case ')' or '|' or '*' or '+' or '?' or '{' or '}' or ',' or (>= '0' and <= '9'):
                _at++;
                _target.Append(next);
                break;
            default:
                Literal(Rune());
                break;
        }
    }

    private void Group()
    {
        string rest = _source[_at..];
        Match named = Regex.Match(rest, @"\A\(\?P?<[A-Za-z_][A-Za-z0-9_]*>", RegexOptions.CultureInvariant);
        if (rest.StartsWith("(?:", StringComparison.Ordinal))
        {
            _at += 3;
            _target.Append("(?:");
        }
        else if (named.Success)
        {
            // By number only: .NET counts groups with names after those without.
            _at += named.Length;
            _target.Append('(');
        }
        else if (rest.StartsWith("(?", StringComparison.Ordinal))
        {
            throw NotSupported("has a group with options, which is not converted");
        }
        else
        {
            _at++;
            _target.Append('(');
        }
    }

    private void Escape()
    {
        char kind = Current("ends with a backslash");
        switch (kind)
        {
            case 'A' or 'z':
                _at++;
                _target.Append('\\').Append(kind);
                break;
            case 'Q':
                _at++;
                int end = _source.IndexOf("\\E", _at, StringComparison.Ordinal);
                int stop = end < 0 ? _source.Length : end;
                while (_at < stop)
                {
                    Literal(Rune());
                }

                _at = end < 0 ? stop : end + 2;
                break;
            case 'b' or 'B' or 'C' or 'X' or 'E':
                throw NotSupported($"uses \\{kind}, which is not converted");
            default:
                if (NamedClass() is { } named)
                {
                    _target.Append(named.ToExpression());
                }
                else
                {
                    Literal(EscapedCharacter());
                }

                break;
        }
    }

    // [abc], [^a-z], [[:alpha:]\d]
    private CodePointSet Class()
    {
        _at++;
        bool negated = Skip('^');
        CodePointSet set = new();
        for (bool first = true; first || Current("has a class without end") != ']'; first = false)
        {
            if (PosixClass() is { } posix)
            {
                set.Add(posix);
                continue;
            }

            if (Current("has a class without end") == '\\')
            {
                _at++;
                Current("ends with a backslash");
                if (NamedClass() is { } named)
                {
                    set.Add(named);
                    continue;
                }

                _at--;
            }

            int from = ClassCharacter();
            int to = from;
            if (_at + 1 < _source.Length && _source[_at] == '-' && _source[_at + 1] != ']')
            {
                _at++;
                to = ClassCharacter();
            }

            _ = to >= from ? set.Add(from, to) : throw NotSupported("has a range the wrong way round");
        }

        _at++;
        return negated ? set.Complement() : set;
    }

    private int ClassCharacter()
    {
        if (Current("has a class without end") != '\\')
        {
            return Rune();
        }

        _at++;
        Current("ends with a backslash");
        return EscapedCharacter();
    }

    private CodePointSet? PosixClass()
    {
        Match match = Regex.Match(_source[_at..Math.Min(_source.Length, _at + 16)], @"\A\[:(\^?)([a-z]+):\]", RegexOptions.CultureInvariant);
        if (!match.Success)
        {
            return null;
        }

        _at += match.Length;
        CodePointSet set = CharacterClasses.Posix(match.Groups[2].Value) ?? throw NotSupported($"has the class {match.Value}, which is not known");
        return match.Groups[1].Length > 0 ? set.Complement() : set;
    }

    // \d, \pL, \p{Lu} and their opposites; null when it is a single character.
    private CodePointSet? NamedClass()
    {
        char kind = _source[_at];
        if (CharacterClasses.Perl(kind) is { } perl)
        {
            _at++;
            return perl;
        }

        if (kind is not ('p' or 'P'))
        {
            return null;
        }

        Match match = Regex.Match(_source[_at..], @"\A[pP](?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))", RegexOptions.CultureInvariant);
        string name = match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value;
        CodePointSet set = match.Success && CharacterClasses.Category(name) is { } known ? known : throw NotSupported($"uses \\{kind}{{{name}}}, which is not converted");
        _at += match.Length;
        return kind == 'P' ^ match.Groups[1].Length > 0 ? set.Complement() : set;
    }

    private int EscapedCharacter()
    {
        char kind = _source[_at];
        Match hexadecimal = Regex.Match(_source[_at..], @"\Ax(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))", RegexOptions.CultureInvariant);
        Match octal = Regex.Match(_source[_at..], @"\A(?:0[0-7]{0,2}|[1-7][0-7]{2})", RegexOptions.CultureInvariant);
        if (hexadecimal.Success || octal.Success)
        {
            _at += hexadecimal.Success ? hexadecimal.Length : octal.Length;
            int point = hexadecimal.Success
                ? int.Parse(hexadecimal.Groups[1].Success ? hexadecimal.Groups[1].Value : hexadecimal.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : octal.Value.Aggregate(0, static (sum, digit) => (sum * 8) + digit - '0');
            return System.Text.Rune.IsValid(point) ? point : throw NotSupported("names a character that Unicode does not have");
        }

        int control = "tnrfva".IndexOf(kind, StringComparison.Ordinal);
        if (control >= 0)
        {
            _at++;
            return "\t\n\r\f\v\a"[control];
        }

        return char.IsAsciiLetterOrDigit(kind) ? throw NotSupported($"uses \\{kind}, which is not converted") : Rune();
    }

    private void Literal(int point)
    {
        string text = char.ConvertFromUtf32(point);
        _ = text.Length > 1 ? _target.Append("(?:").Append(text).Append(')') : _target.Append(Regex.Escape(text));
    }

    private int Rune()
    {
        if (!System.Text.Rune.TryGetRuneAt(_source, _at, out Rune rune))
        {
            throw NotSupported("is not well-formed text");
        }

        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private bool Skip(char expected)
    {
        bool found = _at < _source.Length && _source[_at] == expected;
        _at += found ? 1 : 0;
        return found;
    }

    private char Current(string otherwise) => _at < _source.Length ? _source[_at] : throw NotSupported(otherwise);

    private SlipwayException NotSupported(string why, Exception? fault = null) =>
        new(ErrorCode.NotSupported, $"the regular expression '{(_source.Length > 200 ? _source[..200] + "…" : _source)}' {why}", fault!);
}
