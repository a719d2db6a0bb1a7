using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Protocols.SageMaker;

/// <summary>
/// Numbers of an array as a model's input has them, by the rules that hold for the same numbers in JSON and CSV: floating-point targets take the nearest value they have, integer
/// targets take integers that fit, and nothing that is finite becomes infinite.
/// </summary>
internal static class NpyNumbers
{
    /// <summary>Whether arrays of one type are taken for inputs of another; truth values only for themselves.</summary>
    public static bool IsTaken(TensorDataType from, TensorDataType to) => from == to
        || (from != TensorDataType.Bool && (IsFloat(to) || (IsInteger(to) && IsInteger(from))));

    /// <summary>Converts whole elements of a little-endian array of numbers.</summary>
    /// <param name="from">Type of the source; <see cref="IsTaken"/> says which go, and the two differ.</param>
    /// <param name="source">The elements.</param>
    /// <param name="to">Type of the target.</param>
    /// <param name="target">As many elements.</param>
    /// <returns>The first element that the target's type does not have; -1 when all went.</returns>
    public static int Convert(TensorDataType from, ReadOnlySpan<byte> source, TensorDataType to, Span<byte> target) => from switch
    {
        TensorDataType.UInt8 => From<byte>(source, to, target),
        TensorDataType.UInt16 => From<ushort>(source, to, target),
        TensorDataType.UInt32 => From<uint>(source, to, target),
        TensorDataType.UInt64 => From<ulong>(source, to, target),
        TensorDataType.Int8 => From<sbyte>(source, to, target),
        TensorDataType.Int16 => From<short>(source, to, target),
        TensorDataType.Int32 => From<int>(source, to, target),
        TensorDataType.Int64 => From<long>(source, to, target),
        TensorDataType.Float16 => From<Half>(source, to, target),
        TensorDataType.Float32 => From<float>(source, to, target),
        TensorDataType.Float64 => From<double>(source, to, target),
        _ => throw new ArgumentOutOfRangeException(nameof(from)),
    };

    private static bool IsFloat(TensorDataType type) => type is TensorDataType.Float16 or TensorDataType.Float32 or TensorDataType.Float64;

    private static bool IsInteger(TensorDataType type) => type is TensorDataType.UInt8 or TensorDataType.UInt16 or TensorDataType.UInt32 or TensorDataType.UInt64
        or TensorDataType.Int8 or TensorDataType.Int16 or TensorDataType.Int32 or TensorDataType.Int64;

    private static int From<TFrom>(ReadOnlySpan<byte> source, TensorDataType to, Span<byte> target)
        where TFrom : unmanaged, INumber<TFrom>
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(source);
        return to switch
        {
            TensorDataType.UInt8 => To(values, target),
            TensorDataType.UInt16 => To(values, MemoryMarshal.Cast<byte, ushort>(target)),
            TensorDataType.UInt32 => To(values, MemoryMarshal.Cast<byte, uint>(target)),
            TensorDataType.UInt64 => To(values, MemoryMarshal.Cast<byte, ulong>(target)),
            TensorDataType.Int8 => To(values, MemoryMarshal.Cast<byte, sbyte>(target)),
            TensorDataType.Int16 => To(values, MemoryMarshal.Cast<byte, short>(target)),
            TensorDataType.Int32 => To(values, MemoryMarshal.Cast<byte, int>(target)),
            TensorDataType.Int64 => To(values, MemoryMarshal.Cast<byte, long>(target)),
            TensorDataType.Float16 => To(values, MemoryMarshal.Cast<byte, Half>(target)),
            TensorDataType.Float32 => To(values, MemoryMarshal.Cast<byte, float>(target)),
            TensorDataType.Float64 => To(values, MemoryMarshal.Cast<byte, double>(target)),
            _ => throw new ArgumentOutOfRangeException(nameof(to)),
        };
    }

    private static int To<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        // One half of an integer type is 0.
        bool isInteger = TTo.IsZero(TTo.One / (TTo.One + TTo.One));
        for (int i = 0; i < source.Length; i++)
        {
            TFrom value = source[i];
            TTo converted = TTo.CreateSaturating(value);
            bool fits = isInteger ? TFrom.CreateSaturating(converted) == value : TTo.IsFinite(converted) || !TFrom.IsFinite(value);
            if (!fits)
            {
                return i;
            }

            target[i] = converted;
        }

        return -1;
    }
}
