using System.Numerics;
using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>Signed integers; a fraction, an exponent or a value out of range is refused rather than cut.</summary>
internal readonly struct SignedCodec<T> : IElementCodec<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static string Expected => $"an integer from {T.MinValue} to {T.MaxValue}";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out T value)
    {
        int at = position;
        if (JsonNumber.TryReadInt64(text, ref at, out long wide)
            && wide >= long.CreateTruncating(T.MinValue) && wide <= long.CreateTruncating(T.MaxValue) && !NumberTail.Follows(text, at))
        {
            position = at;
            value = T.CreateTruncating(wide);
            return true;
        }

        value = default;
        return false;
    }

    public static int ReadRun(ReadOnlySpan<byte> text, ref int position, Span<T> values, out bool isEnded) =>
        JsonNumber.ReadIntegers(text, ref position, (byte)',', values, out isEnded);
}

/// <summary>Unsigned integers, under the same rule.</summary>
internal readonly struct UnsignedCodec<T> : IElementCodec<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static string Expected => $"an integer from 0 to {T.MaxValue}";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out T value)
    {
        int at = position;
        if (JsonNumber.TryReadUInt64(text, ref at, out ulong wide) && wide <= ulong.CreateTruncating(T.MaxValue) && !NumberTail.Follows(text, at))
        {
            position = at;
            value = T.CreateTruncating(wide);
            return true;
        }

        value = default;
        return false;
    }

    public static int ReadRun(ReadOnlySpan<byte> text, ref int position, Span<T> values, out bool isEnded) =>
        JsonNumber.ReadIntegers(text, ref position, (byte)',', values, out isEnded);
}

/// <summary>binary32: any number that it can hold as a finite value, and the bare words for those that aren't.</summary>
internal readonly struct SingleCodec : IElementCodec<float>
{
    public static string Expected => "a number that fits binary32";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out float value)
    {
        int at = position;
        if (JsonNumber.TryReadSingle(text, ref at, out value) && float.IsFinite(value))
        {
            position = at;
            return true;
        }

        bool word = NonFinite.TryRead(text, ref position, out double wide);
        value = (float)wide;
        return word;
    }

    public static int ReadRun(ReadOnlySpan<byte> text, ref int position, Span<float> values, out bool isEnded) =>
        JsonNumber.ReadSingles(text, ref position, (byte)',', values, out isEnded);
}

/// <summary>binary64, under the same rule.</summary>
internal readonly struct DoubleCodec : IElementCodec<double>
{
    public static string Expected => "a number that fits binary64";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out double value)
    {
        int at = position;
        if (JsonNumber.TryReadDouble(text, ref at, out value) && double.IsFinite(value))
        {
            position = at;
            return true;
        }

        return NonFinite.TryRead(text, ref position, out value);
    }

    public static int ReadRun(ReadOnlySpan<byte> text, ref int position, Span<double> values, out bool isEnded) =>
        JsonNumber.ReadDoubles(text, ref position, (byte)',', values, out isEnded);
}

/// <summary>binary16, under the same rule.</summary>
internal readonly struct HalfCodec : IElementCodec<Half>
{
    public static string Expected => "a number that fits binary16";

    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out Half value)
    {
        int at = position;
        if (JsonNumber.TryReadDouble(text, ref at, out double wide) && Half.IsFinite(value = (Half)wide))
        {
            position = at;
            return true;
        }

        bool word = NonFinite.TryRead(text, ref position, out wide);
        value = (Half)wide;
        return word;
    }
}

/// <summary><c>true</c> and <c>false</c>; numbers are refused.</summary>
internal readonly struct BoolCodec : IElementCodec<byte>
{
    public static string Expected => "true or false";

    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out byte value)
    {
        ReadOnlySpan<byte> rest = text[position..];
        bool truth = rest.StartsWith("true"u8);
        value = truth ? (byte)1 : (byte)0;
        if (!truth && !rest.StartsWith("false"u8))
        {
            return false;
        }

        position += truth ? 4 : 5;
        return true;
    }
}

/// <summary>What would make an integer another kind of number.</summary>
internal static class NumberTail
{
    /// <summary>Whether a fraction, an exponent or one more digit stands at <paramref name="position"/>.</summary>
    public static bool Follows(ReadOnlySpan<byte> text, int position) =>
        (uint)position < (uint)text.Length && text[position] is (byte)'.' or (byte)'e' or (byte)'E' or (>= (byte)'0' and <= (byte)'9');
}
