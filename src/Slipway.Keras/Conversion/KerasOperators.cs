using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Keras.Conversion;

/// <summary>Operators that layers need beyond those of <see cref="GraphOperators"/>, with their shapes.</summary>
internal static class KerasOperators
{
    /// <summary>An input that is left out.</summary>
    public static Edge Absent { get; } = new("", OnnxDataType.Undefined, TensorShape.Scalar);

    /// <summary>One number of type binary32.</summary>
    public static Edge Single(this GraphBuilder graph, double value) => graph.Scalar(value, OnnxDataType.Float);

    /// <summary>One number of the type of <paramref name="like"/>.</summary>
    public static Edge ScalarLike(this GraphBuilder graph, double value, Edge like) => graph.Scalar(value, like.Type);

    /// <summary>An operator with one input that changes neither type nor shape.</summary>
    public static Edge Same(this GraphBuilder graph, string operation, Edge a, params NodeAttribute[] attributes) => graph.Node(operation, [a], a.Type, a.Shape, attributes);

    /// <summary>Values held between two bounds, either of which may be left out.</summary>
    public static Edge Clip(this GraphBuilder graph, Edge a, double? least, double? most)
    {
        List<Edge> inputs = [a, least is { } low ? graph.ScalarLike(low, a) : Absent];
        if (most is { } high)
        {
            inputs.Add(graph.ScalarLike(high, a));
        }

        return graph.Node("Clip", inputs, a.Type, a.Shape);
    }

    /// <summary>e^x / Σ e^x along an axis.</summary>
    public static Edge SoftmaxAlong(this GraphBuilder graph, Edge a, int axis) => graph.Same("Softmax", a, NodeAttribute.Of("axis", axis));

    /// <summary>A new dimension of size 1 at each position of the result.</summary>
    public static Edge Unsqueeze(this GraphBuilder graph, Edge a, params long[] axes)
    {
        List<long> shape = [.. a.Shape.Dimensions];
        foreach (long axis in axes.Order())
        {
            shape.Insert((int)axis, 1);
        }

        return graph.Node("Unsqueeze", [a, graph.Constant(axes)], a.Type, new TensorShape([.. shape]));
    }

    /// <summary>Without dimensions of size 1.</summary>
    public static Edge Squeeze(this GraphBuilder graph, Edge a, params long[] axes)
    {
        long[] shape = [.. a.Shape.Dimensions.ToArray().Where((_, i) => !axes.Contains(i))];
        return graph.Node("Squeeze", [a, graph.Constant(axes)], a.Type, new TensorShape(shape));
    }

    /// <summary>A part along one axis. A negative end counts from the end; null means up to the end.</summary>
    public static Edge Slice(this GraphBuilder graph, Edge a, int axis, long start, long? end)
    {
        long size = a.Shape[axis];
        long[] shape = a.Shape.Dimensions.ToArray();
        long last = end ?? (size < 0 ? long.MaxValue : size);
        long stop = last < 0 ? (size < 0 ? -1 : size + last) : last;
        shape[axis] = size >= 0 ? Math.Max(Math.Min(stop, size) - (start < 0 ? size + start : start), 0) : start >= 0 && last >= 0 && last < long.MaxValue ? last - start : -1;
        return graph.Node("Slice", [a, graph.Constant([start]), graph.Constant([end ?? long.MaxValue]), graph.Constant([(long)axis])], a.Type, new TensorShape(shape));
    }

    /// <summary>In reverse order along an axis.</summary>
    public static Edge Reverse(this GraphBuilder graph, Edge a, int axis) => graph.Node(
        "Slice", [a, graph.Constant([-1L]), graph.Constant([long.MinValue]), graph.Constant([(long)axis]), graph.Constant([-1L])], a.Type, a.Shape);

    /// <summary>Parts of given sizes along an axis.</summary>
    public static Edge[] Split(this GraphBuilder graph, Edge a, int axis, params long[] sizes)
    {
        (OnnxDataType, TensorShape)[] outputs = [.. sizes.Select(size =>
        {
            long[] shape = a.Shape.Dimensions.ToArray();
            shape[axis] = size;
            return (a.Type, new TensorShape(shape));
        })];
        return graph.Nodes("Split", "", [a, graph.Constant(sizes)], outputs, NodeAttribute.Of("axis", axis));
    }

