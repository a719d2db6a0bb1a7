using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Loading;

/// <summary>
/// Finds out whether rows of a model are independent: runs a few made-up rows together and one by one and compares the answers. A signature alone
/// can't say: a model that normalises over its first dimension has the same shapes as one that doesn't.
/// </summary>
internal static class BatchProbe
{
    private const int Rows = 3;

    // Kernels choose other orders of summation for other sizes; a dependence between rows shows far above this.
    private const double RelativeTolerance = 1e-2;
    private const double AbsoluteTolerance = 1e-3;

    // Sizes for free dimensions other than the batch: the smallest that the model accepts is taken.
    private static readonly int[] FreeSizes = [1, 16, 64];

    /// <summary>Whether the answers agree. False also when the model refuses every made-up input.</summary>
    public static bool Confirms(ILoadedModel model, CancellationToken cancellationToken)
    {
        ModelSignature signature = model.Signature;
        foreach (WarmupFill fill in (ReadOnlySpan<WarmupFill>)[WarmupFill.Random, WarmupFill.Zero])
        {
            foreach (int free in FreeSizes)
            {
                Tensor[]? inputs = SyntheticInputs.Create(signature.Inputs, Rows, isBatch: true, free, fill);
                if (inputs is null)
                {
                    return false;
                }

                if (TryCompare(model, inputs, cancellationToken) is { } agrees)
                {
                    return agrees;
                }

                if (!signature.Inputs.Any(static input => input.Shape.Dimensions[1..].ContainsAnyInRange(long.MinValue, -1)))
                {
                    break;
                }
            }
        }

        return false;
    }

    // Null: the model can't run these inputs at all, which says nothing of its rows.
    private static bool? TryCompare(ILoadedModel model, Tensor[] inputs, CancellationToken cancellationToken)
    {
        int[] wanted = [.. Enumerable.Range(0, model.Signature.Outputs.Count)];
        Tensor[] together;
        try
        {
            together = model.Run(inputs, wanted, cancellationToken);
        }
        catch (SlipwayException)
        {
            return null;
        }

        try
        {
            return Array.TrueForAll(together, static output => output.Shape.Rank > 0 && output.Shape[0] == Rows && !Is4Bit(output.DataType))
                && Array.TrueForAll(inputs, static input => !Is4Bit(input.DataType))
                && RowsAgree(model, inputs, wanted, together, cancellationToken);
        }
        catch (SlipwayException)
        {
            return false;
        }
        finally
        {
            Release(together);
        }
    }

    private static bool RowsAgree(ILoadedModel model, Tensor[] inputs, int[] wanted, Tensor[] together, CancellationToken cancellationToken)
    {
        for (int row = 0; row < Rows; row++)
        {
            int current = row;
            Tensor[] single = model.Run(Array.ConvertAll(inputs, input => RowOf(input, current)), wanted, cancellationToken);
            try
            {
                for (int i = 0; i < single.Length; i++)
                {
                    using Tensor expected = RowOf(together[i], row);
                    if (single[i].Shape != expected.Shape || !Near(expected.DataType, expected.Data.Span, single[i].Data.Span))
                    {
                        return false;
                    }
                }
            }
            finally
            {
                Release(single);
            }
        }

        return true;
    }

    private static Tensor RowOf(Tensor tensor, int row)
    {
        long perRow = tensor.ElementCount / Rows;
        int start;
        int length;
        if (tensor.DataType == TensorDataType.String)
        {
            PackedStrings.TrySkip(tensor.Data.Span, perRow * row, out start);
            PackedStrings.TrySkip(tensor.Data.Span[start..], perRow, out length);
        }
        else
        {
            length = tensor.Data.Length / Rows;
            start = length * row;
        }

        return new Tensor(tensor.Name, tensor.DataType, tensor.Shape.WithFirst(1), tensor.Data.Slice(start, length));
    }

    private static bool Near(TensorDataType type, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.Length == right.Length && type switch
    {
        TensorDataType.Float32 => Near<float>(left, right),
        TensorDataType.Float64 => Near<double>(left, right),
        TensorDataType.Float16 => Near<Half>(left, right),
        _ => left.SequenceEqual(right),
    };

    private static bool Near<T>(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> one = MemoryMarshal.Cast<byte, T>(left);
        ReadOnlySpan<T> two = MemoryMarshal.Cast<byte, T>(right);
        for (int i = 0; i < one.Length; i++)
        {
            double a = double.CreateTruncating(one[i]);
            double b = double.CreateTruncating(two[i]);
            if (!a.Equals(b) && !(Math.Abs(a - b) <= AbsoluteTolerance + (RelativeTolerance * Math.Max(Math.Abs(a), Math.Abs(b)))))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Is4Bit(TensorDataType type) => type is TensorDataType.Int4 or TensorDataType.UInt4;

    private static void Release(Tensor[] tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            tensor.Dispose();
        }
    }
}
