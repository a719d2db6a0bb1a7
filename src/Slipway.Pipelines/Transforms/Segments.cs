using System.Buffers.Binary;
using Slipway.Core;
using Slipway.Pipelines.Running;
using Slipway.Pipelines.Tensors;

namespace Slipway.Pipelines.Transforms;

/// <summary>Some elements of one of several tensors, one behind the other.</summary>
/// <param name="Input">Which tensor.</param>
/// <param name="Start">The first element.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Segment(int Input, long Start, long Count);

/// <summary>Makes tensors out of pieces of others, of any type.</summary>
internal static class Segments
{
    /// <summary>A tensor of pieces, in order.</summary>
    public static Tensor Join(IReadOnlyList<Tensor> inputs, IEnumerable<Segment> segments, TensorShape shape, RequestMemory memory)
    {
        TensorDataType type = inputs[0].DataType;
        return type == TensorDataType.String ? JoinStrings(inputs, segments, shape, memory) : JoinFixed(inputs, segments, type, shape, memory);
    }

    private static Tensor JoinFixed(IReadOnlyList<Tensor> inputs, IEnumerable<Segment> segments, TensorDataType type, TensorShape shape, RequestMemory memory)
    {
        int size = type.ElementSize();
        if (!shape.TryGetElementCount(out long count))
        {
            throw Transform.Unfit($"shape {shape} is too large");
        }

        CountedBuffer buffer = memory.Rent(count * size);
        int at = 0;
        foreach ((int input, long start, long length) in segments)
        {
            inputs[input].Data.Span.Slice((int)start * size, (int)length * size).CopyTo(buffer.Span[at..]);
            at += (int)length * size;
        }

        return buffer.ToTensor(Definitions.StepBody.Output, type, shape);
    }

    private static Tensor JoinStrings(IReadOnlyList<Tensor> inputs, IEnumerable<Segment> segments, TensorShape shape, RequestMemory memory)
    {
        (int Start, int Length)[][] places = [.. inputs.Select(StringElements.Locate)];
        (int Input, int Start, int Length)[] all =
        [
            .. segments.SelectMany(segment => Enumerable.Range((int)segment.Start, (int)segment.Count)
                .Select(place => (segment.Input, places[segment.Input][place].Start, places[segment.Input][place].Length))),
        ];
        CountedBuffer buffer = memory.Rent(all.Sum(static piece => (long)sizeof(int) + piece.Length));
        int at = 0;
        foreach ((int input, int start, int length) in all)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer.Span[at..], length);
            inputs[input].Data.Span.Slice(start, length).CopyTo(buffer.Span[(at + sizeof(int))..]);
            at += sizeof(int) + length;
        }

        return buffer.ToTensor(Definitions.StepBody.Output, TensorDataType.String, shape);
    }
}
