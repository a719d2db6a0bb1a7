using System.Buffers.Binary;
using Slipway.Core;
using Slipway.Pipelines.Tensors;

namespace Slipway.Pipelines.Running;

/// <summary>Takes some rows out of tensors, and puts rows together again.</summary>
internal static class RowGather
{
    /// <summary>Some rows of a tensor; the very tensor when it has just those many, and it is not the caller's to dispose then.</summary>
    public static Tensor Take(Tensor tensor, int[] rows, RequestMemory memory)
    {
        if (tensor.Shape[0] == rows.Length)
        {
            return tensor;
        }

        TensorShape shape = tensor.Shape.WithFirst(rows.Length);
        if (tensor.DataType == TensorDataType.String)
        {
            (int Start, int Length)[] strings = StringElements.Locate(tensor);
            int each = (int)(strings.Length / tensor.Shape[0]);
            return Join(tensor.Name, shape, rows.SelectMany(row => Enumerable.Range(row * each, each)).Select(place => (tensor, strings[place])), memory);
        }

        int size = RowBytes(tensor);
        CountedBuffer buffer = memory.Rent((long)rows.Length * size);
        for (int i = 0; i < rows.Length; i++)
        {
            tensor.Data.Span.Slice(rows[i] * size, size).CopyTo(buffer.Span[(i * size)..]);
        }

        return buffer.ToTensor(tensor.Name, tensor.DataType, shape);
    }

    /// <summary>Puts tensors together, each row at its place.</summary>
    /// <param name="name">Name of the result.</param>
    /// <param name="parts">Tensors and the rows that theirs are, every row once.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="memory">Where the result lies.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ShapeMismatch"/> when they differ in more than their rows.</exception>
    public static Tensor Scatter(string name, IReadOnlyList<(Tensor Tensor, int[] Rows)> parts, long rows, RequestMemory memory)
    {
        Tensor first = parts[0].Tensor;
        foreach ((Tensor tensor, int[] own) in parts)
        {
            if (tensor.DataType != first.DataType || tensor.Shape.Rank == 0 || tensor.Shape[0] != own.Length || tensor.Shape.Rank != first.Shape.Rank
                || !tensor.Shape.Dimensions[1..].SequenceEqual(first.Shape.Dimensions[1..]))
            {
                throw new SlipwayException(
                    ErrorCode.ShapeMismatch, $"the branches don't fit together: output '{name}' has {tensor.DataType.ToName()}{tensor.Shape} for {own.Length} rows in one, and {first.DataType.ToName()}{first.Shape} in another");
            }
        }

        TensorShape shape = first.Shape.WithFirst(rows);
        if (first.DataType == TensorDataType.String)
        {
            return ScatterStrings(name, parts, shape, rows, memory);
        }

        int size = RowBytes(first);
        CountedBuffer buffer = memory.Rent(rows * size);
        foreach ((Tensor tensor, int[] own) in parts)
        {
            for (int i = 0; i < own.Length; i++)
            {
                tensor.Data.Span.Slice(i * size, size).CopyTo(buffer.Span[(own[i] * size)..]);
            }
        }

        return buffer.ToTensor(name, first.DataType, shape);
    }

    private static Tensor ScatterStrings(string name, IReadOnlyList<(Tensor Tensor, int[] Rows)> parts, TensorShape shape, long rows, RequestMemory memory)
    {
        int each = 1;
        foreach (long size in shape.Dimensions[1..])
        {
            each *= (int)size;
        }

        (Tensor, (int, int))[] elements = new (Tensor, (int, int))[rows * each];
        foreach ((Tensor tensor, int[] own) in parts)
        {
            (int Start, int Length)[] strings = StringElements.Locate(tensor);
            for (int i = 0; i < strings.Length; i++)
            {
                elements[(own[i / each] * each) + (i % each)] = (tensor, strings[i]);
            }
        }

        return Join(name, shape, elements, memory);
    }

    private static Tensor Join(string name, TensorShape shape, IEnumerable<(Tensor Tensor, (int Start, int Length) Place)> elements, RequestMemory memory)
    {
        (Tensor Tensor, (int Start, int Length) Place)[] all = [.. elements];
        CountedBuffer buffer = memory.Rent(all.Sum(static element => (long)sizeof(int) + element.Place.Length));
        int at = 0;
        foreach ((Tensor tensor, (int start, int length)) in all)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer.Span[at..], length);
            tensor.Data.Span.Slice(start, length).CopyTo(buffer.Span[(at + sizeof(int))..]);
            at += sizeof(int) + length;
        }

        return buffer.ToTensor(name, TensorDataType.String, shape);
    }

    private static int RowBytes(Tensor tensor)
    {
        if (tensor.DataType.ElementSize() == 0)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"rows of {tensor.DataType.ToName()} can't be divided among branches: put a 'cast' step before");
        }

        return tensor.Shape[0] == 0 ? 0 : (int)(tensor.Data.Length / tensor.Shape[0]);
    }
}
