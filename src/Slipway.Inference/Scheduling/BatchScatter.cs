using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// Cuts the outputs of a batch into those of its requests: slices over the engine's own memory, which is released with the last of them. Stateless.
/// </summary>
internal static class BatchScatter
{
    /// <summary>The positions of every output that some request wants, ascending.</summary>
    public static int[] UnionOfOutputs(List<PendingRequest> batch)
    {
        int[] first = batch[0].Outputs;
        if (batch.TrueForAll(request => ReferenceEquals(request.Outputs, first)))
        {
            // All want everything, and in the same order: the ordinary case.
            return first;
        }

        return [.. batch.SelectMany(static request => request.Outputs).Distinct().Order()];
    }

    /// <summary>Each request's own outputs, in its order. Takes over <paramref name="outputs"/> in every case.</summary>
    /// <param name="batch">The requests, in the order of their rows.</param>
    /// <param name="wanted">Positions of <paramref name="outputs"/>.</param>
    /// <param name="outputs">What the engine gave.</param>
    /// <param name="rows">Rows that were run, padding included.</param>
    /// <returns>Null when some output does not have a row for each row of input: then the rows are not independent after all.</returns>
    public static Tensor[][]? Scatter(List<PendingRequest> batch, int[] wanted, Tensor[] outputs, int rows)
    {
        if (!Array.TrueForAll(outputs, output => output.Shape.Rank > 0 && output.Shape[0] == rows))
        {
            Release(outputs);
            return null;
        }

        Tensor[][] answers = new Tensor[batch.Count][];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = new Tensor[batch[i].Outputs.Length];
        }

        for (int i = 0; i < wanted.Length; i++)
        {
            Cut(batch, wanted[i], outputs[i], rows, answers);
        }

        return answers;
    }

    private static void Cut(List<PendingRequest> batch, int position, Tensor output, int rows, Tensor[][] answers)
    {
        SharedOwner shared = new(output);
        ReadOnlyMemory<byte> rest = output.Data;
        long elementsPerRow = output.ElementCount / rows;
        int bytesPerRow = output.DataType == TensorDataType.String ? 0 : output.Data.Length / rows;
        for (int i = 0; i < batch.Count; i++)
        {
            int length = bytesPerRow * batch[i].Rows;
            if (output.DataType == TensorDataType.String)
            {
                PackedStrings.TrySkip(rest.Span, elementsPerRow * batch[i].Rows, out length);
            }

            int place = batch[i].Outputs.AsSpan().IndexOf(position);
            if (place >= 0)
            {
                answers[i][place] = new Tensor(
                    output.Name, output.DataType, output.Shape.WithFirst(batch[i].Rows), rest[..length], shared.Acquire());
            }

            rest = rest[length..];
        }

        shared.Dispose();
    }

    private static void Release(Tensor[] tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            tensor.Dispose();
        }
    }
}
