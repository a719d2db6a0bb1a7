using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers.Operations;

/// <summary>Functions that move values without changing them.</summary>
internal static class ShapingOperations
{
    public static IEnumerable<KeyValuePair<string, Func<OperationCall, IReadOnlyList<Edge>>>> All { get; } =
    [
        ElementwiseOperations.One("Concatenate", static call => call.Graph.Concat(Alike(call), call.Axis(call.Tensors[0], call.Call.Layer.KerasMajor >= 3 ? 0 : -1))),
        ElementwiseOperations.One("Stack", static call =>
        {
            int axis = call.Position(call.Integers("axis")?[0] ?? 0, call.Tensors[0].Rank + 1);
            return call.Graph.Concat([.. Alike(call).Select(part => call.Graph.Unsqueeze(part, axis))], axis);
        }),
        ElementwiseOperations.One("ExpandDims", static call => call.Graph.Unsqueeze(call.X, [.. (call.Integers("axis") ?? throw call.Call.Config.Missing("axis")).Select(axis => (long)call.Position(axis, call.X.Rank + 1))])),
        ElementwiseOperations.One("Squeeze", static call => call.Graph.Squeeze(
            call.X, [.. (call.Integers("axis") ?? throw call.Call.Layer.NotSupported("it does not say which dimensions vanish")).Select(axis => (long)call.Position(axis, call.X.Rank))])),
        ElementwiseOperations.One("Reshape", Reshape),
        ElementwiseOperations.One("Transpose", static call => Permuted(call, call.Integers("axes", "perm") ?? [.. Enumerable.Range(0, call.X.Rank).Reverse().Select(static axis => (long)axis)])),
        ElementwiseOperations.One("Swapaxes", static call => Swapped(call, call.Axis(call.X, 0, "axis1"), call.Axis(call.X, 0, "axis2"))),
        ElementwiseOperations.One("Moveaxis", Moved),
        ElementwiseOperations.One("Flip", static call => (call.Integers("axis") ?? throw call.Call.Layer.NotSupported("it turns everything round, samples included"))
            .Aggregate(call.X, (x, axis) => call.Graph.Reverse(x, call.Position(axis, x.Rank)))),
        ElementwiseOperations.One("Tile", Tile),
        ElementwiseOperations.One("Repeat", Repeat),
        ElementwiseOperations.One("Pad", Pad),
        ElementwiseOperations.One("Ravel", static call => call.Graph.Reshape(call.X, -1)),
        ElementwiseOperations.One("BroadcastTo", BroadcastTo),
        ElementwiseOperations.One("Resize", Resize),
        ElementwiseOperations.One("Hstack", static call => call.Tensors.Count > 0 && call.Tensors[0].Rank >= 2 ? call.Graph.Concat(Alike(call), 1) : throw call.Call.Layer.NotSupported("it puts vectors of samples side by side")),
        new("Split", Split),
        new("Unstack", Unstack),
    ];

    private static IReadOnlyList<Edge> Alike(OperationCall call)
    {
        IReadOnlyList<Edge> parts = call.Tensors;
        return parts.Count == 0 ? throw call.Call.Layer.Invalid("it is called without tensors") : parts.All(part => part.Type == parts[0].Type) ? parts : [.. parts.Select(call.Single)];
    }

    private static Edge Reshape(OperationCall call)
    {
        Edge x = call.X;
        long[] shape = call.Integers("newshape", "shape") ?? throw call.Call.Layer.NotSupported("its shape is not made of numbers");
        return shape.Any(static size => size is 0 or < -1) || shape.Count(static size => size == -1) > 1
            ? throw call.Call.Layer.NotSupported($"it gives the shape {new TensorShape(shape)}")
            : call.Graph.Node("Reshape", [x, call.Graph.Constant(shape)], x.Type, new TensorShape(shape));
    }

    private static Edge Permuted(OperationCall call, long[] order)
    {
        int rank = call.X.Rank;
        long[] positions = [.. order.Select(axis => (long)call.Position(axis, rank))];
        return positions.Distinct().Count() == rank ? call.Graph.Transpose(call.X, positions) : throw call.Call.Layer.Invalid("its order of dimensions does not fit its input");
    }

