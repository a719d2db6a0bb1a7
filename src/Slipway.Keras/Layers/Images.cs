using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>An image, volume or sequence with its channels first, whichever order its layer has, and the way back.</summary>
internal readonly record struct Images(LayerCall Call, Edge Edge, bool IsLayerChannelsFirst)
{
    /// <summary>Number of dimensions between samples and channels.</summary>
    public int SpatialRank => Edge.Rank - 2;

    /// <summary>Number of channels.</summary>
    public long Channels => Edge.Shape[1];

    /// <summary>The layer's input as binary32.</summary>
    /// <param name="spatialRank">How many dimensions there should be beside samples and channels.</param>
    public static Images Of(LayerCall call, int spatialRank) => Of(call, call.Input.AsFloat(), spatialRank);

    /// <summary>An input of any type.</summary>
    public static Images Of(LayerCall call, LayerTensor x, int spatialRank)
    {
        if (x.Rank != spatialRank + 2)
        {
            throw call.Layer.Invalid($"its input has {x.Rank} dimensions where {spatialRank + 2} are expected");
        }

        bool first = call.Layer.IsChannelsFirst;
        return new Images(call, first ? x.Edge : x.Moved, first);
    }

    /// <summary>The output of a layer, computed with channels first.</summary>
    public LayerTensor Give(Edge result, Edge? mask = null) => IsLayerChannelsFirst ? LayerTensor.Of(Call.Graph, result, mask) : LayerTensor.OfMoved(Call.Graph, result, mask);

    /// <summary>An option with one integer for each spatial dimension; one integer stands for all.</summary>
    public static long[] Sizes(LayerCall call, string name, int spatialRank, long fallback = 1)
    {
        long[] sizes = call.Config.Integers(name) ?? [fallback];
        sizes = sizes.Length == 1 ? [.. Enumerable.Repeat(sizes[0], spatialRank)] : sizes;
        return sizes.Length == spatialRank && sizes.All(static size => size is > 0 and < 1 << 24)
            ? sizes
            : throw call.Config.Wrong(name, $"{spatialRank} positive integers");
    }

    /// <summary>The shape of an output with these channels and sizes.</summary>
    public TensorShape ShapeOf(long channels, IEnumerable<long> sizes) => new([Edge.Shape[0], channels, .. sizes]);

    /// <summary>Size after a window was moved over it.</summary>
    public static long WindowSize(long size, long window, long stride, bool same) =>
        size < 0 ? -1 : same ? (size + stride - 1) / stride : size < window ? throw new ArgumentException($"a window of {window} does not fit a size of {size}") : ((size - window) / stride) + 1;

    /// <summary>
    /// TensorFlow's SAME padding: as much as lets every stride have a window, the odd one at the end. Explicit where sizes are known or don't matter,
    /// else left to the engine.
    /// </summary>
    public NodeAttribute[] SamePadding(long[] window, long[] strides)
    {
        long[] pads = new long[2 * SpatialRank];
        for (int i = 0; i < SpatialRank; i++)
        {
            long size = Edge.Shape[i + 2];
            if (size < 0 && strides[i] > 1)
            {
                return [NodeAttribute.Of("auto_pad", "SAME_UPPER")];
            }

            long total = size < 0 ? window[i] - 1 : Math.Max(((((size + strides[i] - 1) / strides[i]) - 1) * strides[i]) + window[i] - size, 0);
            pads[i] = total / 2;
            pads[i + SpatialRank] = total - (total / 2);
        }

        return pads.All(static pad => pad == 0) ? [] : [NodeAttribute.Of("pads", pads)];
    }
}
