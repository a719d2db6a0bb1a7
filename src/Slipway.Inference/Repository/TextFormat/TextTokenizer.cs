using System.Globalization;
using System.Text;

namespace Slipway.Inference.Repository.TextFormat;

/// <summary>Cuts protobuf text format into tokens; comments and white space fall away.</summary>
internal sealed class TextTokenizer(string text)
{
    private int _at;
    private int _line = 1;
    private int _lineStart;

    public TextToken Next()
    {
        SkipBlank();
        if (_at >= text.Length)
        {
            return new TextToken(TextTokenKind.End, "", _line, Column);
        }

        char c = text[_at];
        if (c is '"' or '\'')
        {
            return ReadString(c);
        }

        (int start, int column) = (_at, Column);
        if (IsWord(c))
        {
            while (_at < text.Length && (IsWord(text[_at]) || IsInsideNumber(start)))
            {
                _at++;
            }

            return new TextToken(TextTokenKind.Word, text[start.._at], _line, column);
        }

        if ("{}[]<>:,;-./".Contains(c, StringComparison.Ordinal))
        {
            _at++;
            return new TextToken(TextTokenKind.Symbol, c.ToString(), _line, column);
        }

        throw new TextFormatException($"character U+{(int)c:X4} is not expected", _line, column);
    }

    private int Column => _at - _lineStart + 1;

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    // A point belongs to a number, and so does the sign of its exponent.
    private bool IsInsideNumber(int start) => char.IsAsciiDigit(text[start])
        && (text[_at] == '.' || (text[_at] is '+' or '-' && text[_at - 1] is 'e' or 'E' && !text.AsSpan(start, _at - start).StartsWith("0x")));

    private void SkipBlank()
    {
        for (; _at < text.Length; _at++)
        {
            if (text[_at] == '\n')
            {
                _line++;
                _lineStart = _at + 1;
            }
            else if (text[_at] == '#')
            {
                while (_at + 1 < text.Length && text[_at + 1] != '\n')
                {
                    _at++;
                }
            }
            else if (text[_at] is not (' ' or '\t' or '\r' or '\f' or '\v' or '\uFEFF'))
            {
                return;
            }
        }
    }

    private TextToken ReadString(char quote)
    {
        (int line, int column) = (_line, Column);
        List<byte> bytes = [];
        _at++;
        int plain = _at;
        while (true)
        {
            if (_at >= text.Length || text[_at] is '\n' or '\0')
            {
                throw new TextFormatException("a string that is not closed on its line", line, column);
            }

            char c = text[_at];
            if (c != quote && c != '\\')
            {
                _at++;
                continue;
            }

            bytes.AddRange(Encoding.UTF8.GetBytes(text, plain, _at - plain));
            _at++;
            if (c == quote)
            {
                return new TextToken(TextTokenKind.String, Encoding.UTF8.GetString([.. bytes]), line, column);
            }

            ReadEscape(bytes);
            plain = _at;
        }
    }

    private void ReadEscape(List<byte> bytes)
    {
        char c = _at < text.Length ? text[_at++] : '\0';
        switch (c)
        {
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v':
                bytes.Add((byte)"\a\b\f\n\r\t\v"["abfnrtv".IndexOf(c, StringComparison.Ordinal)]);
                break;
            case '\\' or '\'' or '"' or '?':
                bytes.Add((byte)c);
                break;
            case 'x' or 'X':
                bytes.Add((byte)ReadDigits(2, 16, 1));
                break;
            case >= '0' and <= '7':
                _at--;
                bytes.Add((byte)ReadDigits(3, 8, 1));
                break;
            case 'u' or 'U':
                int count = c == 'u' ? 4 : 8;
                int code = ReadDigits(count, 16, count);
                bytes.AddRange(Rune.IsValid(code)
                    ? Encoding.UTF8.GetBytes(new Rune(code).ToString())
                    : throw new TextFormatException("an escape that is no character", _line, Column));
                break;
            default:
                throw new TextFormatException("an unknown escape", _line, Column);
        }
    }

    private int ReadDigits(int most, int radix, int least)
    {
        int start = _at;
        while (_at < text.Length && _at - start < most && (radix == 16 ? char.IsAsciiHexDigit(text[_at]) : text[_at] is >= '0' and <= '7'))
        {
            _at++;
        }

        if (_at - start < least)
        {
            throw new TextFormatException("an escape with too few digits", _line, Column);
        }

        ReadOnlySpan<char> digits = text.AsSpan(start, _at - start);
        long value = 0;
        foreach (char digit in digits)
        {
            value = (value * radix) + int.Parse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        return value <= int.MaxValue ? (int)value : -1;
    }
}
