using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Inference.Requests;

/// <summary>
/// Conversions between numeric types that lose nothing: every value of the narrow type is one of the wide type. 64-bit integers become FP64 where each value of the tensor is one
/// that FP64 has; which those are only the values tell.
/// </summary>
internal static class Widening
{
    private const long LargestExact = 1L << 53;

    /// <summary>Whether a tensor of one type may stand for another.</summary>
    public static bool IsAllowed(TensorDataType from, TensorDataType to) => from == to ? to.ElementSize() > 0 && to != TensorDataType.Bool : (from, to) switch
    {
        (TensorDataType.Int8, TensorDataType.Int16 or TensorDataType.Int32 or TensorDataType.Int64 or TensorDataType.Float16 or TensorDataType.Float32 or TensorDataType.Float64) => true,
        (TensorDataType.UInt8, TensorDataType.Int16 or TensorDataType.Int32 or TensorDataType.Int64 or TensorDataType.UInt16 or TensorDataType.UInt32 or TensorDataType.UInt64
            or TensorDataType.Float16 or TensorDataType.Float32 or TensorDataType.Float64) => true,
        (TensorDataType.Int16, TensorDataType.Int32 or TensorDataType.Int64 or TensorDataType.Float32 or TensorDataType.Float64) => true,
        (TensorDataType.UInt16, TensorDataType.Int32 or TensorDataType.Int64 or TensorDataType.UInt32 or TensorDataType.UInt64 or TensorDataType.Float32 or TensorDataType.Float64) => true,
        (TensorDataType.Int32, TensorDataType.Int64 or TensorDataType.Float64) => true,
        (TensorDataType.UInt32, TensorDataType.Int64 or TensorDataType.UInt64 or TensorDataType.Float64) => true,
        (TensorDataType.Int64 or TensorDataType.UInt64, TensorDataType.Float64) => true,
        (TensorDataType.Float16 or TensorDataType.BFloat16, TensorDataType.Float32 or TensorDataType.Float64) => true,
        (TensorDataType.Float32, TensorDataType.Float64) => true,
        _ => false,
    };

    /// <summary>Copies elements into every <paramref name="stride"/>th place of the target.</summary>
    /// <param name="from">Type of the source; <see cref="IsAllowed"/> says which go.</param>
    /// <param name="source">Whole elements.</param>
    /// <param name="to">Type of the target.</param>
    /// <param name="target">From the first place on; long enough.</param>
    /// <param name="stride">Elements of the target from one place to the next, 1 or more.</param>
    /// <returns>False when a value of the source is none of the target's type.</returns>
    public static bool TryCopy(TensorDataType from, ReadOnlySpan<byte> source, TensorDataType to, Span<byte> target, int stride) => from switch
    {
        TensorDataType.Int8 => Copy<sbyte>(source, to, target, stride),
        TensorDataType.UInt8 => Copy<byte>(source, to, target, stride),
        TensorDataType.Int16 => Copy<short>(source, to, target, stride),
        TensorDataType.UInt16 => Copy<ushort>(source, to, target, stride),
        TensorDataType.Int32 => Copy<int>(source, to, target, stride),
        TensorDataType.UInt32 => Copy<uint>(source, to, target, stride),
        TensorDataType.Int64 => (to == TensorDataType.Int64 || AllExact(MemoryMarshal.Cast<byte, long>(source))) && Copy<long>(source, to, target, stride),
        TensorDataType.UInt64 => (to == TensorDataType.UInt64 || AllExact(MemoryMarshal.Cast<byte, ulong>(source))) && Copy<ulong>(source, to, target, stride),
        TensorDataType.Float16 => Copy<Half>(source, to, target, stride),
        TensorDataType.Float32 => Copy<float>(source, to, target, stride),
        TensorDataType.Float64 => Copy<double>(source, to, target, stride),
        TensorDataType.BFloat16 => CopyBFloat16(source, to, target, stride),
        _ => throw new ArgumentOutOfRangeException(nameof(from)),
    };

    private static bool AllExact(ReadOnlySpan<long> values) => !values.ContainsAnyExceptInRange(-LargestExact, LargestExact);

    private static bool AllExact(ReadOnlySpan<ulong> values) => !values.ContainsAnyExceptInRange(0UL, (ulong)LargestExact);

    private static bool Copy<TFrom>(ReadOnlySpan<byte> source, TensorDataType to, Span<byte> target, int stride)
        where TFrom : unmanaged, INumberBase<TFrom>
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(source);
        switch (to)
        {
            case TensorDataType.Int8:
                Loop(values, MemoryMarshal.Cast<byte, sbyte>(target), stride);
                break;
            case TensorDataType.UInt8:
                Loop(values, target, stride);
                break;
            case TensorDataType.Int16:
                Loop(values, MemoryMarshal.Cast<byte, short>(target), stride);
                break;
            case TensorDataType.UInt16:
                Loop(values, MemoryMarshal.Cast<byte, ushort>(target), stride);
                break;
            case TensorDataType.Int32:
                Loop(values, MemoryMarshal.Cast<byte, int>(target), stride);
                break;
            case TensorDataType.UInt32:
                Loop(values, MemoryMarshal.Cast<byte, uint>(target), stride);
                break;
            case TensorDataType.Int64:
                Loop(values, MemoryMarshal.Cast<byte, long>(target), stride);
                break;
            case TensorDataType.UInt64:
                Loop(values, MemoryMarshal.Cast<byte, ulong>(target), stride);
                break;
            case TensorDataType.Float16:
                Loop(values, MemoryMarshal.Cast<byte, Half>(target), stride);
                break;
            case TensorDataType.Float32:
                Loop(values, MemoryMarshal.Cast<byte, float>(target), stride);
                break;
            case TensorDataType.Float64:
                Loop(values, MemoryMarshal.Cast<byte, double>(target), stride);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(to));
        }

        return true;
    }

    private static void Loop<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target, int stride)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        for (int i = 0, at = 0; i < source.Length; i++, at += stride)
        {
            target[at] = TTo.CreateTruncating(source[i]);
        }
    }

    // The upper half of a binary32.
    private static bool CopyBFloat16(ReadOnlySpan<byte> source, TensorDataType to, Span<byte> target, int stride)
    {
        ReadOnlySpan<ushort> values = MemoryMarshal.Cast<byte, ushort>(source);
        if (to == TensorDataType.BFloat16)
        {
            return Copy<ushort>(source, TensorDataType.UInt16, target, stride);
        }

        for (int i = 0, at = 0; i < values.Length; i++, at += stride)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)values[i] << 16);
            if (to == TensorDataType.Float32)
            {
                MemoryMarshal.Cast<byte, float>(target)[at] = value;
            }
            else
            {
                MemoryMarshal.Cast<byte, double>(target)[at] = value;
            }
        }

        return true;
    }
}
