using Slipway.Core;

namespace Slipway.Formats.Onnx.Building;

/// <summary>ONNX's own operators with their type and shape rules, so that a converter reads like the formula. Shapes broadcast as in NumPy.</summary>
internal static class GraphOperators
{
    public static Edge Add(this GraphBuilder graph, Edge a, Edge b) => graph.Binary("Add", a, b);

    public static Edge Sub(this GraphBuilder graph, Edge a, Edge b) => graph.Binary("Sub", a, b);

    public static Edge Mul(this GraphBuilder graph, Edge a, Edge b) => graph.Binary("Mul", a, b);

    public static Edge Div(this GraphBuilder graph, Edge a, Edge b) => graph.Binary("Div", a, b);

    public static Edge Pow(this GraphBuilder graph, Edge a, Edge b) => graph.Binary("Pow", a, b);

    public static Edge Max(this GraphBuilder graph, Edge a, Edge b) => graph.Binary("Max", a, b);

    public static Edge Min(this GraphBuilder graph, Edge a, Edge b) => graph.Binary("Min", a, b);

    public static Edge Neg(this GraphBuilder graph, Edge a) => graph.Unary("Neg", a);

    public static Edge Abs(this GraphBuilder graph, Edge a) => graph.Unary("Abs", a);

    public static Edge Exp(this GraphBuilder graph, Edge a) => graph.Unary("Exp", a);

    public static Edge Log(this GraphBuilder graph, Edge a) => graph.Unary("Log", a);

    public static Edge Sqrt(this GraphBuilder graph, Edge a) => graph.Unary("Sqrt", a);

    public static Edge Tanh(this GraphBuilder graph, Edge a) => graph.Unary("Tanh", a);

    public static Edge Relu(this GraphBuilder graph, Edge a) => graph.Unary("Relu", a);

    public static Edge Sign(this GraphBuilder graph, Edge a) => graph.Unary("Sign", a);

    public static Edge Sin(this GraphBuilder graph, Edge a) => graph.Unary("Sin", a);

    public static Edge Cos(this GraphBuilder graph, Edge a) => graph.Unary("Cos", a);

    /// <summary>The nearest whole number, the even one of two.</summary>
    public static Edge Round(this GraphBuilder graph, Edge a) => graph.Unary("Round", a);

    public static Edge Ceil(this GraphBuilder graph, Edge a) => graph.Unary("Ceil", a);

    public static Edge Floor(this GraphBuilder graph, Edge a) => graph.Unary("Floor", a);

    /// <summary>1 / (1 + e⁻ᵃ).</summary>
    public static Edge Sigmoid(this GraphBuilder graph, Edge a) => graph.Unary("Sigmoid", a);

    /// <summary>eᵃ / Σ eᵃ over the last dimension.</summary>
    public static Edge Softmax(this GraphBuilder graph, Edge a) => graph.Node("Softmax", [a], a.Type, a.Shape, NodeAttribute.Of("axis", -1));

    public static Edge Less(this GraphBuilder graph, Edge a, Edge b) => graph.Comparison("Less", a, b);

    public static Edge LessOrEqual(this GraphBuilder graph, Edge a, Edge b) => graph.Comparison("LessOrEqual", a, b);

    public static Edge Greater(this GraphBuilder graph, Edge a, Edge b) => graph.Comparison("Greater", a, b);

    public static Edge GreaterOrEqual(this GraphBuilder graph, Edge a, Edge b) => graph.Comparison("GreaterOrEqual", a, b);

    public static Edge Equal(this GraphBuilder graph, Edge a, Edge b) => graph.Comparison("Equal", a, b);

    public static Edge And(this GraphBuilder graph, Edge a, Edge b) => graph.Comparison("And", a, b);

    public static Edge Or(this GraphBuilder graph, Edge a, Edge b) => graph.Comparison("Or", a, b);

    public static Edge Not(this GraphBuilder graph, Edge a) => graph.Unary("Not", a);

    /// <summary>Where a value is NaN.</summary>
    public static Edge IsNaN(this GraphBuilder graph, Edge a) => graph.Node("IsNaN", [a], OnnxDataType.Bool, a.Shape);

    /// <summary><paramref name="a"/> where the condition holds, else <paramref name="b"/>.</summary>
    public static Edge Where(this GraphBuilder graph, Edge condition, Edge a, Edge b) =>
        graph.Node("Where", [condition, a, b], a.Type, Shapes.Broadcast(condition.Shape, Shapes.Broadcast(a.Shape, b.Shape)));

    /// <summary>The same values as another type; the edge itself when it has that type already.</summary>
    public static Edge Cast(this GraphBuilder graph, Edge a, OnnxDataType type) =>
        a.Type == type ? a : graph.Node("Cast", [a], type, a.Shape, NodeAttribute.Of("to", (long)type));

    /// <summary>Matrix product over the last two dimensions.</summary>
    public static Edge MatMul(this GraphBuilder graph, Edge a, Edge b) => graph.Node("MatMul", [a, b], a.Type, Shapes.MatMul(a.Shape, b.Shape));

