namespace Slipway.OnnxRuntime.Text;

/// <summary>Parts of strings of bytes: trimmed, counted and cut as TensorFlow does it.</summary>
internal static class TextParts
{
    /// <summary>Whether C's isspace says so, in the locale "C".</summary>
    public static bool IsSpace(byte letter) => letter is (byte)' ' or (>= 9 and <= 13);

    /// <summary>Without white space at both ends.</summary>
    public static ReadOnlySpan<byte> Stripped(ReadOnlySpan<byte> text)
    {
        int first = 0;
        int end = text.Length;
        while (first < end && IsSpace(text[first]))
        {
            first++;
        }

        while (end > first && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[first..end];
    }

    /// <summary>Number of characters: of bytes that do not go on with one.</summary>
    public static int Count(ReadOnlySpan<byte> text)
    {
        int count = 0;
        foreach (byte letter in text)
        {
            count += IsContinuation(letter) ? 0 : 1;
        }

        return count;
    }

    /// <summary>Bytes or characters from a position on; a negative one counts from the end.</summary>
    /// <exception cref="TextFault">The position is outside of the string.</exception>
    public static ReadOnlySpan<byte> Substring(ReadOnlySpan<byte> text, long position, long length, bool characters)
    {
        int size = characters ? Count(text) : text.Length;
        if (position < -size || position > size)
        {
            throw new TextFault($"position {position} is outside of a string of {size}");
        }

        long first = position < 0 ? position + size : position;
        long end = Math.Min(size, first + Math.Clamp(length, 0, size));
        return characters ? text[ByteOf(text, first)..ByteOf(text, end)] : text[(int)first..(int)end];
    }

    /// <summary>Length in bytes of the character that begins at a position.</summary>
    public static int CharacterLength(ReadOnlySpan<byte> text, int at)
    {
        int end = at + 1;
        while (end < text.Length && IsContinuation(text[end]))
        {
            end++;
        }

        return end - at;
    }

    private static int ByteOf(ReadOnlySpan<byte> text, long character)
    {
        int at = 0;
        for (long i = 0; i < character; i++)
        {
            at += CharacterLength(text, at);
        }

        return at;
    }

    private static bool IsContinuation(byte letter) => (letter & 0xC0) == 0x80;
}
