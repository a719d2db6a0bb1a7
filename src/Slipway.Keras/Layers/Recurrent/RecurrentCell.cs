using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers.Recurrent;

/// <summary>Kinds of cells.</summary>
internal enum CellKind
{
    /// <summary>h' = a(x W + h U + b).</summary>
    Simple,

    /// <summary>Gates in the order input, forget, candidate, output.</summary>
    Lstm,

    /// <summary>Gates in the order update, reset, candidate.</summary>
    Gru,
}

/// <summary>One step of a recurrent layer: its weights, and its formula.</summary>
internal sealed class RecurrentCell
{
    private readonly LayerCall _call;
    private readonly LayerConfig _layer;

    private RecurrentCell(LayerCall call, LayerConfig layer, CellKind kind, WeightArray?[] weights)
    {
        (_call, _layer, Kind) = (call, layer, kind);
        (Kernel, Recurrent, Bias) = (weights[0]!, weights[1]!, weights[2]);
        Units = layer.Config.Integer("units");
        int gates = Gates;
        if (Units <= 0 || Kernel.Shape is not [_, var width] || width != Units * gates || !Recurrent.Shape.SequenceEqual([Units, width])
            || (Bias is not null && Bias.Count != width && Bias.Count != 2 * width))
        {
            throw layer.Invalid($"its weights do not fit {Units} units");
        }

        if (Bias is not null && Bias.Count != width && kind != CellKind.Gru)
        {
            throw layer.Invalid("its bias does not fit its kernel");
        }

        Activation = Name(layer, "activation", "tanh");
        InnerActivation = Name(layer, "recurrent_activation", layer.KerasMajor >= 3 ? "sigmoid" : "hard_sigmoid");

        // The two variants of GRU are told by the shape of the bias; without one, by the option.
        ResetAfter = kind == CellKind.Gru && (Bias is not null ? Bias.Shape.Length == 2 : layer.Config.Flag("reset_after", layer.KerasMajor >= 3));
    }

    /// <summary>What it is.</summary>
    public CellKind Kind { get; }

    /// <summary>Size of its output and of each of its states.</summary>
    public long Units { get; }

    /// <summary><c>[features, gates · units]</c>.</summary>
    public WeightArray Kernel { get; }

    /// <summary><c>[units, gates · units]</c>.</summary>
    public WeightArray Recurrent { get; }

    /// <summary><c>[gates · units]</c>, or two of them for a GRU that resets afterwards; null without bias.</summary>
    public WeightArray? Bias { get; }

    /// <summary>Activation of candidates and outputs.</summary>
    public string Activation { get; }

    /// <summary>Activation of gates.</summary>
    public string InnerActivation { get; }

    /// <summary>Whether a GRU applies its reset gate after the product with the recurrent kernel.</summary>
    public bool ResetAfter { get; }

    /// <summary>Number of states.</summary>
    public int States => Kind == CellKind.Lstm ? 2 : 1;

    /// <summary>Number of parts of its kernel.</summary>
    public int Gates => Kind switch { CellKind.Simple => 1, CellKind.Lstm => 4, _ => 3 };

    /// <summary>Reads a layer or cell of a known class.</summary>
    public static RecurrentCell Read(LayerCall call, LayerConfig layer, LayerWeights weights)
    {
        CellKind kind = layer.ClassName switch
        {
            "SimpleRNN" or "SimpleRNNCell" => CellKind.Simple,
            "LSTM" or "LSTMCell" => CellKind.Lstm,
            "GRU" or "GRUCell" => CellKind.Gru,
            _ => throw layer.NotSupported("cells of this class are not known here"),
        };
        bool useBias = layer.Config.Flag("use_bias", true);
        WeightArray[] bound = weights.Bind(layer, useBias ? ["kernel", "recurrent_kernel", "bias"] : ["kernel", "recurrent_kernel"]);
        return new RecurrentCell(call, layer, kind, useBias ? [.. bound] : [bound[0], bound[1], null]);
    }

    /// <summary>x W + b for steps <c>[…, features]</c>: what of a step does not depend on the one before.</summary>
    public Edge Project(GraphBuilder graph, Edge x)
    {
        if (x.Width >= 0 && x.Width != Kernel.Shape[0])
        {
            throw _layer.Invalid($"its kernel {new TensorShape(Kernel.Shape)} does not fit an input {x.Shape}");
        }

        Edge product = graph.MatMul(x, Constant("kernel", Kernel));
        return Bias is null ? product : graph.Add(product, Vector("bias", Bias.Values[..(int)(Units * Gates)]));
    }

