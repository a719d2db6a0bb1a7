using System.Globalization;
using System.Text;

namespace Slipway.Core.Rows;

/// <summary>IEEE 754 binary32. A number too large to be finite is none that the type has; infinity is a word.</summary>
internal readonly struct Float32Codec : ICellCodec<float>
{
    public static float Missing => float.NaN;

    public static bool HasMissing => true;

    public static bool IsWord(float value) => !float.IsFinite(value);

    public static bool TryReadPlain(ReadOnlySpan<byte> text, ref int position, out float value)
    {
        int at = position;
        bool isNumber = JsonNumber.TryReadSingle(text, ref at, out value) && float.IsFinite(value);
        position = isNumber ? at : position;
        return isNumber;
    }

    public static int ReadRun(ReadOnlySpan<byte> text, ref int position, byte delimiter, Span<float> values, out bool isEnded) =>
        JsonNumber.ReadSingles(text, ref position, delimiter, values, out isEnded);

    public static bool TryParse(ReadOnlySpan<byte> text, out float value)
    {
        int end = 0;
        return (JsonNumber.TryReadSingle(text, ref end, out value) && end == text.Length && float.IsFinite(value)) || TryParseSlowly(text, out value);
    }

    // What JSON does not write: a plus sign, leading zeros, a bare point, words.
    private static bool TryParseSlowly(ReadOnlySpan<byte> text, out float value) =>
        FloatWords.TryParse(text, out value) || (float.TryParse(text, FloatWords.Style, CultureInfo.InvariantCulture, out value) && float.IsFinite(value) && !FloatWords.EndsWithNul(text));

    public static int Format(float value, Span<byte> destination)
    {
        // The commonest value of a class's probability, and no ordinary size.
        if (BitConverter.SingleToInt32Bits(value) == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        if (!ShortestSingle.TryWrite(value, destination, out int length))
        {
            return value.TryFormat(destination, out length, default, CultureInfo.InvariantCulture) ? length : throw new ArgumentException("too short", nameof(destination));
        }

        // Whole numbers are written without a point.
        return destination[length - 2] == '.' && destination[length - 1] == '0' ? length - 2 : length;
    }
}

/// <summary>IEEE 754 binary64, under the same rule.</summary>
internal readonly struct Float64Codec : ICellCodec<double>
{
    public static double Missing => double.NaN;

    public static bool HasMissing => true;

    public static bool IsWord(double value) => !double.IsFinite(value);

    public static bool TryReadPlain(ReadOnlySpan<byte> text, ref int position, out double value)
    {
        int at = position;
        bool isNumber = JsonNumber.TryReadDouble(text, ref at, out value) && double.IsFinite(value);
        position = isNumber ? at : position;
        return isNumber;
    }

    public static int ReadRun(ReadOnlySpan<byte> text, ref int position, byte delimiter, Span<double> values, out bool isEnded) =>
        JsonNumber.ReadDoubles(text, ref position, delimiter, values, out isEnded);

    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        int end = 0;
        return (JsonNumber.TryReadDouble(text, ref end, out value) && end == text.Length && double.IsFinite(value)) || TryParseSlowly(text, out value);
    }

    private static bool TryParseSlowly(ReadOnlySpan<byte> text, out double value)
    {
        if (FloatWords.TryParse(text, out float word))
        {
            value = word;
            return true;
        }

        return double.TryParse(text, FloatWords.Style, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && !FloatWords.EndsWithNul(text);
    }

    public static int Format(double value, Span<byte> destination) =>
        value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture) ? written : throw new ArgumentException("too short", nameof(destination));
}

/// <summary>IEEE 754 binary16, under the same rule.</summary>
internal readonly struct Float16Codec : ICellCodec<Half>
{
    public static Half Missing => Half.NaN;

    public static bool HasMissing => true;

    public static bool IsWord(Half value) => !Half.IsFinite(value);

    public static bool TryParse(ReadOnlySpan<byte> text, out Half value)
    {
        if (FloatWords.TryParse(text, out float word))
        {
            value = (Half)word;
            return true;
        }

        return Half.TryParse(text, FloatWords.Style, CultureInfo.InvariantCulture, out value) && Half.IsFinite(value) && !FloatWords.EndsWithNul(text);
    }

    public static int Format(Half value, Span<byte> destination) =>
        value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture) ? written : throw new ArgumentException("too short", nameof(destination));
}

/// <summary>The upper half of a binary32, held as its bits. Read by way of binary32, rounded to the nearest, ties to even; under the same rule.</summary>
internal readonly struct BFloat16Codec : ICellCodec<ushort>
{
    private const ushort QuietNaN = 0x7FC0;

    public static ushort Missing => QuietNaN;

    public static bool HasMissing => true;

    public static bool IsWord(ushort value) => !float.IsFinite(Widen(value));

    public static bool TryParse(ReadOnlySpan<byte> text, out ushort value)
    {
        bool isNumber = Float32Codec.TryParse(text, out float wide);
        value = Narrow(wide);
        return isNumber && IsWord(value) == Float32Codec.IsWord(wide);
    }

    public static int Format(ushort value, Span<byte> destination) => Float32Codec.Format(Widen(value), destination);

    private static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static ushort Narrow(float value)
    {
        if (float.IsNaN(value))
        {
            return QuietNaN;
        }

        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

/// <summary>The words that stand for numbers, as other tools write them.</summary>
internal static class FloatWords
{
    /// <summary>Sign, digits, point and exponent; no white space, no thousands.</summary>
    public const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Whether the framework's parsers would pass over what stands at the end: they take zero bytes there for padding.</summary>
    public static bool EndsWithNul(ReadOnlySpan<byte> text) => text.EndsWith((byte)0);

    /// <summary>Reads <c>nan</c>, <c>inf</c> and <c>infinity</c> with a sign or none, and <c>true</c> (1) and <c>false</c> (0), in any case.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out float value)
    {
        // A column of truth values among numbers, as data frames write it.
        value = Ascii.EqualsIgnoreCase(text, "true"u8) ? 1 : 0;
        if (value == 1 || Ascii.EqualsIgnoreCase(text, "false"u8))
        {
            return true;
        }

        bool negative = text.Length > 0 && text[0] == '-';
        ReadOnlySpan<byte> word = negative || (text.Length > 0 && text[0] == '+') ? text[1..] : text;
        if (Ascii.EqualsIgnoreCase(word, "nan"u8))
        {
            value = float.NaN;
            return true;
        }

        value = negative ? float.NegativeInfinity : float.PositiveInfinity;
        return Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8);
    }
}
