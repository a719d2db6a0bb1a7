using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>
/// Operators between layers, as <c>a + b</c> leaves them in a Functional model of Keras 3: names of functions with their arguments, not code. Those in the table are converted; others are
/// refused by name. Computed in binary32.
/// </summary>
internal sealed class NamedOperations : LayerConverter
{
    private const string KerasPrefix = "ops.";

    private static readonly Dictionary<string, Func<LayerCall, Edge>> Table = new(StringComparer.Ordinal)
    {
        ["Add"] = static call => call.Graph.Add(Operand(call, 0, "x1", "x"), Operand(call, 1, "x2", "y")),
        ["Subtract"] = static call => call.Graph.Sub(Operand(call, 0, "x1", "x"), Operand(call, 1, "x2", "y")),
        ["Multiply"] = static call => call.Graph.Mul(Operand(call, 0, "x1", "x"), Operand(call, 1, "x2", "y")),
        ["Divide"] = static call => call.Graph.Div(Operand(call, 0, "x1", "x"), Operand(call, 1, "x2", "y")),
        ["Maximum"] = static call => call.Graph.Max(Operand(call, 0, "x1", "x"), Operand(call, 1, "x2", "y")),
        ["Minimum"] = static call => call.Graph.Min(Operand(call, 0, "x1", "x"), Operand(call, 1, "x2", "y")),
        ["Power"] = static call => call.Graph.Pow(Operand(call, 0, "x1", "x"), Operand(call, 1, "x2", "y")),
        ["Negative"] = static call => call.Graph.Neg(Operand(call, 0, "x")),
        ["Absolute"] = static call => call.Graph.Abs(Operand(call, 0, "x")),
        ["Sqrt"] = static call => call.Graph.Sqrt(Operand(call, 0, "x")),
        ["Exp"] = static call => call.Graph.Exp(Operand(call, 0, "x")),
        ["Log"] = static call => call.Graph.Log(Operand(call, 0, "x")),
        ["Square"] = static call => call.Graph.Mul(Operand(call, 0, "x"), Operand(call, 0, "x")),
        ["Relu"] = static call => call.Graph.Relu(Operand(call, 0, "x", "features")),
        ["Relu6"] = static call => call.Graph.Clip(Operand(call, 0, "x", "features"), 0, 6),
        ["Sigmoid"] = static call => call.Graph.Sigmoid(Operand(call, 0, "x")),
        ["Tanh"] = static call => call.Graph.Tanh(Operand(call, 0, "x")),
        ["Silu"] = static call => Activations.ElementwiseOf(call.Layer, "silu", call.Graph)(Operand(call, 0, "x", "features")),
        ["Mean"] = static call => Reduce(call, "ReduceMean"),
        ["Sum"] = static call => Reduce(call, "ReduceSum"),
        ["Max"] = static call => Reduce(call, "ReduceMax"),
        ["Min"] = static call => Reduce(call, "ReduceMin"),
        ["Concatenate"] = Concatenate,
        ["ExpandDims"] = static call => ExpandDimensions(call),
        ["Squeeze"] = static call => SqueezeDimensions(call),
        ["Reshape"] = Reshape,
        ["Transpose"] = Transpose,
        ["Matmul"] = static call => call.Graph.MatMul(Operand(call, 0, "x1", "a"), Operand(call, 1, "x2", "b")),
    };

