using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Reads the values of one input, flat or nested, once its datatype and shape are known.</summary>
internal static class InputDataReader
{
    /// <summary>Reads the array <c>data</c>.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.ShapeMismatch"/>: another number of values than the shape has, or nested in a way that contradicts it or itself;
    /// <see cref="ErrorCode.InvalidRequest"/>: a value of another type.
    /// </exception>
    public static Tensor Read(ref JsonCursor cursor, string name, TensorDataType dataType, TensorShape shape)
    {
        if (dataType is TensorDataType.Float16 or TensorDataType.BFloat16)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"receiving {dataType.ToName()} data via JSON is not supported. Please use the binary data format for input {name}");
        }

        long count = TensorBytes.CountElements(name, shape);
        if (cursor.Peek() != '[')
        {
            cursor.Fail($"input '{name}': expected an array");
        }

        // Every value takes two bytes at least, its comma included: room for more is never made.
        if (count > (cursor.Text.Length - cursor.Position) / 2)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{name}': shape {shape} has {count} values, but the rest of the body is too short for as many");
        }

        using TensorJsonSink sink = TensorJsonSink.Create(name, dataType, count, fixedSize: true);
        ReadArrays(ref cursor, sink, shape);
        if (sink.Count != count)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{name}': {sink.Count} values, but shape {shape} has {count}");
        }

        return sink.ToTensor(shape);
    }

    private static void ReadArrays(ref JsonCursor cursor, TensorJsonSink sink, TensorShape shape)
    {
        int depth = NestedArray.MeasureDepth(cursor);
        if (depth == 1)
        {
            cursor.Take((byte)'[', "an array");
            sink.ReadLeaves(ref cursor);
            return;
        }

        // Nested as deep as the shape: lengths must be the shape's. Nested otherwise (rows of a longer shape, say): regular in itself.
        Span<long> lengths = stackalloc long[depth];
        if (depth == shape.Rank)
        {
            shape.Dimensions.CopyTo(lengths);
        }
        else
        {
            lengths.Fill(-1);
        }

        try
        {
            NestedArray.Read(ref cursor, sink, lengths);
        }
        catch (RaggedArrayException ragged)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{sink.Name}': {ragged.Message}; its shape is {shape}", ragged);
        }
    }
}
