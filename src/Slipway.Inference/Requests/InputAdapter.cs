using Slipway.Core;

namespace Slipway.Inference.Requests;

/// <summary>
/// Brings an input that says the same in another way into the model's: a narrower number type, or one value a row as <c>[N]</c> where the model has <c>[N, 1]</c>, and the other way
/// round. Off the path of requests that are as the model has them.
/// </summary>
internal static class InputAdapter
{
    /// <summary>The input as the model has it, or null when it can't be said without loss. Made for this request: see <see cref="Release"/>.</summary>
    /// <param name="expected">What the model takes.</param>
    /// <param name="tensor">What was given.</param>
    /// <param name="isBatchable">Whether the first dimension is a batch.</param>
    public static Tensor? TryAdapt(TensorSignature expected, Tensor tensor, bool isBatchable)
    {
        TensorShape shape = isBatchable ? AsColumn(expected, tensor.Shape) : tensor.Shape;
        if (!expected.IsRankUnknown && !shape.Fits(expected.Shape))
        {
            return null;
        }

        if (tensor.DataType == expected.DataType)
        {
            return new Tensor(tensor.Name, tensor.DataType, shape, tensor.Data);
        }

        if (!Widening.IsAllowed(tensor.DataType, expected.DataType) || !shape.TryGetElementCount(out long elements)
            || elements > Array.MaxLength / expected.DataType.ElementSize() || elements * tensor.DataType.ElementSize() != tensor.Data.Length)
        {
            return null;
        }

        TensorBuffer buffer = TensorBufferPool.Shared.Rent(elements * expected.DataType.ElementSize());
        if (Widening.TryCopy(tensor.DataType, tensor.Data.Span, expected.DataType, buffer.Span, stride: 1))
        {
            return new Tensor(tensor.Name, expected.DataType, shape, buffer.Memory, buffer);
        }

        buffer.Dispose();
        return null;
    }

    /// <summary>Gives back the memory of inputs that were made for a request, once its run is over. The request's own inputs stay its own.</summary>
    /// <param name="bound">The inputs that were run.</param>
    /// <param name="given">The request's inputs.</param>
    public static void Release(ReadOnlySpan<Tensor?> bound, IReadOnlyList<Tensor> given)
    {
        foreach (Tensor? tensor in bound)
        {
            if (tensor is not null && !given.Contains(tensor))
            {
                tensor.Dispose();
            }
        }
    }

    private static TensorShape AsColumn(TensorSignature expected, TensorShape given)
    {
        if (!TabularForms.IsColumn(expected) || given.Rank == expected.Shape.Rank)
        {
            return given;
        }

        return given.Rank switch
        {
            1 => new TensorShape(given[0], 1),
            2 when given[1] == 1 => new TensorShape(given[0]),
            _ => given,
        };
    }
}
