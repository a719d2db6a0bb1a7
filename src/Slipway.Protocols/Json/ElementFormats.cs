using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>Writes one element of a tensor as JSON. Implemented by empty structs, so that a loop over a format compiles to straight code.</summary>
[SuppressMessage("Design", "CA1000", Justification = "Static abstract members are how the element type is chosen once for a whole tensor.")]
internal interface IElementFormat<T>
    where T : unmanaged
{
    /// <summary>Writes the element; returns how many bytes it took; 32 are there.</summary>
    static abstract int Write(T value, Span<byte> room);
}

/// <summary>Integers.</summary>
internal readonly struct IntegerFormat<T> : IElementFormat<T>
    where T : unmanaged, IBinaryInteger<T>
{
    public static int Write(T value, Span<byte> room)
    {
        value.TryFormat(room, out int written, default, CultureInfo.InvariantCulture);
        return written;
    }
}

/// <summary>true and false.</summary>
internal readonly struct BoolFormat : IElementFormat<byte>
{
    public static int Write(byte value, Span<byte> room)
    {
        ReadOnlySpan<byte> word = value == 0 ? "false"u8 : "true"u8;
        word.CopyTo(room);
        return word.Length;
    }
}

/// <summary>binary32.</summary>
internal readonly struct SingleFormat : IElementFormat<float>
{
    public static int Write(float value, Span<byte> room) => ShortestSingle.TryWrite(value, room, out int written) ? written : FloatFormat.Write(value, value, room);
}

/// <summary>binary64.</summary>
internal readonly struct DoubleFormat : IElementFormat<double>
{
    public static int Write(double value, Span<byte> room) => FloatFormat.Write(value, value, room);
}

/// <summary>binary16, in the form of the binary32 of the same value.</summary>
internal readonly struct HalfFormat : IElementFormat<Half>
{
    public static int Write(Half value, Span<byte> room) => SingleFormat.Write((float)value, room);
}

/// <summary>bfloat16, in the form of the binary32 of the same value.</summary>
internal readonly struct BFloat16Format : IElementFormat<ushort>
{
    public static int Write(ushort value, Span<byte> room) => SingleFormat.Write(BitConverter.UInt32BitsToSingle((uint)value << 16), room);
}

/// <summary>What the floating-point formats have in common.</summary>
internal static class FloatFormat
{
    /// <summary>Writes a value in its shortest form, with a decimal point or an exponent so that it is seen to be a float.</summary>
    public static int Write<T>(T value, double wide, Span<byte> room)
        where T : IUtf8SpanFormattable
    {
        if (!double.IsFinite(wide))
        {
            ReadOnlySpan<byte> word = NonFinite.ToWord(wide);
            word.CopyTo(room);
            return word.Length;
        }

        value.TryFormat(room, out int written, default, CultureInfo.InvariantCulture);
        if (room[..written].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            ".0"u8.CopyTo(room[written..]);
            written += 2;
        }

        return written;
    }
}
