using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Loading;

/// <summary>The rows of a probe: makes, picks and compares them. Pure.</summary>
internal static class ProbeRows
{
    /// <summary>Rows of a probe.</summary>
    public const int Count = 5;

    // Kernels choose other orders of summation for other sizes; a dependence between rows shows far above this.
    private const double RelativeTolerance = 1e-2;
    private const double AbsoluteTolerance = 1e-3;

    // What large terms that cancel out leave behind, by the largest value of the row.
    private const double CancellationTolerance = 1e-3;

    // The first and the last row stay as they are, between 0 and 1. What is 64 times as large leaves an 8-bit scale no room for the others.
    private static readonly double[] Scales = [1, 64, 1 / 64.0, 4, 1];

    /// <summary>Whether a tensor has one row for each of the probe, which can be cut out. Two 4-bit elements share a byte: their rows can't.</summary>
    public static bool HasRows(Tensor tensor) =>
        tensor.Shape.Rank > 0 && tensor.Shape[0] == Count && tensor.DataType is not (TensorDataType.Int4 or TensorDataType.UInt4);

    /// <summary>The same inputs with floating-point rows of very different sizes, those in the middle of both signs; other types stay as they are.</summary>
    public static Tensor[] MakeUneven(Tensor[] inputs) => Array.ConvertAll(inputs, static input => input.DataType switch
    {
        TensorDataType.Float32 => MakeUneven<float>(input),
        TensorDataType.Float64 => MakeUneven<double>(input),
        TensorDataType.Float16 => MakeUneven<Half>(input),
        _ => input,
    });

    /// <summary>Whether a tensor holds neither NaN nor an infinity.</summary>
    public static bool IsFinite(Tensor tensor) => tensor.DataType switch
    {
        TensorDataType.Float32 => IsFinite<float>(tensor),
        TensorDataType.Float64 => IsFinite<double>(tensor),
        TensorDataType.Float16 => IsFinite<Half>(tensor),
        _ => true,
    };

    /// <summary>A copy of some rows of a tensor that <see cref="HasRows"/>, in the order of <paramref name="rows"/>.</summary>
    public static Tensor Pick(Tensor tensor, ReadOnlySpan<int> rows)
    {
        List<byte> picked = new(tensor.Data.Length);
        foreach (int row in rows)
        {
            picked.AddRange(RowOf(tensor, row));
        }

        return new Tensor(tensor.Name, tensor.DataType, tensor.Shape.WithFirst(rows.Length), picked.ToArray());
    }

    /// <summary>Whether two tensors are the same but for rounding.</summary>
    public static bool AreNear(Tensor left, Tensor right) => left.Shape == right.Shape && left.DataType == right.DataType && left.DataType switch
    {
        TensorDataType.Float32 => AreNear<float>(left, right),
        TensorDataType.Float64 => AreNear<double>(left, right),
        TensorDataType.Float16 => AreNear<Half>(left, right),
        _ => left.Data.Span.SequenceEqual(right.Data.Span),
    };

    private static ReadOnlySpan<byte> RowOf(Tensor tensor, int row)
    {
        ReadOnlySpan<byte> data = tensor.Data.Span;
        if (tensor.DataType != TensorDataType.String)
        {
            int bytes = data.Length / Count;
            return data.Slice(bytes * row, bytes);
        }

        long perRow = tensor.ElementCount / Count;
        PackedStrings.TrySkip(data, perRow * row, out int start);
        PackedStrings.TrySkip(data[start..], perRow, out int length);
        return data.Slice(start, length);
    }

    private static bool AreNear<T>(Tensor left, Tensor right)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> one = Values<T>(left);
        ReadOnlySpan<T> two = Values<T>(right);
        int perRow = one.Length / (int)left.Shape[0];
        for (int i = 0; i < one.Length; i += perRow)
        {
            if (!IsNear(one.Slice(i, perRow), two.Slice(i, perRow)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNear<T>(ReadOnlySpan<T> one, ReadOnlySpan<T> two)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double largest = 0;
        foreach (T value in one)
        {
            largest = T.IsFinite(value) ? Math.Max(largest, Math.Abs(double.CreateTruncating(value))) : largest;
        }

        for (int i = 0; i < one.Length; i++)
        {
            double a = double.CreateTruncating(one[i]);
            double b = double.CreateTruncating(two[i]);
            double tolerance = AbsoluteTolerance + (RelativeTolerance * Math.Max(Math.Abs(a), Math.Abs(b))) + (CancellationTolerance * largest);
            if (!a.Equals(b) && !(double.IsFinite(a - b) && Math.Abs(a - b) <= tolerance))
            {
                return false;
            }
        }

        return true;
    }

    private static Tensor MakeUneven<T>(Tensor input)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] values = Values<T>(input).ToArray();
        int perRow = values.Length / Count;
        for (int i = perRow; i < values.Length - perRow; i++)
        {
            double signed = (2 * double.CreateTruncating(values[i])) - 1;
            values[i] = T.CreateTruncating(signed * Scales[i / perRow]);
        }

        return new Tensor(input.Name, input.DataType, input.Shape, MemoryMarshal.AsBytes<T>(values).ToArray());
    }

    private static bool IsFinite<T>(Tensor tensor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (T value in Values<T>(tensor))
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<T> Values<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
}