    /// <summary>A reduction over several axes.</summary>
    public static Edge ReduceOver(this GraphBuilder graph, string operation, Edge a, IReadOnlyList<long> axes, bool keepDimensions)
    {
        long[] positions = [.. axes.Select(axis => axis < 0 ? axis + a.Rank : axis).Distinct().Order()];
        long[] shape = keepDimensions
            ? [.. a.Shape.Dimensions.ToArray().Select((size, i) => positions.Contains(i) ? 1 : size)]
            : [.. a.Shape.Dimensions.ToArray().Where((_, i) => !positions.Contains(i))];
        return graph.Node(operation, [a, graph.Constant(positions)], a.Type, new TensorShape(shape), NodeAttribute.Of("keepdims", keepDimensions ? 1 : 0));
    }

    /// <summary>Constant values added around; <paramref name="pads"/> has all beginnings, then all ends, for every dimension.</summary>
    public static Edge Pad(this GraphBuilder graph, Edge a, long[] pads, string mode = "constant", double value = 0)
    {
        long[] shape = [.. a.Shape.Dimensions.ToArray().Select((size, i) => size < 0 ? -1 : size + pads[i] + pads[i + a.Rank])];
        List<Edge> inputs = [a, graph.Constant(pads)];
        if (mode == "constant")
        {
            inputs.Add(graph.ScalarLike(value, a));
        }

        return graph.Node("Pad", inputs, a.Type, new TensorShape(shape), NodeAttribute.Of("mode", mode));
    }

    /// <summary>The sizes as a vector of 64-bit integers.</summary>
    public static Edge SizesOf(this GraphBuilder graph, Edge a) => graph.Node("Shape", [a], OnnxDataType.Int64, new TensorShape(a.Rank));

    /// <summary>One size as a vector of one integer: a constant where it is known.</summary>
    public static Edge SizeOf(this GraphBuilder graph, Edge a, int axis) => a.Shape[axis] >= 0
        ? graph.Constant([a.Shape[axis]])
        : graph.Node("Shape", [a], OnnxDataType.Int64, new TensorShape(1), NodeAttribute.Of("start", axis), NodeAttribute.Of("end", axis + 1));

    /// <summary>The values under a shape that is put together from sizes known now and later.</summary>
    /// <param name="known">What is known of the result; -1 elsewhere.</param>
    public static Edge ReshapeTo(this GraphBuilder graph, Edge a, IReadOnlyList<Edge> sizes, TensorShape known) =>
        graph.Node("Reshape", [a, graph.Concat(sizes, 0)], a.Type, known);

    /// <summary>Repeated to a shape, as broadcasting has it.</summary>
    public static Edge ExpandTo(this GraphBuilder graph, Edge a, IReadOnlyList<Edge> sizes, TensorShape known) =>
        graph.Node("Expand", [a, graph.Concat(sizes, 0)], a.Type, known);

    /// <summary>A tensor with one value everywhere; its sizes are put together from parts.</summary>
    public static Edge Filled(this GraphBuilder graph, IReadOnlyList<Edge> sizes, TensorShape known, double value = 0) =>
        graph.ExpandTo(graph.Constant([(float)value]), sizes, known);

    /// <summary>Einstein's sum.</summary>
    public static Edge Einsum(this GraphBuilder graph, string equation, TensorShape shape, params Edge[] inputs) =>
        graph.Node("Einsum", inputs, inputs[0].Type, shape, NodeAttribute.Of("equation", equation));

    /// <summary>A vector along one axis of something with <paramref name="rank"/> dimensions.</summary>
    public static Edge Along(this GraphBuilder graph, ReadOnlySpan<float> values, int axis, int rank)
    {
        long[] shape = [.. Enumerable.Repeat(1L, rank)];
        shape[axis] = values.Length;
        return graph.Constant(values, shape);
    }
}
