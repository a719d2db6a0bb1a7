using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>EinsumDense: activation(einsum(equation, x, kernel) + bias).</summary>
internal sealed class EinsumDenseConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["EinsumDense"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        string? biasAxes = call.Config.Text("bias_axes");
        WeightArray?[] weights = call.Bind("kernel", string.IsNullOrEmpty(biasAxes) ? null : "bias", Quantization.IsOfBytes(call.Layer) ? "kernel_scale" : null);
        LayerTensor x = call.Input.AsFloat();
        string equation = (call.Config.Text("equation") ?? throw call.Config.Missing("equation")).Replace(" ", "", StringComparison.Ordinal);
        Edge y = Apply(call, x.Edge, equation, weights[0]!, weights[1], weights[2]);
        return [Activations.Apply(call, LayerTensor.Of(call.Graph, y, x.Mask))];
    }

    // einsum(equation, x, kernel) + bias.
    private static Edge Apply(LayerCall call, Edge x, string equation, WeightArray kernel, WeightArray? bias, WeightArray? scale)
    {
        GraphBuilder graph = call.Graph;
        string[] sides = equation.Split("->");
        string[] operands = sides[0].Split(',');
        if (sides.Length != 2 || operands.Length != 2)
        {
            throw call.Layer.Invalid($"the equation '{equation}' can't be read");
        }

        Dictionary<char, long> sizes = [];
        string left = Expanded(operands[0], x.Rank);
        string right = Expanded(operands[1], kernel.Shape.Length);
        string result = sides[1].Contains('.', StringComparison.Ordinal) ? Expanded(sides[1], left.Count(char.IsUpper) + sides[1].Count(char.IsLetter)) : sides[1];
        Collect(call, left, x.Shape.Dimensions, sizes);
        Collect(call, right, kernel.Shape, sizes);
        TensorShape shape = new([.. result.Select(letter => sizes.TryGetValue(letter, out long size) ? size : throw call.Layer.Invalid($"the equation '{equation}' can't be read"))]);

        // ONNX wants letters; those that stand for an ellipsis are capitals here.
        Edge y = scale is not null
            ? QuantizedProduct.Multiply(call, x, left, right, result, shape, kernel, scale)
            : graph.Einsum($"{left},{right}->{result}", shape, x, call.Shared("kernel", () => graph.Constant(kernel.Bytes, OnnxDataType.Float, new TensorShape(kernel.Shape))));
        return bias is null ? y : graph.Add(y, call.Shared("kernel bias", () => graph.Constant(bias.Bytes, OnnxDataType.Float, new TensorShape(bias.Shape))));
    }

    private static void Collect(LayerCall call, string letters, ReadOnlySpan<long> shape, Dictionary<char, long> sizes)
    {
        if (letters.Length != shape.Length)
        {
            throw call.Layer.Invalid("its equation does not fit the ranks of its input and kernel");
        }

        for (int i = 0; i < letters.Length; i++)
        {
            if (!sizes.TryGetValue(letters[i], out long known) || known < 0)
            {
                sizes[letters[i]] = shape[i];
            }
        }
    }

    // An ellipsis at either end stands for as many dimensions as are left.
    private static string Expanded(string operand, int rank)
    {
        int dots = operand.IndexOf("...", StringComparison.Ordinal);
        if (dots < 0)
        {
            return operand;
        }

        string named = operand.Remove(dots, 3);
        return named.Insert(dots, new string([.. Enumerable.Range(0, Math.Max(rank - named.Length, 0)).Select(static i => (char)('A' + i))]));
    }
}
