using Slipway.Core;

namespace Slipway.Inference.Requests;

/// <summary>Turns the inputs of a tabular model from the other of its two forms (<see cref="TabularForms"/>) into the model's own.</summary>
internal static class TabularInputs
{
    /// <summary>The model's own inputs, made for this request, or null when what was given is in neither form.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> or <see cref="ErrorCode.ShapeMismatch"/>: it is in the other form, and wrong.</exception>
    public static Tensor[]? TryConvert(ServableContract contract, IReadOnlyList<Tensor> given)
    {
        if (contract.Signature.Columns is { } columns && given.Any(tensor => columns.IndexOfInput(tensor.Name) >= 0))
        {
            return [ToMatrix(contract, columns, given)];
        }

        return contract.Signature.Matrix is { } matrix && given is [var only] && only.Name == matrix.Name ? ToColumns(contract, matrix, only) : null;
    }

    private static Tensor ToMatrix(ServableContract contract, ModelSignature columns, IReadOnlyList<Tensor> given)
    {
        TensorSignature matrix = contract.Inputs[0];
        Tensor?[] ordered = new Tensor?[columns.Inputs.Count];
        foreach (Tensor column in given)
        {
            int index = columns.IndexOfInput(column.Name);
            if (index < 0 || ordered[index] is not null)
            {
                throw Wrong(contract, index < 0 ? $"input '{column.Name}' is none of the {ordered.Length} features" : $"feature '{column.Name}' is given more than once");
            }

            ordered[index] = column;
        }

        if (Array.IndexOf(ordered, null) >= 0)
        {
            string[] missing = [.. columns.Inputs.Where((_, i) => ordered[i] is null).Select(static input => $"'{input.Name}'")];
            throw Wrong(contract, $"{missing.Length} of {ordered.Length} features are missing: {string.Join(", ", missing.Take(20))}{(missing.Length > 20 ? " …" : "")}");
        }

        long rows = ordered[0]!.Shape.Rank > 0 ? ordered[0]!.Shape[0] : -1;
        int size = matrix.DataType.ElementSize();
        if (rows > Array.MaxLength / size / ordered.Length)
        {
            throw Wrong(contract, "there are too many rows for one request");
        }

        TensorBuffer buffer = TensorBufferPool.Shared.Rent(Math.Max(rows, 0) * ordered.Length * size);
        try
        {
            for (int i = 0; i < ordered.Length; i++)
            {
                CheckColumn(contract, ordered[i]!, rows);
                if (!Widening.IsAllowed(ordered[i]!.DataType, matrix.DataType)
                    || !Widening.TryCopy(ordered[i]!.DataType, ordered[i]!.Data.Span, matrix.DataType, buffer.Span[Math.Min(i * size, buffer.Span.Length)..], ordered.Length))
                {
                    throw Wrong(contract, $"feature '{ordered[i]!.Name}' data-type is '{ordered[i]!.DataType.ToName()}', which '{matrix.DataType.ToName()}' can't hold without loss");
                }
            }

            return new Tensor(matrix.Name, matrix.DataType, new TensorShape(rows, ordered.Length), buffer.Memory, buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static Tensor[] ToColumns(ServableContract contract, TensorSignature matrix, Tensor given)
    {
        int width = contract.Inputs.Length;
        if (!given.Shape.Fits(matrix.Shape))
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch, $"unexpected shape for input '{given.Name}' for model '{contract.ModelName}'. Expected {matrix.Shape}, got {given.Shape}");
        }

        if (!Widening.IsAllowed(given.DataType, matrix.DataType))
        {
            throw Wrong(contract, $"inference input '{given.Name}' data-type is '{given.DataType.ToName()}', but the model expects '{matrix.DataType.ToName()}'");
        }

        int from = given.DataType.ElementSize();
        int size = matrix.DataType.ElementSize();
        long rows = given.Shape[0];
        if (rows > Array.MaxLength / 8 / width || rows * width * from != given.Data.Length)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input byte size mismatch for input '{given.Name}' for model '{contract.ModelName}'");
        }

        // Column by column out of rows, each into memory of its own.
        byte[] column = new byte[rows * from];
        Tensor[] columns = new Tensor[width];
        for (int i = 0; i < width; i++)
        {
            for (int row = 0; row < rows; row++)
            {
                given.Data.Span.Slice(((row * width) + i) * from, from).CopyTo(column.AsSpan(row * from));
            }

            TensorSignature input = contract.Inputs[i];
            TensorBuffer buffer = TensorBufferPool.Shared.Rent(rows * size);
            columns[i] = new Tensor(input.Name, matrix.DataType, input.Shape.Rank == 1 ? new TensorShape(rows) : new TensorShape(rows, 1), buffer.Memory, buffer);
            if (!Widening.TryCopy(given.DataType, column, matrix.DataType, buffer.Span, stride: 1))
            {
                throw Wrong(contract, $"inference input '{given.Name}' has values that '{matrix.DataType.ToName()}' can't hold without loss");
            }
        }

        return columns;
    }

    private static void CheckColumn(ServableContract contract, Tensor column, long rows)
    {
        bool isColumn = column.Shape.Rank == 1 || (column.Shape.Rank == 2 && column.Shape[1] == 1);
        if (!isColumn || column.Shape[0] != rows)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch,
                $"unexpected shape for feature '{column.Name}' for model '{contract.ModelName}'. Expected {(rows < 0 ? "[-1]" : $"[{rows}]")}, got {column.Shape}");
        }

        if (column.DataType.ElementSize() is > 0 and var size && rows * size != column.Data.Length)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch,
                $"input byte size mismatch for feature '{column.Name}' for model '{contract.ModelName}'. Expected {rows * size}, got {column.Data.Length}");
        }
    }

    private static SlipwayException Wrong(ServableContract contract, string problem) => new(ErrorCode.InvalidRequest, $"model '{contract.ModelName}': {problem}");
}
