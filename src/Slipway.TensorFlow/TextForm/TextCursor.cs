using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.TensorFlow.TextForm;

/// <summary>Reads the words of protobuf's text format from bytes of UTF-8. Not thread-safe.</summary>
internal sealed class TextCursor(ReadOnlyMemory<byte> text)
{
    private int _position;
    private int _line = 1;

    /// <summary>Whether nothing but blanks and comments is left.</summary>
    public bool IsAtEnd => Peek() == 0;

    /// <summary>The next character that is no blank and in no comment; 0 at the end.</summary>
    public byte Peek()
    {
        ReadOnlySpan<byte> bytes = text.Span;
        while (_position < bytes.Length)
        {
            byte next = bytes[_position];
            if (next == '#')
            {
                while (_position < bytes.Length && bytes[_position] != '\n')
                {
                    _position++;
                }

                continue;
            }

            if (next is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return next;
            }

            _line += next == '\n' ? 1 : 0;
            _position++;
        }

        return 0;
    }

    /// <summary>Takes a character if it comes next.</summary>
    public bool TryTake(char expected)
    {
        bool isNext = Peek() == expected;
        _position += isNext ? 1 : 0;
        return isNext;
    }

    /// <summary>A name or a number: letters, digits and <c>_ . + - /</c>.</summary>
    public string Word()
    {
        Peek();
        ReadOnlySpan<byte> bytes = text.Span;
        int start = _position;
        while (_position < bytes.Length && (char.IsAsciiLetterOrDigit((char)bytes[_position]) || "_.+-/"u8.Contains(bytes[_position])))
        {
            _position++;
        }

        return _position > start ? Encoding.ASCII.GetString(bytes[start.._position]) : throw Fault("expected a name or a value");
    }

    /// <summary>A name in brackets, of an extension or an <c>Any</c>.</summary>
    public void SkipBracketed()
    {
        while (Peek() is not (0 or (byte)']'))
        {
            Word();
        }

        if (!TryTake(']'))
        {
            throw Fault("expected ']'");
        }
    }

    /// <summary>One text or several, which belong together; each in quotes, with the escapes of C.</summary>
    public byte[] Quoted()
    {
        using MemoryStream content = new();
        do
        {
            byte quote = Peek();
            _position++;
            ReadQuoted(quote, content);
        }
        while (Peek() is (byte)'"' or (byte)'\'');
        return content.ToArray();
    }

    /// <summary>The failure of what comes next.</summary>
    public SlipwayException Fault(string problem) =>
        new(ErrorCode.InvalidModel, string.Create(CultureInfo.InvariantCulture, $"the text form of the SavedModel can't be read: {problem} in line {_line}"));

    private void ReadQuoted(byte quote, MemoryStream content)
    {
        ReadOnlySpan<byte> bytes = text.Span;
        while (true)
        {
            // Most of a large constant is plain.
            int plain = bytes[_position..].IndexOfAny(quote, (byte)'\\', (byte)'\n');
            if (plain < 0 || bytes[_position + plain] == '\n')
            {
                throw Fault("expected the end of a text");
            }

            content.Write(bytes.Slice(_position, plain));
            _position += plain + 1;
            if (bytes[_position - 1] == quote)
            {
                return;
            }

            ReadEscape(bytes, content);
        }
    }

    private void ReadEscape(ReadOnlySpan<byte> bytes, MemoryStream content)
    {
        byte kind = _position < bytes.Length ? bytes[_position++] : (byte)0;
        switch ((char)kind)
        {
            case 'n': content.WriteByte((byte)'\n'); break;
            case 't': content.WriteByte((byte)'\t'); break;
            case 'r': content.WriteByte((byte)'\r'); break;
            case 'a': content.WriteByte(7); break;
            case 'b': content.WriteByte(8); break;
            case 'f': content.WriteByte(12); break;
            case 'v': content.WriteByte(11); break;
            case '\\' or '\'' or '"' or '?': content.WriteByte(kind); break;
            case >= '0' and <= '7':
                _position--;
                content.WriteByte((byte)Digits(bytes, 3, 8));
                break;
            case 'x' or 'X': content.WriteByte((byte)Digits(bytes, 2, 16)); break;
            case 'u': WriteRune(Digits(bytes, 4, 16), content); break;
            case 'U': WriteRune(Digits(bytes, 8, 16), content); break;
            default: throw Fault("met an unknown escape");
        }
    }

    private uint Digits(ReadOnlySpan<byte> bytes, int most, uint radix)
    {
        uint value = 0;
        int count = 0;
        for (; count < most && _position < bytes.Length && char.IsAsciiHexDigit((char)bytes[_position]); count++)
        {
            uint digit = (uint)Convert.ToInt32(((char)bytes[_position]).ToString(), 16);
            if (digit >= radix)
            {
                break;
            }

            value = (value * radix) + digit;
            _position++;
        }

        return count > 0 ? value : throw Fault("met an escape without digits");
    }

    private void WriteRune(uint value, MemoryStream content)
    {
        if (!Rune.TryCreate(value, out Rune rune))
        {
            throw Fault("met an escape of no character");
        }

        Span<byte> encoded = stackalloc byte[4];
        content.Write(encoded[..rune.EncodeToUtf8(encoded)]);
    }
}
