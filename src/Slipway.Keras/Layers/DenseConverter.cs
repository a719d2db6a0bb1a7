using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>Dense: activation(x · kernel + bias) over the last dimension.</summary>
internal sealed class DenseConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Dense"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        bool useBias = call.Config.Flag("use_bias", true);
        if (Quantization.IsOfBytes(call.Layer))
        {
            return Quantized(call, useBias);
        }

        WeightArray?[] weights = call.Bind("kernel", useBias ? "bias" : null);
        LayerTensor x = call.Input.AsFloat();
        LayerTensor y = LayerTensor.Of(call.Graph, Linear(call, x.Edge, weights[0]!, weights[1], "kernel"), x.Mask);
        return [Activations.Apply(call, y)];
    }

    private static IReadOnlyList<LayerTensor> Quantized(LayerCall call, bool useBias)
    {
        WeightArray?[] weights = call.Bind("kernel", useBias ? "bias" : null, "kernel_scale");
        LayerTensor x = call.Input.AsFloat();
        WeightArray kernel = weights[0]!;
        if (kernel.Shape.Length != 2 || x.Rank < 2 || (x.Edge.Width >= 0 && x.Edge.Width != kernel.Shape[0]))
        {
            throw call.Layer.Invalid($"its kernel {new TensorShape(kernel.Shape)} does not fit an input {x.Shape}");
        }

        string around = string.Concat(Enumerable.Range(0, x.Rank - 1).Select(static axis => (char)('A' + axis)));
        Edge y = QuantizedProduct.Multiply(call, x.Edge, around + "k", "ku", around + "u", new TensorShape([.. x.Shape.Dimensions[..^1], kernel.Shape[1]]), kernel, weights[2]!);
        y = weights[1] is { } bias ? call.Graph.Add(y, call.Shared("bias", () => call.Graph.Constant(bias.Values))) : y;
        return [Activations.Apply(call, LayerTensor.Of(call.Graph, y, x.Mask))];
    }

    /// <summary>x · kernel + bias.</summary>
    /// <param name="name">What the kernel is, unique within the layer.</param>
    public static Edge Linear(LayerCall call, Edge x, WeightArray kernel, WeightArray? bias, string name)
    {
        GraphBuilder graph = call.Graph;
        if (kernel.Shape.Length != 2 || x.Rank < 2 || (x.Width >= 0 && x.Width != kernel.Shape[0]) || (bias is not null && bias.Count != kernel.Shape[1]))
        {
            throw call.Layer.Invalid($"its kernel {new TensorShape(kernel.Shape)} does not fit an input {x.Shape}");
        }

        Edge matrix = call.Shared(name, () => graph.Constant(kernel.Bytes, OnnxDataType.Float, new TensorShape(kernel.Shape)));
        Edge? offset = bias is null ? null : call.Shared(name + " bias", () => graph.Constant(bias.Values));
        if (x.Rank == 2 && offset is { } added)
        {
            return graph.Node("Gemm", [x, matrix, added], x.Type, new TensorShape(x.Shape[0], kernel.Shape[1]));
        }

        Edge product = graph.MatMul(x, matrix);
        return offset is { } addend ? graph.Add(product, addend) : product;
    }
}