    /// <summary>Dimensions in another order.</summary>
    public static Edge Transpose(this GraphBuilder graph, Edge a, params long[] order)
    {
        long[] shape = new long[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            shape[i] = a.Shape[(int)order[i]];
        }

        return graph.Node("Transpose", [a], a.Type, new TensorShape(shape), NodeAttribute.Of("perm", order));
    }

    /// <summary>The same values under another shape; one dimension may be -1, 0 keeps the size of the input's.</summary>
    public static Edge Reshape(this GraphBuilder graph, Edge a, params long[] shape)
    {
        long[] known = new long[shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            known[i] = shape[i] == 0 ? a.Shape[i] : shape[i];
        }

        return graph.Node("Reshape", [a, graph.Constant(shape)], a.Type, new TensorShape(known));
    }

    /// <summary>Edges side by side along <paramref name="axis"/> (negative counts from the end).</summary>
    public static Edge Concat(this GraphBuilder graph, IReadOnlyList<Edge> parts, int axis)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        int position = axis < 0 ? axis + parts[0].Rank : axis;
        long[] shape = parts[0].Shape.Dimensions.ToArray();
        shape[position] = parts.Any(part => part.Shape[position] < 0) ? -1 : parts.Sum(part => part.Shape[position]);
        return graph.Node("Concat", parts, parts[0].Type, new TensorShape(shape), NodeAttribute.Of("axis", position));
    }

    /// <summary>Slices of <paramref name="data"/> at <paramref name="indices"/> along <paramref name="axis"/>.</summary>
    public static Edge Gather(this GraphBuilder graph, Edge data, Edge indices, int axis)
    {
        ReadOnlySpan<long> source = data.Shape.Dimensions;
        long[] shape = [.. source[..axis], .. indices.Shape.Dimensions, .. source[(axis + 1)..]];
        return graph.Node("Gather", [data, indices], data.Type, new TensorShape(shape), NodeAttribute.Of("axis", axis));
    }

    /// <summary>Columns <paramref name="columns"/> of a matrix, in that order; the edge itself when that is all of them.</summary>
    public static Edge Columns(this GraphBuilder graph, Edge matrix, IReadOnlyList<long> columns)
    {
        bool all = columns.Count == matrix.Width && columns.Select(static (column, index) => column == index).All(static same => same);
        return all ? matrix : graph.Gather(matrix, graph.Constant([.. columns]), 1);
    }

    /// <summary>Position of the largest value of each row, the first among equals.</summary>
    public static Edge ArgMax(this GraphBuilder graph, Edge matrix, bool keepDimension = false) => graph.Argument("ArgMax", matrix, keepDimension);

    /// <summary>Position of the smallest value of each row, the first among equals.</summary>
    public static Edge ArgMin(this GraphBuilder graph, Edge matrix, bool keepDimension = false) => graph.Argument("ArgMin", matrix, keepDimension);

    public static Edge ReduceSum(this GraphBuilder graph, Edge a, int axis, bool keepDimension = true) => graph.Reduce("ReduceSum", a, axis, keepDimension);

    public static Edge ReduceMax(this GraphBuilder graph, Edge a, int axis, bool keepDimension = true) => graph.Reduce("ReduceMax", a, axis, keepDimension);

    public static Edge ReduceMin(this GraphBuilder graph, Edge a, int axis, bool keepDimension = true) => graph.Reduce("ReduceMin", a, axis, keepDimension);

    public static Edge ReduceMean(this GraphBuilder graph, Edge a, int axis, bool keepDimension = true) => graph.Reduce("ReduceMean", a, axis, keepDimension);

    private static Edge Unary(this GraphBuilder graph, string operation, Edge a) => graph.Node(operation, [a], a.Type, a.Shape);

    private static Edge Binary(this GraphBuilder graph, string operation, Edge a, Edge b) => graph.Node(operation, [a, b], a.Type, Shapes.Broadcast(a.Shape, b.Shape));

    private static Edge Comparison(this GraphBuilder graph, string operation, Edge a, Edge b) =>
        graph.Node(operation, [a, b], OnnxDataType.Bool, Shapes.Broadcast(a.Shape, b.Shape));

    private static Edge Argument(this GraphBuilder graph, string operation, Edge matrix, bool keepDimension)
    {
        TensorShape shape = keepDimension ? new TensorShape(matrix.Shape[0], 1) : new TensorShape(matrix.Shape[0]);
        return graph.Node(operation, [matrix], OnnxDataType.Int64, shape, NodeAttribute.Of("axis", 1), NodeAttribute.Of("keepdims", keepDimension ? 1 : 0));
    }

    private static Edge Reduce(this GraphBuilder graph, string operation, Edge a, int axis, bool keepDimension)
    {
        int position = axis < 0 ? axis + a.Rank : axis;
        return graph.Node(
            operation, [a, graph.Constant([(long)position])], a.Type, Shapes.Reduced(a.Shape, position, keepDimension), NodeAttribute.Of("keepdims", keepDimension ? 1 : 0));
    }
}