    public override IReadOnlyList<string> ClassNames => [.. Table.Keys.Select(static name => KerasPrefix + name)];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call) => Convert(call, call.Layer.ClassName[KerasPrefix.Length..]);

    /// <summary>Converts a call of the operation that Keras 3 gives this name.</summary>
    public static IReadOnlyList<LayerTensor> Convert(LayerCall call, string name)
    {
        Func<LayerCall, Edge> emit = Table.GetValueOrDefault(name) ?? throw call.Layer.NotSupported($"the function '{name}' is not one that is known here");
        foreach (string option in (string[])["transpose_a", "transpose_b", "adjoint_a", "adjoint_b", "a_is_sparse", "b_is_sparse", "conjugate"])
        {
            if (call.Named.TryGetValue(option, out CallArgument? given) && given.Literal.ValueKind == JsonValueKind.True)
            {
                throw call.Layer.NotSupported($"it is called with {option}");
            }
        }

        return call.Give(emit(call));
    }

    // By position, or by one of its names; a number counts as a tensor of one.
    private static Edge Operand(LayerCall call, int position, params string[] names)
    {
        CallArgument? argument = position < call.Positional.Count ? call.Positional[position] : names.Select(name => call.Named.GetValueOrDefault(name)).FirstOrDefault(static found => found is not null);
        return argument switch
        {
            { Tensors: [var tensor] } => tensor.AsFloat().Edge,
            { Tensors.Count: 0, Literal.ValueKind: JsonValueKind.Number } => call.Graph.Single(argument.Literal.GetDouble()),
            _ => throw call.Layer.NotSupported($"its argument {position + 1} is neither a tensor nor a number"),
        };
    }

    // From the call's arguments in Keras 2, the operation's own in Keras 3.
    private static long[]? Integers(LayerCall call, params string[] names)
    {
        foreach (string name in names)
        {
            if (call.Config.Integers(name) is { } own)
            {
                return own;
            }

            if (call.Named.TryGetValue(name, out CallArgument? given) && given.Literal.ValueKind is JsonValueKind.Number or JsonValueKind.Array)
            {
                JsonElement json = given.Literal;
                return json.ValueKind == JsonValueKind.Number ? [json.GetInt64()] : [.. json.EnumerateArray().Select(static item => item.GetInt64())];
            }
        }

        return null;
    }

    private static Edge Reduce(LayerCall call, string operation)
    {
        Edge x = Operand(call, 0, "x", "input_tensor");
        long[] axes = [.. (Integers(call, "axis") ?? throw call.Layer.NotSupported("it reduces over everything, samples included")).Select(axis => axis < 0 ? axis + x.Rank : axis)];
        bool keep = call.Config.Flag("keepdims", call.Named.TryGetValue("keepdims", out CallArgument? given) && given.Literal.ValueKind == JsonValueKind.True);
        return axes.Contains(0) ? throw call.Layer.NotSupported("it reduces over samples") : call.Graph.ReduceOver(operation, x, axes, keep);
    }

    private static Edge Concatenate(LayerCall call)
    {
        long axis = Integers(call, "axis")?[0] ?? -1;
        return call.Graph.Concat([.. call.Inputs.Select(static input => input.AsFloat().Edge)], (int)axis);
    }

    private static Edge ExpandDimensions(LayerCall call)
    {
        Edge x = Operand(call, 0, "x", "input");
        long axis = Integers(call, "axis")?[0] ?? throw call.Config.Missing("axis");
        return call.Graph.Unsqueeze(x, axis < 0 ? axis + x.Rank + 1 : axis);
    }

    private static Edge SqueezeDimensions(LayerCall call)
    {
        Edge x = Operand(call, 0, "x", "input");
        long[] axes = Integers(call, "axis") ?? throw call.Layer.NotSupported("it does not say which dimensions vanish");
        return call.Graph.Squeeze(x, [.. axes.Select(axis => axis < 0 ? axis + x.Rank : axis)]);
    }

    private static Edge Reshape(LayerCall call)
    {
        Edge x = Operand(call, 0, "x", "tensor");
        long[] shape = Integers(call, "newshape", "shape") ?? throw call.Layer.NotSupported("its shape is not made of numbers");
        return shape.Any(static size => size is 0 or < -1) || shape.Count(static size => size == -1) > 1
            ? throw call.Layer.NotSupported($"it gives the shape {new TensorShape(shape)}")
            : call.Graph.Node("Reshape", [x, call.Graph.Constant(shape)], OnnxDataType.Float, new TensorShape(shape));
    }

    private static Edge Transpose(LayerCall call)
    {
        Edge x = Operand(call, 0, "x", "a");
        long[] order = Integers(call, "axes", "perm") ?? throw call.Layer.NotSupported("it reverses the dimensions, samples included");
        return order.Length == x.Rank && order[0] == 0 ? call.Graph.Transpose(x, order) : throw call.Layer.NotSupported("it moves the samples");
    }
}

/// <summary>The same in Keras 2: TFOpLambda names a function of TensorFlow's.</summary>
internal sealed class TensorFlowOperations : LayerConverter
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["math.add"] = "Add",
        ["__operators__.add"] = "Add",
        ["math.subtract"] = "Subtract",
        ["math.multiply"] = "Multiply",
        ["math.divide"] = "Divide",
        ["math.truediv"] = "Divide",
        ["math.maximum"] = "Maximum",
        ["math.minimum"] = "Minimum",
        ["math.pow"] = "Power",
        ["math.negative"] = "Negative",
        ["math.abs"] = "Absolute",
        ["math.sqrt"] = "Sqrt",
        ["math.exp"] = "Exp",
        ["math.log"] = "Log",
        ["math.square"] = "Square",
        ["nn.relu"] = "Relu",
        ["nn.relu6"] = "Relu6",
        ["math.sigmoid"] = "Sigmoid",
        ["nn.sigmoid"] = "Sigmoid",
        ["math.tanh"] = "Tanh",
        ["nn.tanh"] = "Tanh",
        ["nn.silu"] = "Silu",
        ["nn.swish"] = "Silu",
        ["math.reduce_mean"] = "Mean",
        ["math.reduce_sum"] = "Sum",
        ["math.reduce_max"] = "Max",
        ["math.reduce_min"] = "Min",
        ["concat"] = "Concatenate",
        ["expand_dims"] = "ExpandDims",
        ["squeeze"] = "Squeeze",
        ["compat.v1.squeeze"] = "Squeeze",
        ["reshape"] = "Reshape",
        ["transpose"] = "Transpose",
        ["compat.v1.transpose"] = "Transpose",
        ["linalg.matmul"] = "Matmul",
    };

    public override IReadOnlyList<string> ClassNames => ["TFOpLambda"];

    public override string Limits => string.Join(", ", Names.Keys.Order(StringComparer.Ordinal));

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        string name = call.Config.Text("function") ?? throw call.Config.Missing("function");
        return NamedOperations.Convert(call, Names.GetValueOrDefault(name, name));
    }
}
