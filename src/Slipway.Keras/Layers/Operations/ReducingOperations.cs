using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers.Operations;

/// <summary>Functions of the values along some dimensions, and products of tensors.</summary>
internal static class ReducingOperations
{
    // Keras' epsilon.
    private const double LeastLength = 1e-12;

    public static IEnumerable<KeyValuePair<string, Func<OperationCall, IReadOnlyList<Edge>>>> All { get; } =
    [
        .. new[] { ("Mean", "ReduceMean"), ("Logsumexp", "ReduceLogSumExp") }.Select(static pair => ElementwiseOperations.One(pair.Item1, call => Reduce(call, pair.Item2, call.Float))),
        .. new[] { ("Sum", "ReduceSum"), ("Max", "ReduceMax"), ("Min", "ReduceMin"), ("Prod", "ReduceProd") }.Select(static pair => ElementwiseOperations.One(pair.Item1, call => Reduce(call, pair.Item2, call.Natural))),
        ElementwiseOperations.One("Average", static call => call.Find(1, "weights") is { Tensors.Count: > 0 } || call.Call.Config.Has("weights")
            ? throw call.Call.Layer.NotSupported("it has weights")
            : call.Graph.ReduceOver("ReduceMean", call.Float, call.Axes(call.X), false)),
        ElementwiseOperations.One("Dot", Dot),
        ElementwiseOperations.One("Any", static call => call.Graph.Cast(Reduce(call, "ReduceMax", Ones(call)), OnnxDataType.Bool)),
        ElementwiseOperations.One("All", static call => call.Graph.Cast(Reduce(call, "ReduceMin", Ones(call)), OnnxDataType.Bool)),
        ElementwiseOperations.One("Var", Variance),
        ElementwiseOperations.One("Std", static call => call.Graph.Sqrt(Variance(call))),
        ElementwiseOperations.One("Argmax", static call => Argument(call, "ArgMax")),
        ElementwiseOperations.One("Argmin", static call => Argument(call, "ArgMin")),
        ElementwiseOperations.One("Norm", Norm),
        ElementwiseOperations.One("Normalize", Normalize),
        ElementwiseOperations.One("Cumsum", Cumsum),
        ElementwiseOperations.One("Matmul", MatMul),
        ElementwiseOperations.One("Einsum", Einsum),
    ];

    private static Edge Reduce(OperationCall call, string operation, Edge x) => call.Graph.ReduceOver(operation, x, call.Axes(x), call.Flag("keepdims"));

    private static Edge Ones(OperationCall call) => call.Graph.Cast(call.Graph.Cast(call.X, OnnxDataType.Bool), OnnxDataType.Float);

    private static Edge Variance(OperationCall call)
    {
        GraphBuilder graph = call.Graph;
        Edge x = call.Float;
        long[] axes = call.Axes(x);
        Edge centred = graph.Sub(x, graph.ReduceOver("ReduceMean", x, axes, true));
        return graph.ReduceOver("ReduceMean", graph.Mul(centred, centred), axes, call.Flag("keepdims"));
    }

    private static Edge Argument(OperationCall call, string operation)
    {
        Edge x = call.Float;
        if (call.Integers("axis") is null)
        {
            throw call.Call.Layer.NotSupported("it looks for one place among all values, samples included");
        }

        int axis = call.Axis(x, 0);
        bool keep = call.Flag("keepdims");
        long[] shape = [.. x.Shape.Dimensions.ToArray().Select((size, i) => i == axis ? 1 : size).Where((_, i) => keep || i != axis)];
        Edge found = call.Graph.Node(operation, [x], OnnxDataType.Int64, new TensorShape(shape), NodeAttribute.Of("axis", axis), NodeAttribute.Of("keepdims", keep ? 1 : 0));
        return call.Call.Layer.KerasMajor >= 3 ? call.Graph.Cast(found, OnnxDataType.Int32) : found;
    }

