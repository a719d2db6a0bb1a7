using System.Buffers;
using System.Text;

namespace Slipway.Protocols.Json;

/// <summary>Strings of JSON: escapes taken out, and put in.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>Takes the escapes out of a string.</summary>
    /// <param name="raw">What stands between the quotes; valid UTF-8 in which every backslash has a byte behind it.</param>
    /// <param name="position">Where it begins in the body, for errors.</param>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw, int position)
    {
        byte[] text = new byte[raw.Length];
        return text.AsSpan(0, Unescape(raw, text, position));
    }

    /// <summary>Takes the escapes out of a string into <paramref name="destination"/>, which is at least as long; returns the length.</summary>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination, int position)
    {
        int read = 0;
        int written = 0;
        while (true)
        {
            int plain = raw[read..].IndexOf((byte)'\\');
            if (plain < 0)
            {
                raw[read..].CopyTo(destination[written..]);
                return written + raw.Length - read;
            }

            raw.Slice(read, plain).CopyTo(destination[written..]);
            read += plain;
            written += plain;
            byte kind = raw[read + 1];
            if (kind == 'u')
            {
                Rune rune = ReadRune(raw, ref read, position);
                written += rune.EncodeToUtf8(destination[written..]);
                continue;
            }

            destination[written++] = kind switch
            {
                (byte)'"' or (byte)'\\' or (byte)'/' => kind,
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                _ => throw new MalformedJsonException("an unknown escape in a string", position + read),
            };
            read += 2;
        }
    }

    /// <summary>Writes a string with its quotes. <paramref name="text"/> is valid UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        while (true)
        {
            int plain = text.IndexOfAny(MustEscape);
            if (plain < 0)
            {
                output.Write(text);
                output.Write("\""u8);
                return;
            }

            output.Write(text[..plain]);
            WriteEscape(output, text[plain]);
            text = text[(plain + 1)..];
        }
    }

    /// <summary>Writes a string with its quotes; lone surrogates become U+FFFD.</summary>
    public static void Write(IBufferWriter<byte> output, string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        Span<byte> bytes = most <= 256 ? stackalloc byte[256] : rented = ArrayPool<byte>.Shared.Rent(most);
        Write(output, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void WriteEscape(IBufferWriter<byte> output, byte value)
    {
        switch (value)
        {
            case (byte)'"':
                output.Write("\\\""u8);
                break;
            case (byte)'\\':
                output.Write("\\\\"u8);
                break;
            case (byte)'\n':
                output.Write("\\n"u8);
                break;
            case (byte)'\r':
                output.Write("\\r"u8);
                break;
            case (byte)'\t':
                output.Write("\\t"u8);
                break;
            default:
                ReadOnlySpan<byte> hex = "0123456789abcdef"u8;
                Span<byte> escape = [(byte)'\\', (byte)'u', (byte)'0', (byte)'0', hex[value >> 4], hex[value & 15]];
                output.Write(escape);
                break;
        }
    }

    private static Rune ReadRune(ReadOnlySpan<byte> raw, ref int read, int position)
    {
        int start = read;
        char first = ReadUnit(raw, ref read, position);
        if (!char.IsSurrogate(first))
        {
            return new Rune(first);
        }

        if (char.IsHighSurrogate(first) && read + 1 < raw.Length && raw[read] == '\\' && raw[read + 1] == 'u'
            && Rune.TryCreate(first, ReadUnit(raw, ref read, position), out Rune rune))
        {
            return rune;
        }

        throw new MalformedJsonException("half a surrogate pair in a string", position + start);
    }

    private static char ReadUnit(ReadOnlySpan<byte> raw, ref int read, int position)
    {
        if (raw.Length - read < 6
            || !ushort.TryParse(raw.Slice(read + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort unit))
        {
            throw new MalformedJsonException("a broken \\u escape in a string", position + read);
        }

        read += 6;
        return (char)unit;
    }
}