    private static Edge Swapped(OperationCall call, int first, int second)
    {
        long[] order = [.. Enumerable.Range(0, call.X.Rank).Select(static axis => (long)axis)];
        (order[first], order[second]) = (order[second], order[first]);
        return call.Graph.Transpose(call.X, order);
    }

    private static Edge Moved(OperationCall call)
    {
        int rank = call.X.Rank;
        if (call.Integers("source") is not [var from] || call.Integers("destination") is not [var to])
        {
            throw call.Call.Layer.NotSupported("it moves several dimensions");
        }

        List<long> order = [.. Enumerable.Range(0, rank).Select(static axis => (long)axis)];
        int source = call.Position(from, rank);
        order.RemoveAt(source);
        order.Insert(call.Position(to, rank), source);
        return call.Graph.Transpose(call.X, [.. order]);
    }

    private static Edge Tile(OperationCall call)
    {
        Edge x = call.X;
        long[] repeats = call.Integers("repeats", "multiples") ?? throw call.Call.Layer.NotSupported("it does not say how often");
        if (repeats.Length != x.Rank || repeats.Any(static count => count is < 1 or > 1 << 16))
        {
            throw call.Call.Layer.NotSupported("its numbers of copies do not fit its input");
        }

        TensorShape shape = new([.. repeats.Select((count, i) => x.Shape[i] < 0 ? -1 : x.Shape[i] * count)]);
        return call.Graph.Node("Tile", [x, call.Graph.Constant(repeats)], x.Type, shape);
    }

    // Each value several times in a row, as opposed to all of them one after the other.
    private static Edge Repeat(OperationCall call)
    {
        Edge x = call.X;
        if (call.Integers("repeats") is not [var count] || count is < 1 or > 1 << 16 || call.Integers("axis") is null)
        {
            throw call.Call.Layer.NotSupported("it repeats values differently, or over all dimensions");
        }

        int axis = call.Axis(x, 0);
        long size = x.Shape[axis];
        Edge places = size >= 0
            ? call.Graph.Constant([.. Enumerable.Range(0, (int)size).SelectMany(i => Enumerable.Repeat((long)i, (int)count))])
            : throw call.Call.Layer.NotSupported("the size of the dimension is open");
        return call.Graph.Gather(x, places, axis);
    }

    private static Edge Pad(OperationCall call)
    {
        Edge x = call.X;
        long[] widths = Nested(call, "pad_width", "paddings");
        widths = widths.Length == 1 ? [.. Enumerable.Repeat(widths[0], 2 * x.Rank)] : widths;
        string mode = (call.Text("mode") ?? "constant").ToLowerInvariant();
        if (widths.Length != 2 * x.Rank || mode is not ("constant" or "reflect") || widths.Any(static width => width is < 0 or > 1 << 20))
        {
            throw call.Call.Layer.NotSupported($"its borders do not fit its input, or its mode is '{mode}'");
        }

        long[] before = [.. widths.Where(static (_, i) => i % 2 == 0)];
        long[] behind = [.. widths.Where(static (_, i) => i % 2 == 1)];
        Edge source = x.Type == OnnxDataType.Float ? x : call.Single(x);
        return call.Graph.Pad(source, [.. before, .. behind], mode, call.Number("constant_values") ?? 0);
    }

    private static Edge BroadcastTo(OperationCall call)
    {
        Edge x = call.X;
        long[] shape = call.Integers("shape") ?? throw call.Call.Layer.NotSupported("its shape is not made of numbers");
        return shape.Length >= x.Rank && shape.All(static size => size is > 0 and < 1 << 24)
            ? call.Graph.Node("Expand", [x, call.Graph.Constant(shape)], x.Type, new TensorShape(shape))
            : throw call.Call.Layer.NotSupported($"it repeats its values to the shape {new TensorShape(shape)}");
    }