    private static Edge Norm(OperationCall call) => call.Text("ord", "order") is null && (call.Number("ord") ?? 2) == 2
        ? Reduce(call, "ReduceL2", call.Float)
        : throw call.Call.Layer.NotSupported("only the Euclidean norm is known");

    // Keras 3 divides by the length where that is not tiny; TensorFlow by the root of the sum of squares, held above its epsilon.
    private static Edge Normalize(OperationCall call)
    {
        GraphBuilder graph = call.Graph;
        if ((call.Number("order") ?? 2) != 2)
        {
            throw call.Call.Layer.NotSupported("only the Euclidean norm is known");
        }

        Edge x = call.Float;
        long[] axes = call.Integers("axis") is null ? [x.Rank - 1] : call.Axes(x);
        Edge squares = graph.ReduceOver("ReduceSum", graph.Mul(x, x), axes, true);
        return graph.Div(x, graph.Sqrt(graph.Max(squares, graph.Single(call.Number("epsilon") ?? LeastLength))));
    }

    private static Edge Cumsum(OperationCall call)
    {
        Edge x = call.Natural;
        if (call.Integers("axis") is null)
        {
            throw call.Call.Layer.NotSupported("it adds up all values, samples included");
        }

        return call.Graph.Node(
            "CumSum",
            [x, call.Graph.Scalar(call.Axis(x, 0), OnnxDataType.Int64)],
            x.Type,
            x.Shape,
            NodeAttribute.Of("exclusive", call.Flag("exclusive") ? 1 : 0),
            NodeAttribute.Of("reverse", call.Flag("reverse") ? 1 : 0));
    }

    private static Edge MatMul(OperationCall call)
    {
        Edge a = Turned(call, call.Single(call.Tensor(0, "x1", "a", "x")), "transpose_a");
        Edge b = Turned(call, call.Single(call.Tensor(1, "x2", "b", "y")), "transpose_b");
        return call.Graph.MatMul(a, b);
    }

    // The last dimension of the first with the last but one of the second, or its only one.
    private static Edge Dot(OperationCall call)
    {
        Edge a = call.Single(call.Tensor(0, "x1", "a", "x"));
        Edge b = call.Single(call.Tensor(1, "x2", "b", "y"));
        return b.Rank == 2 && a.Rank >= 1 ? call.Graph.MatMul(a, b) : throw call.Call.Layer.NotSupported($"products of tensors of {a.Rank} and {b.Rank} dimensions are not known");
    }

    private static Edge Turned(OperationCall call, Edge x, string flag)
    {
        if (!call.Flag(flag))
        {
            return x;
        }

        long[] order = [.. Enumerable.Range(0, x.Rank).Select(static axis => (long)axis)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return call.Graph.Transpose(x, order);
    }

    private static Edge Einsum(OperationCall call)
    {
        string equation = (call.Text("subscripts", "equation") ?? throw call.Call.Config.Missing("subscripts")).Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] operands = sides[0].Split(',');
        Edge[] inputs = [.. call.Tensors.Select(call.Single)];
        if (sides.Length != 2 || operands.Length != inputs.Length || equation.Contains('.', StringComparison.Ordinal) || operands.Zip(inputs).Any(static pair => pair.First.Length != pair.Second.Rank))
        {
            throw call.Call.Layer.NotSupported($"the equation '{equation}' does not name every dimension");
        }

        Dictionary<char, long> sizes = [];
        foreach ((string letters, Edge input) in operands.Zip(inputs))
        {
            for (int i = 0; i < letters.Length; i++)
            {
                sizes[letters[i]] = Math.Max(input.Shape[i], sizes.GetValueOrDefault(letters[i], -1));
            }
        }

        return call.Graph.Einsum(equation, new TensorShape([.. sides[1].Select(letter => sizes.GetValueOrDefault(letter, -1))]), inputs);
    }
}
