using System.Text.Json;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>CenterCrop: the middle of an image.</summary>
internal sealed class CenterCropConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["CenterCrop"];

    public override string Limits => "images of a known size that is not smaller than what is cut out";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        Images x = Images.Of(call, call.Input, 2);
        Edge y = x.Edge;
        foreach ((int axis, string name) in new[] { (2, "height"), (3, "width") })
        {
            long size = call.Config.Integer(name);
            long have = y.Shape[axis];
            if (size <= 0 || have < size)
            {
                throw call.Layer.NotSupported($"its input's {name} is open, or smaller than {size}: it would be resized");
            }

            long start = (have - size) / 2;
            y = have == size ? y : call.Graph.Slice(y, axis, start, start + size);
        }

        return [x.Give(y)];
    }
}

/// <summary>Layers that cut off the borders of images and sequences or put zeros around them.</summary>
internal sealed class Borders : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Cropping1D", "Cropping2D", "Cropping3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        int rank = call.Layer.ClassName[^2] - '0';
        bool crops = call.Layer.ClassName.StartsWith("Cropping", StringComparison.Ordinal);
        Images x = Images.Of(call, call.Input, rank);
        (long Before, long After)[] sizes = Pairs(call, crops ? "cropping" : "padding", rank);
        Edge y = x.Edge;
        if (!crops)
        {
            return [x.Give(call.Graph.Pad(y, [0, 0, .. sizes.Select(static pair => pair.Before), 0, 0, .. sizes.Select(static pair => pair.After)]))];
        }

        for (int i = 0; i < rank; i++)
        {
            if (sizes[i] is not (0, 0))
            {
                y = call.Graph.Slice(y, i + 2, sizes[i].Before, sizes[i].After == 0 ? null : -sizes[i].After);
            }
        }

        return [x.Give(y)];
    }

    // One number for all sides, one for each dimension, or a pair for each dimension. One dimension's pair comes without a list around it.
    private static (long Before, long After)[] Pairs(LayerCall call, string name, int rank)
    {
        if (!call.Config.TryGet(name, out JsonElement json))
        {
            return [.. Enumerable.Repeat((1L, 1L), rank)];
        }

        long[] flat = json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.Array)
            ? [.. json.EnumerateArray().SelectMany(static pair => pair.EnumerateArray()).Select(static item => item.GetInt64())]
            : call.Config.Integers(name)!;
        (long, long)[] pairs = (flat.Length, rank) switch
        {
            (1, _) => [.. Enumerable.Repeat((flat[0], flat[0]), rank)],
            (2, 1) => [(flat[0], flat[1])],
            var (count, _) when count == 2 * rank => [.. Enumerable.Range(0, rank).Select(i => (flat[2 * i], flat[(2 * i) + 1]))],
            var (count, _) when count == rank => [.. flat.Select(static size => (size, size))],
            _ => throw call.Config.Wrong(name, $"sizes for {rank} dimensions"),
        };
        return pairs.All(static pair => pair.Item1 is >= 0 and < 1 << 24 && pair.Item2 is >= 0 and < 1 << 24) ? pairs : throw call.Config.Wrong(name, "sizes that are not negative");
    }
}
