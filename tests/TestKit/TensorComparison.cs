using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.TestKit;

/// <summary>Compares tensors.</summary>
public static class TensorComparison
{
    /// <summary>
    /// Says what differs first, or null. Floating-point numbers may differ by the tolerance, NaN equals NaN; everything else must be the same bytes.
    /// </summary>
    /// <param name="expected">What ought to be.</param>
    /// <param name="actual">What is.</param>
    /// <param name="relative">Tolerance as a part of the expected number.</param>
    /// <param name="absolute">Tolerance added to it.</param>
    /// <param name="loose">Compare numbers whatever their datatypes and shapes.</param>
    public static string? Difference(Tensor expected, Tensor actual, double relative, double absolute, bool loose = false)
    {
        if (!loose && expected.DataType != actual.DataType)
        {
            return $"{actual.Name}: {actual.DataType.ToName()} instead of {expected.DataType.ToName()}";
        }

        if (!loose && expected.Shape != actual.Shape)
        {
            return $"{actual.Name}: shape {actual.Shape} instead of {expected.Shape}";
        }

        if (actual.DataType is TensorDataType.String or TensorDataType.Bool or TensorDataType.Int4 or TensorDataType.UInt4)
        {
            return expected.Data.Span.SequenceEqual(actual.Data.Span) ? null : $"{actual.Name}: other bytes";
        }

        double[] wanted = Numbers(expected);
        double[] given = Numbers(actual);
        if (wanted.Length != given.Length)
        {
            return $"{actual.Name}: {given.Length} elements instead of {wanted.Length}";
        }

        bool exact = !loose && actual.DataType is not (TensorDataType.Float16 or TensorDataType.BFloat16 or TensorDataType.Float32 or TensorDataType.Float64);
        if (exact)
        {
            return expected.Data.Span.SequenceEqual(actual.Data.Span) ? null : $"{actual.Name}: other bytes";
        }

        for (int i = 0; i < wanted.Length; i++)
        {
            double difference = Math.Abs(wanted[i] - given[i]);
            bool same = wanted[i] == given[i] || (double.IsNaN(wanted[i]) && double.IsNaN(given[i])) || difference <= absolute + (relative * Math.Abs(wanted[i]));
            if (!same)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{actual.Name}[{i}]: {given[i]} instead of {wanted[i]}");
            }
        }

        return null;
    }

    /// <summary>All elements of a tensor of numbers.</summary>
    public static double[] Numbers(Tensor tensor)
    {
        ReadOnlySpan<byte> data = tensor.Data.Span;
        return tensor.DataType switch
        {
            TensorDataType.Bool or TensorDataType.UInt8 => Convert<byte>(data, value => value),
            TensorDataType.Int8 => Convert<sbyte>(data, value => value),
            TensorDataType.UInt16 => Convert<ushort>(data, value => value),
            TensorDataType.Int16 => Convert<short>(data, value => value),
            TensorDataType.UInt32 => Convert<uint>(data, value => value),
            TensorDataType.Int32 => Convert<int>(data, value => value),
            TensorDataType.UInt64 => Convert<ulong>(data, value => value),
            TensorDataType.Int64 => Convert<long>(data, value => value),
            TensorDataType.Float16 => Convert<Half>(data, value => (double)value),
            TensorDataType.BFloat16 => Convert<ushort>(data, value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
            TensorDataType.Float32 => Convert<float>(data, value => value),
            TensorDataType.Float64 => Convert<double>(data, value => value),
            _ => throw new NotSupportedException(tensor.DataType.ToName()),
        };
    }

    private static double[] Convert<T>(ReadOnlySpan<byte> data, Func<T, double> convert)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(data);
        double[] numbers = new double[values.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = convert(values[i]);
        }

        return numbers;
    }
}
