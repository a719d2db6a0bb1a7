using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers.Operations;

/// <summary>Values by their order, and by the places that other values name.</summary>
internal static class OrderingOperations
{
    public static IEnumerable<KeyValuePair<string, Func<OperationCall, IReadOnlyList<Edge>>>> All { get; } =
    [
        ElementwiseOperations.One("Sort", static call => Ordered(call, call.Natural, call.Axis(call.X, -1), largest: call.Text("direction") == "DESCENDING")[0]),
        ElementwiseOperations.One("Argsort", static call => Position(call, Ordered(call, call.Natural, call.Axis(call.X, -1), largest: call.Text("direction") == "DESCENDING")[1])),
        new("TopK", TopK),
        ElementwiseOperations.One("TakeAlongAxis", TakeAlong),
        ElementwiseOperations.One("Tril", static call => Triangle(call, upper: false)),
        ElementwiseOperations.One("Triu", static call => Triangle(call, upper: true)),
        ElementwiseOperations.One("Roll", Roll),
        ElementwiseOperations.One("Diff", static call => (call.Integers("n") ?? [1])[0] == 1
            ? Difference(call, call.Natural, call.Axis(call.X, -1))
            : throw call.Call.Layer.NotSupported("it takes differences of differences")),
        ElementwiseOperations.One("CountNonzero", static call => call.Graph.Cast(
            call.Graph.ReduceOver("ReduceSum", call.Graph.Cast(call.Graph.Cast(call.X, OnnxDataType.Bool), OnnxDataType.Int64), call.Axes(call.X), false), OnnxDataType.Int32)),
    ];

    private static Edge[] Ordered(OperationCall call, Edge x, int axis, bool largest) => Best(call, x, call.Graph.SizeOf(x, axis), axis, x.Shape[axis], largest);

    private static Edge[] Best(OperationCall call, Edge x, Edge count, int axis, long size, bool largest)
    {
        long[] shape = x.Shape.Dimensions.ToArray();
        shape[axis] = size;
        return call.Graph.Nodes(
            "TopK",
            "",
            [x, count],
            [(x.Type, new TensorShape(shape)), (OnnxDataType.Int64, new TensorShape(shape))],
            NodeAttribute.Of("axis", axis),
            NodeAttribute.Of("largest", largest ? 1 : 0),
            NodeAttribute.Of("sorted", 1));
    }

    private static Edge Position(OperationCall call, Edge positions) => call.Graph.Cast(positions, OnnxDataType.Int32);

    private static IReadOnlyList<Edge> TopK(OperationCall call)
    {
        Edge x = call.Natural;
        long count = (call.Integers("k") ?? [1])[0];
        int axis = x.Rank - 1;
        if (count < 1 || (x.Shape[axis] >= 0 && count > x.Shape[axis]))
        {
            throw call.Call.Layer.Invalid($"it wants {count} of {x.Shape[axis]} values");
        }

        Edge[] best = Best(call, x, call.Graph.Constant([count]), axis, count, largest: true);
        return [best[0], Position(call, best[1])];
    }

    private static Edge TakeAlong(OperationCall call)
    {
        Edge x = call.X;
        Edge places = call.Graph.Cast(call.Tensor(1, "indices"), OnnxDataType.Int64);
        if (call.Integers("axis") is null || places.Rank != x.Rank || Enumerable.Range(0, x.Rank).Any(i => i != call.Axis(x, 0) && i > 0 && (places.Shape[i] != x.Shape[i] || x.Shape[i] < 0)))
        {
            throw call.Call.Layer.NotSupported("its positions have another shape than its values");
        }

        return call.Graph.Node("GatherElements", [x, places], x.Type, places.Shape, NodeAttribute.Of("axis", call.Axis(x, 0)));
    }

    private static Edge Triangle(OperationCall call, bool upper)
    {
        Edge x = call.Natural;
        return call.Graph.Node("Trilu", [x, call.Graph.Scalar((call.Integers("k") ?? [0])[0], OnnxDataType.Int64)], x.Type, x.Shape, NodeAttribute.Of("upper", upper ? 1 : 0));
    }

    private static Edge Roll(OperationCall call)
    {
        Edge x = call.X;
        if (call.Integers("shift") is not [var shift] || call.Integers("axis") is not [_])
        {
            throw call.Call.Layer.NotSupported("it moves all values, samples included, or along several dimensions");
        }

        int axis = call.Axis(x, 0);
        long size = x.Shape[axis] is > 0 and var known ? known : throw call.Call.Layer.NotSupported("the size of the dimension is open");
        long moved = ((shift % size) + size) % size;
        return moved == 0 ? x : call.Graph.Concat([call.Graph.Slice(x, axis, size - moved, size), call.Graph.Slice(x, axis, 0, size - moved)], axis);
    }

    private static Edge Difference(OperationCall call, Edge x, int axis)
    {
        long size = x.Shape[axis] is > 1 and var known ? known : throw call.Call.Layer.NotSupported("the size of the dimension is open, or one");
        return call.Graph.Sub(call.Graph.Slice(x, axis, 1, size), call.Graph.Slice(x, axis, 0, size - 1));
    }
}
