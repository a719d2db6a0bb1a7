using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>Transposed convolutions in one to three dimensions.</summary>
internal sealed class TransposedConvolutions : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        int rank = call.Layer.ClassName.First(char.IsAsciiDigit) - '0';
        Images x = Images.Of(call, rank);
        WeightArray?[] weights = call.Bind("kernel", call.Config.Flag("use_bias", true) ? "bias" : null);
        WeightArray kernel = weights[0]!;
        if (kernel.Shape.Length != rank + 2 || (x.Channels >= 0 && x.Channels != kernel.Shape[rank + 1]))
        {
            throw call.Layer.Invalid($"its kernel {new TensorShape(kernel.Shape)} does not fit an input of {x.Channels} channels");
        }

        long[] strides = Images.Sizes(call, "strides", rank);
        long[] dilations = Images.Sizes(call, "dilation_rate", rank);
        bool same = call.Config.Text("padding", "valid") switch
        {
            "same" => true,
            "valid" => false,
            var other => throw call.Layer.NotSupported($"its padding is '{other}'"),
        };
        long[]? outputPadding = call.Config.Integers("output_padding");
        long[] pads = new long[2 * rank];
        long[] extra = new long[rank];
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            long window = ((kernel.Shape[i] - 1) * dilations[i]) + 1;
            long? given = outputPadding is null ? null : outputPadding[outputPadding.Length == 1 ? 0 : i];

            // What is cut off the full result; negative means that zeros are added at its end.
            long cut = (given, same) switch
            {
                (null, true) => window - strides[i],
                (null, false) => Math.Min(window - strides[i], 0),
                ({ } added, true) => (2 * (window / 2)) - added,
                ({ } added, false) => -added,
            };
            (pads[i], pads[i + rank], extra[i]) = cut >= 0 ? (cut / 2, cut - (cut / 2), 0L) : (0L, 0L, -cut);
            long size = x.Edge.Shape[i + 2];
            sizes[i] = size < 0 ? -1 : ((size - 1) * strides[i]) + window - cut;
        }

        Edge y = Emit(x, kernel, weights[1], strides, dilations, pads, extra, sizes);
        return [Activations.Apply(call, x.Give(y))];
    }

    // [sizes…, out, in] becomes [in, out, sizes…].
    private static Edge Emit(Images x, WeightArray kernel, WeightArray? bias, long[] strides, long[] dilations, long[] pads, long[] extra, long[] sizes)
    {
        LayerCall call = x.Call;
        int rank = x.SpatialRank;
        int[] order = [rank + 1, rank, .. Enumerable.Range(0, rank)];
        Edge weights = call.Shared("kernel", () => call.Graph.Constant(
            kernel.Transposed(order), OnnxDataType.Float, new TensorShape([.. order.Select(axis => kernel.Shape[axis])])));
        List<Edge> inputs = [x.Edge, weights];
        if (bias is not null)
        {
            inputs.Add(call.Shared("bias", () => call.Graph.Constant(bias.Values)));
        }

        if (extra.Zip(strides, dilations).Any(static size => size.First >= Math.Max(size.Second, size.Third)))
        {
            throw call.Layer.NotSupported("its output padding is not smaller than its stride");
        }

        return call.Graph.Node(
            "ConvTranspose",
            inputs,
            OnnxDataType.Float,
            x.ShapeOf(kernel.Shape[rank], sizes),
            NodeAttribute.Of("kernel_shape", kernel.Shape[..rank]),
            NodeAttribute.Of("strides", strides),
            NodeAttribute.Of("dilations", dilations),
            NodeAttribute.Of("pads", pads),
            NodeAttribute.Of("output_padding", extra));
    }
}
