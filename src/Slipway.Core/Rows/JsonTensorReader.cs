using System.Text.Json;

namespace Slipway.Core.Rows;

/// <summary>Reads one JSON value, a nested list or a single element, as a whole input.</summary>
internal static class JsonTensorReader
{
    private const int MaxRank = 16;

    /// <summary>Reads the value at the reader.</summary>
    /// <param name="reader">At the first token of the value; left at its last.</param>
    /// <param name="input">What is expected.</param>
    /// <param name="column">Takes the elements; cleared by the caller.</param>
    /// <param name="rows">Rows that are in the batch already.</param>
    /// <param name="belongsToNext">Set when the row's dimensions differ from those of the rows before it.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(ref Utf8JsonReader reader, BoundInput input, InputColumn column, int rows, ref bool belongsToNext)
    {
        Span<long> dimensions = stackalloc long[MaxRank];
        dimensions.Fill(-1);
        int rank = -1;
        string? problem = ReadValue(ref reader, input, column, dimensions, 0, ref rank);
        if (problem is not null)
        {
            return problem;
        }

        long[] shape = dimensions[..Math.Max(rank, 0)].ToArray();
        long elements = 1;
        foreach (long dimension in shape)
        {
            elements *= dimension;
        }

        if (!TryFit(input, ref shape, elements))
        {
            return $"a value of shape {new TensorShape(shape)}; expected {new TensorShape(input.RowShape)}";
        }

        belongsToNext = !column.TryTakeShape(shape, (int)elements, rows);
        return null;
    }

    private static string? ReadValue(ref Utf8JsonReader reader, BoundInput input, InputColumn column, scoped Span<long> dimensions, int depth, ref int rank)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            return ReadList(ref reader, input, column, dimensions, depth, ref rank);
        }

        if (rank >= 0 && rank != depth)
        {
            return "a ragged list: an element where a list is expected";
        }

        rank = depth;
        return column.TryAppendJson(ref reader) ? null : $"an element is {CellText.FaultOf(reader.ValueSpan, input.Signature.DataType)}";
    }

    private static string? ReadList(ref Utf8JsonReader reader, BoundInput input, InputColumn column, scoped Span<long> dimensions, int depth, ref int rank)
    {
        if (depth >= dimensions.Length || (rank >= 0 && depth >= rank))
        {
            return "a ragged list: a list where an element is expected";
        }

        long count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            string? problem = ReadValue(ref reader, input, column, dimensions, depth + 1, ref rank);
            if (problem is not null)
            {
                return problem;
            }

            count++;
        }

        if (count == 0)
        {
            // An empty list is the innermost dimension that can be known.
            rank = rank < 0 ? depth + 1 : rank;
        }

        if (dimensions[depth] >= 0 && dimensions[depth] != count)
        {
            return $"a ragged list: {count} elements where the list before it has {dimensions[depth]}";
        }

        dimensions[depth] = count;
        return rank > depth ? null : "a ragged list";
    }

    private static bool TryFit(BoundInput input, ref long[] shape, long elements)
    {
        TensorShape expected = new(input.RowShape);
        if (input.Signature.IsRankUnknown || new TensorShape(shape).Fits(expected))
        {
            return true;
        }

        // The leading dimension of a model that takes one row may be written out.
        if (input.Leading == LeadingDimension.One && shape.Length == expected.Rank + 1 && shape[0] == 1 && new TensorShape(shape[1..]).Fits(expected))
        {
            shape = shape[1..];
            return true;
        }

        // … or left out where its size is free.
        if (input.Leading == LeadingDimension.None && new TensorShape([1, .. shape]).Fits(expected))
        {
            shape = [1, .. shape];
            return true;
        }

        // One element alone stands for [1] and the other way round.
        if (elements == 1 && input.RowElements is 1 or -1 && shape.Length <= 1 && expected.Rank <= 1)
        {
            shape = expected.Rank == 0 ? [] : [1];
            return true;
        }

        return false;
    }
}
