using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Pipelines.Transforms;

/// <summary>Does something for a type of numbers that is known only at run time: chosen once, then a generic method.</summary>
internal interface INumericVisitor<TResult>
{
    /// <summary>Does it for one type.</summary>
    TResult Visit<T>()
        where T : unmanaged, INumber<T>;
}

/// <summary>Element types that are numbers of whole bytes.</summary>
internal static class NumericTypes
{
    /// <summary>Whether a type is one of them; BOOL and BF16 are not.</summary>
    public static bool Has(TensorDataType type) => type is >= TensorDataType.UInt8 and <= TensorDataType.Float64;

    /// <summary>Does something for a type.</summary>
    public static TResult Dispatch<TVisitor, TResult>(TensorDataType type, TVisitor visitor)
        where TVisitor : INumericVisitor<TResult>
    {
        return type switch
        {
            TensorDataType.UInt8 => visitor.Visit<byte>(),
            TensorDataType.UInt16 => visitor.Visit<ushort>(),
            TensorDataType.UInt32 => visitor.Visit<uint>(),
            TensorDataType.UInt64 => visitor.Visit<ulong>(),
            TensorDataType.Int8 => visitor.Visit<sbyte>(),
            TensorDataType.Int16 => visitor.Visit<short>(),
            TensorDataType.Int32 => visitor.Visit<int>(),
            TensorDataType.Int64 => visitor.Visit<long>(),
            TensorDataType.Float16 => visitor.Visit<Half>(),
            TensorDataType.Float32 => visitor.Visit<float>(),
            TensorDataType.Float64 => visitor.Visit<double>(),
            _ => throw new SlipwayException(ErrorCode.NotSupported, $"{type.ToName()} is no type of numbers that steps compute with"),
        };
    }

    /// <summary>The elements of a tensor of numbers as binary64; 64-bit integers are rounded to the nearest.</summary>
    public static double[] Read(Tensor tensor) => Dispatch<Reader, double[]>(tensor.DataType, new Reader(tensor));

    /// <summary>Writes numbers as FP32 or FP64.</summary>
    public static void Write(ReadOnlySpan<double> numbers, TensorDataType type, Span<byte> into)
    {
        if (type == TensorDataType.Float64)
        {
            MemoryMarshal.AsBytes(numbers).CopyTo(into);
            return;
        }

        Span<float> singles = MemoryMarshal.Cast<byte, float>(into);
        for (int i = 0; i < numbers.Length; i++)
        {
            singles[i] = (float)numbers[i];
        }
    }

    private readonly struct Reader(Tensor tensor) : INumericVisitor<double[]>
    {
        public double[] Visit<T>()
            where T : unmanaged, INumber<T>
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
}
