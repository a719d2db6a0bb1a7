using System.Globalization;
using System.Numerics;
using System.Text;

namespace Slipway.Core.Rows;

/// <summary>Integers of 8 to 64 bits, exact. A cell written as a fraction is taken when its value is whole and fits (<c>3.0</c>).</summary>
internal readonly struct IntegerCodec<T> : ICellCodec<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    // The largest power of two up to which a binary64 holds every integer.
    private const double ExactUpTo = 9007199254740992;

    public static T Missing => default;

    public static bool HasMissing => false;

    public static bool IsWord(T value) => false;

    public static int ReadRun(ReadOnlySpan<byte> text, ref int position, byte delimiter, Span<T> values, out bool isEnded) =>
        JsonNumber.ReadIntegers(text, ref position, delimiter, values, out isEnded);

    public static bool TryParse(ReadOnlySpan<byte> text, out T value)
    {
        if (FloatWords.EndsWithNul(text))
        {
            value = default;
            return false;
        }

        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value!))
        {
            return true;
        }

        if (!double.TryParse(text, FloatWords.Style, CultureInfo.InvariantCulture, out double wide)
            || Math.Floor(wide) != wide || Math.Abs(wide) > ExactUpTo
            || wide < double.CreateChecked(T.MinValue) || wide > double.CreateChecked(T.MaxValue))
        {
            return false;
        }

        value = T.CreateChecked(wide);
        return true;
    }

    public static int Format(T value, Span<byte> destination) =>
        value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture) ? written : throw new ArgumentException("too short", nameof(destination));
}

/// <summary>Truth values: <c>true</c>, <c>false</c> in any case, 1 and 0.</summary>
internal readonly struct BoolCodec : ICellCodec<byte>
{
    public static byte Missing => default;

    public static bool HasMissing => false;

    public static bool IsWord(byte value) => false;

    public static bool TryParse(ReadOnlySpan<byte> text, out byte value)
    {
        if (text.Length == 1)
        {
            value = (byte)(text[0] - '0');
            return value <= 1;
        }

        bool isTrue = Ascii.EqualsIgnoreCase(text, "true"u8);
        value = isTrue ? (byte)1 : (byte)0;
        return isTrue || Ascii.EqualsIgnoreCase(text, "false"u8);
    }

    public static int Format(byte value, Span<byte> destination)
    {
        ReadOnlySpan<byte> word = value != 0 ? "true"u8 : "false"u8;
        word.CopyTo(destination);
        return word.Length;
    }
}
