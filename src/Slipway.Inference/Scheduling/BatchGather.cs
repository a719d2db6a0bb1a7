using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Scheduling;

/// <summary>Lays the inputs of several requests end to end. One buffer per input, rented, owned by the tensor made over it. Stateless.</summary>
internal static class BatchGather
{
    /// <summary>The inputs of the batch, to be disposed by the caller.</summary>
    /// <param name="batch">Requests of one batch class, each with one row or more.</param>
    /// <param name="rows">Their rows together.</param>
    /// <param name="paddedRows">Rows to run; the last row is repeated for those beyond <paramref name="rows"/>.</param>
    /// <param name="pool">Lends the buffers.</param>
    public static Tensor?[] Gather(List<PendingRequest> batch, int rows, int paddedRows, TensorBufferPool pool)
    {
        Tensor?[] gathered = new Tensor?[batch[0].Inputs.Length];
        try
        {
            for (int i = 0; i < gathered.Length; i++)
            {
                // An optional input is absent in all requests of a batch or in none.
                gathered[i] = batch[0].Inputs[i] is { } first ? GatherInput(batch, i, first, rows, paddedRows, pool) : null;
            }

            return gathered;
        }
        catch
        {
            Release(gathered);
            throw;
        }
    }

    /// <summary>Gives the buffers back.</summary>
    public static void Release(Tensor?[] tensors)
    {
        foreach (Tensor? tensor in tensors)
        {
            tensor?.Dispose();
        }
    }

    private static Tensor GatherInput(List<PendingRequest> batch, int input, Tensor first, int rows, int paddedRows, TensorBufferPool pool)
    {
        ReadOnlyMemory<byte> padding = paddedRows > rows ? LastRow(batch[^1].Inputs[input]!, batch[^1].Rows) : default;
        long length = (long)padding.Length * (paddedRows - rows);
        foreach (PendingRequest request in batch)
        {
            length += request.Inputs[input]!.Data.Length;
        }

        TensorBuffer buffer = pool.Rent(length);
        Span<byte> target = buffer.Span;
        foreach (PendingRequest request in batch)
        {
            ReadOnlySpan<byte> source = request.Inputs[input]!.Data.Span;
            source.CopyTo(target);
            target = target[source.Length..];
        }

        while (!target.IsEmpty)
        {
            padding.Span.CopyTo(target);
            target = target[padding.Length..];
        }

        return new Tensor(first.Name, first.DataType, first.Shape.WithFirst(paddedRows), buffer.Memory, buffer);
    }

    private static ReadOnlyMemory<byte> LastRow(Tensor tensor, int rows)
    {
        if (tensor.DataType != TensorDataType.String)
        {
            return tensor.Data[(tensor.Data.Length - (tensor.Data.Length / rows))..];
        }

        PackedStrings.TrySkip(tensor.Data.Span, tensor.ElementCount / rows * (rows - 1), out int start);
        return tensor.Data[start..];
    }
}
