using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>
/// Walks over a JSON text that lies in one piece, forwards, without building anything. Refuses what RFC 8259 refuses, strings that aren't UTF-8 and nesting deeper
/// than a bound, always with the position.
/// </summary>
internal ref struct JsonCursor
{
    /// <summary>Deepest nesting of arrays and objects accepted.</summary>
    public const int MaxDepth = 64;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static i => (byte)i), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _text;
    private int _position;

    public JsonCursor(ReadOnlySpan<byte> text, int position = 0)
    {
        _text = text;
        _position = position;
    }

    /// <summary>The whole text.</summary>
    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>Offset of the next byte.</summary>
    public int Position
    {
        readonly get => _position;
        set => _position = value;
    }

    /// <summary>The next byte that isn't white space, which stays where it is; 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Peek()
    {
        int at = _position;
        if ((uint)at < (uint)_text.Length && _text[at] > ' ')
        {
            return _text[at];
        }

        return PeekBehindSpace();
    }

    /// <summary>Takes <paramref name="expected"/> if it comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(byte expected)
    {
        if (Peek() != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Takes <paramref name="expected"/>, or fails saying that <paramref name="what"/> was expected.</summary>
    public void Take(byte expected, string what)
    {
        if (!TryTake(expected))
        {
            Fail($"expected {what}");
        }
    }

    /// <summary>
    /// Moves to the value of the next property of an object whose <c>{</c> was taken, or takes its <c>}</c>. The name is unescaped.
    /// </summary>
    public bool NextProperty(ref bool first, out ReadOnlySpan<byte> name)
    {
        if (TryTake((byte)'}'))
        {
            name = default;
            return false;
        }

        if (!first)
        {
            Take((byte)',', "',' or '}'");
        }

        first = false;
        if (Peek() != '"')
        {
            Fail("expected a property name");
        }

        name = ReadString();
        Take((byte)':', "':'");
        return true;
    }

    /// <summary>Moves to the next element of an array whose <c>[</c> was taken, or takes its <c>]</c>.</summary>
    public bool NextElement(ref bool first)
    {
        if (first)
        {
            first = false;
            return !TryTake((byte)']');
        }

        if (TryTake((byte)']'))
        {
            return false;
        }

        Take((byte)',', "',' or ']'");
        if (Peek() == ']')
        {
            Fail("expected a value");
        }

        return true;
    }

    /// <summary>Reads a string and unescapes it. The span points into the text where nothing is escaped.</summary>
    public ReadOnlySpan<byte> ReadString()
    {
        ReadOnlySpan<byte> raw = ReadRawString(out bool escaped);
        return escaped ? JsonText.Unescape(raw, _position - raw.Length - 1) : raw;
    }

    /// <summary>Reads a string as it stands between its quotes; valid UTF-8, escapes not looked at.</summary>
    public ReadOnlySpan<byte> ReadRawString(out bool escaped)
    {
        if (Peek() != '"')
        {
            Fail("expected a string");
        }

        escaped = false;
        int start = ++_position;
        while (true)
        {
            int length = _text[_position..].IndexOfAny(StringEnds);
            if (length < 0)
            {
                _position = _text.Length;
                Fail("the text ends within a string");
            }

            _position += length;
            switch (_text[_position])
            {
                case (byte)'"':
                    ReadOnlySpan<byte> raw = _text[start.._position];
                    if (!System.Text.Unicode.Utf8.IsValid(raw))
                    {
                        _position = start;
                        Fail("a string is not valid UTF-8");
                    }

                    _position++;
                    return raw;
                case (byte)'\\':
                    escaped = true;
                    if (_position + 1 >= _text.Length)
                    {
                        Fail("the text ends within a string");
                    }

                    _position += 2;
                    break;
                default:
                    Fail("a control character within a string");
                    break;
            }
        }
    }

    /// <summary>Reads an integer that fits 64 bits; fails saying what was expected.</summary>
    public long ReadInt64(string what)
    {
        Peek();
        int start = _position;
        if (!JsonNumber.TryReadInt64(_text, ref _position, out long value) || IsNumberPart())
        {
            _position = start;
            Fail($"expected {what}");
        }

        return value;
    }

    /// <summary>Reads <c>true</c> or <c>false</c>; fails saying what was expected.</summary>
    public bool ReadBool(string what)
    {
        Peek();
        if (TryTakeWord("true"u8))
        {
            return true;
        }

        if (!TryTakeWord("false"u8))
        {
            Fail($"expected {what}");
        }

        return false;
    }

    /// <summary>Takes <c>null</c> if it comes next.</summary>
    public bool TryTakeNull() => Peek() == 'n' && TryTakeWord("null"u8);

    /// <summary>Takes a word that begins right here.</summary>
    public bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        if (!_text[_position..].StartsWith(word))
        {
            return false;
        }

        _position += word.Length;
        return true;
    }

    /// <summary>Whether the next byte would go on with a number: what was read as an integer isn't one.</summary>
    public readonly bool IsNumberPart() =>
        (uint)_position < (uint)_text.Length && _text[_position] is (byte)'.' or (byte)'e' or (byte)'E' or (>= (byte)'0' and <= (byte)'9');

    /// <summary>Takes white space up to the end of the text and fails if there is more.</summary>
    public void TakeEnd()
    {
        if (Peek() != 0 || _position < _text.Length)
        {
            Fail("expected the end of the text");
        }
    }

    /// <summary>Fails at the present position.</summary>
    [DoesNotReturn]
    public readonly void Fail(string problem) => throw new MalformedJsonException(problem, _position);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte PeekBehindSpace()
    {
        int at = _position;
        while ((uint)at < (uint)_text.Length && _text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        _position = at;
        return (uint)at < (uint)_text.Length ? _text[at] : (byte)0;
    }
}
