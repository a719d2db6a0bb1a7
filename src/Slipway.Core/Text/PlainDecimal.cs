using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Core;

/// <summary>
/// A decimal without exponent, taken apart: ±digits · 10^-places. Found in a window of sixteen bytes with vector instructions and no branch that depends on the sign
/// or on how many digits there are, since those change at random from number to number. Everything else is left to <see cref="JsonNumber"/>.
/// </summary>
internal readonly struct PlainDecimal
{
    /// <summary>Most digits behind the point.</summary>
    public const int MostPlaces = 22;

    // The window, and a word behind it: one check of the room does for the whole number.
    private const int Room = 24;
    private const int Window = 16;

    // With this many digits or fewer behind the window's, or with such a small number in it, all digits fit 64 bits.
    private const int FewMore = 4;
    private const ulong SmallBefore = 1_000_000_000_000;

    private PlainDecimal(long digits, int behind, int sign, int length)
    {
        Digits = digits;
        Behind = behind;
        Sign = sign;
        Length = length;
    }

    /// <summary>All digits as one number, without the sign.</summary>
    public long Digits { get; }

    /// <summary>Bytes behind the digits before the point: 0 without a point, else one more than <see cref="Places"/>.</summary>
    public int Behind { get; }

    /// <summary>Digits behind the point, at most <see cref="MostPlaces"/>.</summary>
    public int Places => Behind == 0 ? 0 : Behind - 1;

    /// <summary>1 when there is a minus sign, else 0.</summary>
    public int Sign { get; }

    /// <summary>Bytes of text.</summary>
    public int Length { get; }

    /// <summary>
    /// Finds the number that begins at <paramref name="position"/>. False for what is none (RFC 8259 §6), and for numbers near the end of the text or with more digits than
    /// fit 63 bits. At least one byte of the text follows, which is no digit, but may begin an exponent.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryFind(ReadOnlySpan<byte> text, int position, out PlainDecimal number)
    {
        if (text.Length - position < Room)
        {
            number = default;
            return false;
        }

        // 1. Digits as values, the rest as zeros; and a bit for every byte that is no digit.
        ReadOnlySpan<byte> window = text.Slice(position, Room);
        Vector128<byte> values = Vector128.Create(window) - Vector128.Create((byte)'0');
        Vector128<byte> areDigits = Vector128.Equals(values, Vector128.Min(values, Vector128.Create((byte)9)));
        uint points = Vector128.Equals(values, Vector128.Create(unchecked((byte)('.' - '0')))).ExtractMostSignificantBits();
        values &= areDigits;
        int sign = window[0] == '-' ? 1 : 0;
        uint others = (areDigits.ExtractMostSignificantBits() ^ 0xFFFFu) & ~(uint)sign;

        // 2. The first of the others ends the whole part; when it is a point, the next one ends the number.
        uint lowest = others & (0 - others);
        uint point = points & lowest;
        int whole = BitOperations.TrailingZeroCount(others | 1 << Window);
        int end = BitOperations.TrailingZeroCount((others ^ point) | 1 << Window);
        int hasPoint = point != 0 ? 1 : 0;
        int places = end - whole - hasPoint;

        // A digit before the point, one behind it, and no zero before other digits. Without short cuts: each would be one more branch to be guessed wrong.
        if ((whole == sign) | (places < hasPoint) | ((whole - sign > 1) & (window[sign] == '0')))
        {
            number = default;
            return false;
        }

        // 3. The digits moved to the window's end, those before the point one byte further: sixteen digits with zeros before them.
        Vector128<sbyte> source = Vector128<sbyte>.Indices + Vector128.Create((sbyte)(whole + places - Window));
        source -= Vector128.GreaterThan(source, Vector128.Create((sbyte)(whole - 1)));
        ulong digits = DecimalDigits.Parse(Vector128.ShuffleNative(values, source.AsByte()));
        if (end < Window)
        {
            number = new PlainDecimal((long)digits, places + hasPoint, sign, end);
            return true;
        }

        // Copied, so that what is returned in memory here needs not be there in the ordinary case.
        PlainDecimal longer = FindMore(window, digits, places, sign, hasPoint);
        number = new PlainDecimal(longer.Digits, longer.Behind, longer.Sign, longer.Length);
        return longer.Length > 0;
    }

    /// <summary>
    /// Finds the number that takes just the <paramref name="length"/> bytes at <paramref name="position"/>, behind which something follows that is no digit. The same numbers as
    /// <see cref="TryFind(ReadOnlySpan{byte}, int, out PlainDecimal)"/>, but for those longer than the window; where it ends need not be found first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryFind(ReadOnlySpan<byte> text, int position, int length, out PlainDecimal number)
    {
        number = default;
        if (text.Length - position < Room)
        {
            return false;
        }

        // 1. Behind the sign: the bytes that are no digits, points, and zeros.
        int sign = text[position] == '-' ? 1 : 0;
        int bytes = length - sign;
        Vector128<byte> values = Vector128.Create(text.Slice(position + sign, Window)) - Vector128.Create((byte)'0');
        uint others = Vector128.Equals(values, Vector128.Min(values, Vector128.Create((byte)9))).ExtractMostSignificantBits() ^ 0xFFFFu;
        uint points = Vector128.Equals(values, Vector128.Create(unchecked((byte)('.' - '0')))).ExtractMostSignificantBits();
        uint zeros = Vector128.Equals(values, Vector128<byte>.Zero).ExtractMostSignificantBits();

        // 2. Of these only one may be no digit, a point, neither first nor last; and no zero stands before another digit.
        uint end = 1u << bytes;
        uint point = points & (end - 1);
        int whole = BitOperations.TrailingZeroCount(point | end);
        int behind = bytes - whole;
        if ((uint)(bytes - 1) >= Window - 1
            || (others & (end - 1)) != (point & (0 - point))
            || whole == 0
            || behind == 1
            || (zeros & ~(others >> 1) & 1) != 0)
        {
            return false;
        }

        // 3. The digits moved to the window's end, those before a point one byte further.
        Vector128<sbyte> source = Vector128<sbyte>.Indices + Vector128.Create((sbyte)(bytes - Window));
        source += Vector128.GreaterThan(Vector128.Create((sbyte)(behind == 0 ? sbyte.MinValue : whole + 1)), source);
        number = new PlainDecimal((long)DecimalDigits.Parse(Vector128.ShuffleNative(values, source.AsByte())), behind, sign, length);
        return true;
    }

    // The window is full: up to seven digits more, as doubles have, but only behind the point. Without length when there are too many.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PlainDecimal FindMore(ReadOnlySpan<byte> window, ulong before, int places, int sign, int hasPoint)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(window[Window..]);
        int more = DecimalDigits.Count(word);
        if (hasPoint == 0 || more == 8 || (more > FewMore && before >= SmallBefore))
        {
            return default;
        }

        // Without any more, all of the word is shifted out.
        ulong digits = (before * DecimalDigits.PowerOfTen(more)) + DecimalDigits.Parse(((word - DecimalDigits.Zeros) << (56 - (more << 3))) << 8);
        return digits <= long.MaxValue ? new PlainDecimal((long)digits, places + 1 + more, sign, Window + more) : default;
    }
}