    /// <summary>One step.</summary>
    /// <param name="body">Where it is emitted.</param>
    /// <param name="projected">What <see cref="Project"/> gave for the step: <c>[N, gates · units]</c>.</param>
    /// <param name="states">The states before.</param>
    /// <returns>The states after; the first one is the output.</returns>
    public IReadOnlyList<Edge> Step(GraphBuilder body, Edge projected, IReadOnlyList<Edge> states)
    {
        Func<Edge, Edge> activate = Activations.ElementwiseOf(_layer, Activation, body);
        Func<Edge, Edge> gate = Activations.ElementwiseOf(_layer, InnerActivation, body);
        return Kind switch
        {
            CellKind.Simple => [activate(body.Add(projected, body.MatMul(states[0], Constant("recurrent_kernel", Recurrent))))],
            CellKind.Lstm => StepLstm(body, projected, states, activate, gate),
            _ => [StepGru(body, projected, states[0], activate, gate)],
        };
    }

    private Edge[] StepLstm(GraphBuilder body, Edge projected, IReadOnlyList<Edge> states, Func<Edge, Edge> activate, Func<Edge, Edge> gate)
    {
        Edge sum = body.Add(projected, body.MatMul(states[0], Constant("recurrent_kernel", Recurrent)));
        Edge[] parts = body.Split(sum, 1, Units, Units, Units, Units);
        Edge memory = body.Add(body.Mul(gate(parts[1]), states[1]), body.Mul(gate(parts[0]), activate(parts[2])));
        return [body.Mul(gate(parts[3]), activate(memory)), memory];
    }

    private Edge StepGru(GraphBuilder body, Edge projected, Edge before, Func<Edge, Edge> activate, Func<Edge, Edge> gate)
    {
        Edge[] parts = body.Split(projected, 1, Units, Units, Units);
        Edge update;
        Edge candidate;
        if (ResetAfter)
        {
            Edge inner = body.MatMul(before, Constant("recurrent_kernel", Recurrent));
            inner = Bias is null ? inner : body.Add(inner, Vector("recurrent bias", Bias.Values[(int)(Units * Gates)..]));
            Edge[] inners = body.Split(inner, 1, Units, Units, Units);
            update = gate(body.Add(parts[0], inners[0]));
            candidate = activate(body.Add(parts[2], body.Mul(gate(body.Add(parts[1], inners[1])), inners[2])));
        }
        else
        {
            Edge[] kernels = [Columns(0), Columns(1), Columns(2)];
            update = gate(body.Add(parts[0], body.MatMul(before, kernels[0])));
            Edge reset = gate(body.Add(parts[1], body.MatMul(before, kernels[1])));
            candidate = activate(body.Add(parts[2], body.MatMul(body.Mul(reset, before), kernels[2])));
        }

        return body.Add(body.Mul(update, before), body.Mul(body.Sub(body.Single(1), update), candidate));
    }

    // Constants lie in the outer graph, so that a loop's body does not carry them.
    private Edge Constant(string name, WeightArray weight) =>
        Shared(name, () => _call.Graph.Constant(weight.Bytes, OnnxDataType.Float, new TensorShape(weight.Shape)));

    private Edge Vector(string name, ReadOnlySpan<float> values)
    {
        float[] copy = values.ToArray();
        return Shared(name, () => _call.Graph.Constant(copy));
    }

    private Edge Columns(int part) => Shared($"recurrent_kernel {part}", () =>
    {
        int units = (int)Units;
        float[] values = new float[units * units];
        for (int row = 0; row < units; row++)
        {
            Recurrent.Values.Slice((((row * 3) + part) * units), units).CopyTo(values.AsSpan(row * units));
        }

        return _call.Graph.Constant(values, Units, Units);
    });

    private Edge Shared(string name, Func<Edge> make) => _call.Scope.Shared(_call.Graph, (Kernel, _layer.Name, name), make);

    /// <summary>Name of an activation; null stands for none.</summary>
    public static string Name(LayerConfig layer, string argument, string fallback)
    {
        if (!layer.Config.TryGet(argument, out System.Text.Json.JsonElement json))
        {
            return layer.Config.Json.TryGetProperty(argument, out _) ? "linear" : fallback;
        }

        return json.ValueKind == System.Text.Json.JsonValueKind.String ? json.GetString()! : throw layer.NotSupported($"its {argument} is not one of Keras' own by name");
    }
}
