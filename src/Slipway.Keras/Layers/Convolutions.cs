using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>Convolutions in one to three dimensions: plain, depthwise and separable.</summary>
internal sealed class Convolutions : LayerConverter
{
    public override IReadOnlyList<string> ClassNames =>
    [
        "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D",
    ];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        int rank = call.Layer.ClassName[^2] - '0';
        string name = call.Layer.ClassName;
        Images x = Images.Of(call, rank);
        bool useBias = call.Config.Flag("use_bias", true);
        Edge y;
        if (name.StartsWith("Separable", StringComparison.Ordinal))
        {
            WeightArray?[] weights = call.Bind("depthwise_kernel", "pointwise_kernel", useBias ? "bias" : null);
            Edge depthwise = Convolve(x, Depthwise(call, weights[0]!), null, x.Channels);
            long[] ones = [.. Enumerable.Repeat(1L, rank)];
            y = Emit(call, depthwise, Kernel(call, weights[1]!, "pointwise_kernel"), weights[2], ones, ones, [], 1, [.. depthwise.Shape.Dimensions[2..]]);
        }
        else if (name.StartsWith("Depthwise", StringComparison.Ordinal))
        {
            WeightArray?[] weights = Bind(call, "depthwise_kernel", useBias);
            y = Convolve(x, Depthwise(call, weights[0]!), weights[1], x.Channels);
        }
        else
        {
            WeightArray?[] weights = Bind(call, "kernel", useBias);
            y = Convolve(x, Kernel(call, weights[0]!, "kernel"), weights[1], call.Config.Integer("groups", 1));
        }

        return [Activations.Apply(call, x.Give(y))];
    }

    // Keras 3 calls the depthwise kernel just kernel.
    private static WeightArray?[] Bind(LayerCall call, string kernel, bool useBias) =>
        call.Bind(call.Layer.KerasMajor >= 3 ? "kernel" : kernel, useBias ? "bias" : null);

    /// <summary>The kernel as a constant: <c>[sizes…, in, out]</c> becomes <c>[out, in, sizes…]</c>.</summary>
    public static Edge Kernel(LayerCall call, WeightArray kernel, string name)
    {
        int rank = kernel.Shape.Length - 2;
        int[] order = [rank + 1, rank, .. Enumerable.Range(0, Math.Max(rank, 0))];
        return call.Shared(name, () => call.Graph.Constant(kernel.Transposed(order), OnnxDataType.Float, new TensorShape([.. order.Select(axis => kernel.Shape[axis])])));
    }

    // [sizes…, in, multiplier] becomes [in · multiplier, 1, sizes…].
    private static Edge Depthwise(LayerCall call, WeightArray kernel)
    {
        int rank = kernel.Shape.Length - 2;
        int[] order = [rank, rank + 1, .. Enumerable.Range(0, Math.Max(rank, 0))];
        TensorShape shape = new([kernel.Shape[rank] * kernel.Shape[rank + 1], 1, .. kernel.Shape[..rank]]);
        return call.Shared("depthwise_kernel", () => call.Graph.Constant(kernel.Transposed(order), OnnxDataType.Float, shape));
    }

    /// <summary>A convolution with the strides, dilation and padding that the layer names.</summary>
    public static Edge Convolve(Images x, Edge kernel, WeightArray? bias, long groups)
    {
        LayerCall call = x.Call;
        int rank = x.SpatialRank;
        long[] strides = Images.Sizes(call, "strides", rank);
        long[] dilations = Images.Sizes(call, "dilation_rate", rank);
        if (kernel.Rank != rank + 2 || groups < 1 || (x.Channels >= 0 && x.Channels != kernel.Shape[1] * groups))
        {
            throw call.Layer.Invalid($"its kernel {kernel.Shape} (with {groups} groups) does not fit an input of {x.Channels} channels");
        }

        long[] window = [.. Enumerable.Range(0, rank).Select(i => ((kernel.Shape[i + 2] - 1) * dilations[i]) + 1)];
        string padding = call.Config.Text("padding", "valid");
        switch (padding)
        {
            case "causal" when rank == 1:
                Edge padded = call.Graph.Pad(x.Edge, [0, 0, window[0] - 1, 0, 0, 0]);
                return Emit(call, padded, kernel, bias, strides, dilations, [], groups, [Images.WindowSize(padded.Shape[2], window[0], strides[0], same: false)]);
            case "valid" or "same":
                bool same = padding == "same";
                long[] sizes = [.. Enumerable.Range(0, rank).Select(i => Images.WindowSize(x.Edge.Shape[i + 2], window[i], strides[i], same))];
                return Emit(call, x.Edge, kernel, bias, strides, dilations, same ? x.SamePadding(window, strides) : [], groups, sizes);
            default:
                throw call.Layer.NotSupported($"its padding is '{padding}'");
        }
    }

    private static Edge Emit(
        LayerCall call, Edge x, Edge kernel, WeightArray? bias, long[] strides, long[] dilations, NodeAttribute[] padding, long groups, IReadOnlyList<long> sizes)
    {
        List<Edge> inputs = [x, kernel];
        if (bias is not null)
        {
            inputs.Add(bias.Count == kernel.Shape[0] ? call.Shared("bias", () => call.Graph.Constant(bias.Values)) : throw call.Layer.Invalid("its bias does not fit its kernel"));
        }

        return call.Graph.Node(
            "Conv",
            inputs,
            OnnxDataType.Float,
            new TensorShape([x.Shape[0], kernel.Shape[0], .. sizes]),
            [NodeAttribute.Of("kernel_shape", kernel.Shape.Dimensions[2..].ToArray()), NodeAttribute.Of("strides", strides), NodeAttribute.Of("dilations", dilations), NodeAttribute.Of("group", groups), .. padding]);
    }
}
