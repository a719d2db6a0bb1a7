using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;

namespace Slipway.Keras.Layers.Recurrent;

/// <summary>Runs a cell over a sequence with the engine's own recurrent operators, which know the usual activations and no masks.</summary>
internal static class EngineLoop
{
    /// <summary>Whether the operators do what the cell does.</summary>
    public static bool CanRun(RecurrentCell cell) => Of(cell.Activation, 2) is not null && (cell.Kind == CellKind.Simple || Of(cell.InnerActivation, 2) is not null);

    /// <summary>Emits the run.</summary>
    /// <param name="x"><c>[N, T, features]</c>.</param>
    /// <param name="initial">States at the start, <c>[N, units]</c> each; null: zero.</param>
    public static SequenceResult Run(LayerCall call, LayerConfig layer, RecurrentCell cell, Edge x, IReadOnlyList<Edge>? initial, bool backwards)
    {
        GraphBuilder graph = call.Graph;
        if (x.Rank != 3 || (x.Shape[2] >= 0 && x.Shape[2] != cell.Kernel.Shape[0]))
        {
            throw layer.Invalid($"its kernel {new TensorShape(cell.Kernel.Shape)} does not fit an input {x.Shape}");
        }

        int[] order = cell.Kind == CellKind.Lstm ? [0, 3, 1, 2] : [.. Enumerable.Range(0, cell.Gates)];
        Edge Weight(string name, Func<float[]> values, params long[] shape) => call.Scope.Shared(graph, (cell.Kernel, layer.Name, "engine " + name), () => graph.Constant(values(), shape));
        List<Edge> inputs =
        [
            graph.Transpose(x, 1, 0, 2),
            Weight("kernel", () => Reordered(cell.Kernel.Values, (int)cell.Kernel.Shape[0], cell, order), 1, cell.Gates * cell.Units, cell.Kernel.Shape[0]),
            Weight("recurrent", () => Reordered(cell.Recurrent.Values, (int)cell.Units, cell, order), 1, cell.Gates * cell.Units, cell.Units),
            cell.Bias is null ? KerasOperators.Absent : Weight("bias", () => Biases(cell, order), 1, 2 * cell.Gates * cell.Units),
        ];
        if (initial is not null)
        {
            inputs.Add(KerasOperators.Absent);
            inputs.AddRange(initial.Select(state => graph.Unsqueeze(state, 0)));
        }

        long steps = x.Shape[1];
        long samples = x.Shape[0];
        TensorShape state = new(1, samples, cell.Units);
        List<(OnnxDataType, TensorShape)> outputs = [(OnnxDataType.Float, new TensorShape(steps, 1, samples, cell.Units)), .. Enumerable.Repeat((OnnxDataType.Float, state), cell.States)];
        Edge[] results = graph.Nodes(Operator(cell.Kind), "", inputs, outputs, [.. Attributes(cell, layer.KerasMajor, backwards)]);
        Edge[] states = [.. results[1..].Select(result => graph.Squeeze(result, 0))];
        return new SequenceResult(graph.Transpose(graph.Squeeze(results[0], 1), 1, 0, 2), states[0], states);
    }

    private static string Operator(CellKind kind) => kind switch { CellKind.Simple => "RNN", CellKind.Lstm => "LSTM", _ => "GRU" };

    private static IEnumerable<NodeAttribute> Attributes(RecurrentCell cell, int major, bool backwards)
    {
        string outer = cell.Activation;
        string inner = cell.InnerActivation;
        string[] names = cell.Kind switch { CellKind.Simple => [outer], CellKind.Lstm => [inner, outer, outer], _ => [inner, outer] };
        (string Name, float? Alpha, float? Beta)[] functions = [.. names.Select(name => Of(name, major)!.Value)];
        yield return NodeAttribute.Of("hidden_size", cell.Units);
        yield return NodeAttribute.Of("activations", [.. functions.Select(static function => function.Name)]);
        if (functions.Any(static function => function.Alpha is not null))
        {
            // Figures go to the functions that take some, in order.
            yield return NodeAttribute.Of("activation_alpha", [.. functions.Select(static function => function.Alpha).OfType<float>()]);
            yield return NodeAttribute.Of("activation_beta", [.. functions.Select(static function => function.Beta).OfType<float>()]);
        }

        if (backwards)
        {
            yield return NodeAttribute.Of("direction", "reverse");
        }

        if (cell.Kind == CellKind.Gru)
        {
            yield return NodeAttribute.Of("linear_before_reset", cell.ResetAfter ? 1 : 0);
        }
    }

    private static (string Name, float? Alpha, float? Beta)? Of(string activation, int major) => activation switch
    {
        "tanh" => ("Tanh", null, null),
        "sigmoid" => ("Sigmoid", null, null),
        "relu" => ("Relu", null, null),
        "softsign" => ("Softsign", null, null),
        "hard_sigmoid" => ("HardSigmoid", major >= 3 ? 1f / 6 : 0.2f, 0.5f),
        _ => null,
    };

    // [rows, gates · units] becomes [gates · units, rows] with the gates in ONNX' order.
    private static float[] Reordered(ReadOnlySpan<float> source, int rows, RecurrentCell cell, int[] order)
    {
        int units = (int)cell.Units;
        float[] target = new float[source.Length];
        int at = 0;
        foreach (int gate in order)
        {
            for (int unit = 0; unit < units; unit++)
            {
                for (int row = 0; row < rows; row++)
                {
                    target[at++] = source[(row * cell.Gates * units) + (gate * units) + unit];
                }
            }
        }

        return target;
    }

    // Biases of the input and of the state, one after the other.
    private static float[] Biases(RecurrentCell cell, int[] order)
    {
        int units = (int)cell.Units;
        int width = cell.Gates * units;
        float[] target = new float[2 * width];
        ReadOnlySpan<float> source = cell.Bias!.Values;
        for (int i = 0; i < order.Length; i++)
        {
            source.Slice(order[i] * units, units).CopyTo(target.AsSpan(i * units));
            if (source.Length > width)
            {
                source.Slice(width + (order[i] * units), units).CopyTo(target.AsSpan(width + (i * units)));
            }
        }

        return target;
    }
}
