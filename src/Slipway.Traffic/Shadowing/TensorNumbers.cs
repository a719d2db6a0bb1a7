using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Traffic.Shadowing;

/// <summary>Elements of tensors as numbers, for comparing answers.</summary>
internal static class TensorNumbers
{
    /// <summary>The elements, in order; null for types that are no numbers of whole bytes.</summary>
    public static double[]? Read(Tensor tensor) => tensor.DataType switch
    {
        TensorDataType.Bool or TensorDataType.UInt8 => Convert<byte>(tensor),
        TensorDataType.Int8 => Convert<sbyte>(tensor),
        TensorDataType.UInt16 => Convert<ushort>(tensor),
        TensorDataType.Int16 => Convert<short>(tensor),
        TensorDataType.UInt32 => Convert<uint>(tensor),
        TensorDataType.Int32 => Convert<int>(tensor),
        TensorDataType.UInt64 => Convert<ulong>(tensor),
        TensorDataType.Int64 => Convert<long>(tensor),
        TensorDataType.Float16 => Convert<Half>(tensor),
        TensorDataType.Float32 => Convert<float>(tensor),
        TensorDataType.Float64 => Convert<double>(tensor),
        _ => null,
    };

    /// <summary>One element; NaN where there is none, and for types that are no numbers of whole bytes.</summary>
    public static double At(Tensor tensor, int index)
    {
        return tensor.DataType switch
        {
            TensorDataType.Bool or TensorDataType.UInt8 => Element<byte>(),
            TensorDataType.Int8 => Element<sbyte>(),
            TensorDataType.UInt16 => Element<ushort>(),
            TensorDataType.Int16 => Element<short>(),
            TensorDataType.UInt32 => Element<uint>(),
            TensorDataType.Int32 => Element<int>(),
            TensorDataType.UInt64 => Element<ulong>(),
            TensorDataType.Int64 => Element<long>(),
            TensorDataType.Float16 => Element<Half>(),
            TensorDataType.Float32 => Element<float>(),
            TensorDataType.Float64 => Element<double>(),
            _ => double.NaN,
        };

        double Element<T>()
            where T : unmanaged, INumberBase<T>
        {
            ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
            return index < values.Length ? double.CreateTruncating(values[index]) : double.NaN;
        }
    }

    /// <summary>Whether the elements are measures rather than names of classes.</summary>
    public static bool IsMeasure(TensorDataType type) =>
        type is TensorDataType.Float16 or TensorDataType.Float32 or TensorDataType.Float64 or TensorDataType.BFloat16;

    private static double[] Convert<T>(Tensor tensor)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
        double[] numbers = new double[values.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = double.CreateTruncating(values[i]);
        }

        return numbers;
    }
}
