using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>Dense: activation(x · kernel + bias) over the last dimension.</summary>
internal sealed class DenseConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Dense"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        bool useBias = call.Config.Flag("use_bias", true);
        WeightArray?[] weights = call.Bind("kernel", useBias ? "bias" : null);
        LayerTensor x = call.Input.AsFloat();
        LayerTensor y = LayerTensor.Of(call.Graph, Linear(call, x.Edge, weights[0]!, weights[1], "kernel"), x.Mask);
        return [Activations.Apply(call, y)];
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