    // Images with pixels as squares whose middles are half a pixel in.
    private static Edge Resize(OperationCall call)
    {
        GraphBuilder graph = call.Graph;
        string method = call.Text("interpolation", "method") ?? "bilinear";
        bool first = call.Text("data_format") == "channels_first";
        if (call.Integers("size") is not [> 0 and <= 8192 and var height, > 0 and <= 8192 and var width] || call.X.Rank != 4 || method is not ("bilinear" or "nearest")
            || call.Flag("antialias") || call.Flag("crop_to_aspect_ratio") || call.Flag("pad_to_aspect_ratio") || call.Flag("preserve_aspect_ratio"))
        {
            throw call.Call.Layer.NotSupported("it resizes otherwise than images to a fixed size by bilinear or nearest interpolation");
        }

        Edge x = first ? call.Float : graph.Transpose(call.Float, 0, 3, 1, 2);
        NodeAttribute[] mode = method == "nearest"
            ? [NodeAttribute.Of("mode", "nearest"), NodeAttribute.Of("coordinate_transformation_mode", "half_pixel"), NodeAttribute.Of("nearest_mode", "round_prefer_ceil")]
            : [NodeAttribute.Of("mode", "linear"), NodeAttribute.Of("coordinate_transformation_mode", "half_pixel")];
        Edge sizes = graph.Concat([graph.SizeOf(x, 0), graph.SizeOf(x, 1), graph.Constant([height, width])], 0);
        Edge y = graph.Node("Resize", [x, KerasOperators.Absent, KerasOperators.Absent, sizes], x.Type, new TensorShape(x.Shape[0], x.Shape[1], height, width), mode);
        return first ? y : graph.Transpose(y, 0, 2, 3, 1);
    }

    // Pairs, one for each dimension.
    private static long[] Nested(OperationCall call, params string[] names)
    {
        foreach (string name in names)
        {
            if (call.Call.Config.Numbers(name) is { } own)
            {
                return [.. own.Select(static width => (long)width)];
            }

            if (call.Call.Named.TryGetValue(name, out CallArgument? given) && given.Literal.ValueKind == System.Text.Json.JsonValueKind.Array)
            {
                return [.. given.Literal.EnumerateArray().SelectMany(static pair => pair.ValueKind == System.Text.Json.JsonValueKind.Array ? pair.EnumerateArray().ToArray() : [pair]).Select(static width => width.GetInt64())];
            }
        }

        throw call.Call.Layer.NotSupported("its borders are no numbers");
    }

    private static Edge[] Split(OperationCall call)
    {
        Edge x = call.X;
        int axis = call.Axis(x, 0);
        long size = x.Shape[axis];
        long[] parts = call.Integers("indices_or_sections", "num_or_size_splits") ?? throw call.Call.Layer.NotSupported("it does not say how to split");
        if (size < 0 || parts.Any(part => part < 0 || part > size) || parts is [0])
        {
            throw call.Call.Layer.NotSupported("the size of the dimension is open, or its parts do not fit it");
        }

        // One number counts the parts; several are the places of the cuts in Keras 3 and the sizes of the parts in TensorFlow.
        long[] sizes = parts is [var count] && !call.IsList("indices_or_sections", "num_or_size_splits")
            ? size % count == 0 ? [.. Enumerable.Repeat(size / count, (int)count)] : throw call.Call.Layer.Invalid($"{size} can't be split into {count} equal parts")
            : call.Call.Layer.KerasMajor >= 3 ? [.. parts.Append(size).Zip(parts.Prepend(0), static (end, start) => end - start)] : parts;
        return sizes.Sum() == size && sizes.All(static part => part >= 0) ? call.Graph.Split(x, axis, sizes) : throw call.Call.Layer.Invalid("its parts do not fit its input");
    }

    private static IReadOnlyList<Edge> Unstack(OperationCall call)
    {
        Edge x = call.X;
        int axis = call.Axis(x, 0);
        long size = x.Shape[axis] is >= 1 and <= 4096 and var known ? known : throw call.Call.Layer.NotSupported("the size of the dimension is open, or large");
        return [.. call.Graph.Split(x, axis, [.. Enumerable.Repeat(1L, (int)size)]).Select(part => call.Graph.Squeeze(part, axis))];
    }
}
