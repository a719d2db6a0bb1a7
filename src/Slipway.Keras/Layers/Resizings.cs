using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>UpSampling and Resizing.</summary>
internal sealed class Resizings : LayerConverter
{
    // Pixels along a side.
    private const int MaxSize = 8192;

    public override IReadOnlyList<string> ClassNames => ["UpSampling1D", "UpSampling2D", "UpSampling3D", "Resizing"];

    public override string Limits => "interpolation nearest, bilinear and bicubic; no antialiasing";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        if (call.Layer.ClassName == "Resizing")
        {
            return Resize(call);
        }

        int rank = call.Layer.ClassName[^2] - '0';
        Images x = Images.Of(call, rank);
        long[] factors = Images.Sizes(call, "size", rank, 2);
        float[] scales = [1, 1, .. factors.Select(static factor => (float)factor)];
        long[] sizes = [.. factors.Select((factor, i) => x.Edge.Shape[i + 2] < 0 ? -1 : x.Edge.Shape[i + 2] * factor)];
        Edge y = call.Graph.Node(
            "Resize",
            [x.Edge, KerasOperators.Absent, call.Graph.Constant(scales)],
            OnnxDataType.Float,
            x.ShapeOf(x.Channels, sizes),
            Mode(call, call.Config.Text("interpolation", "nearest")));
        return [x.Give(y)];
    }

    private static IReadOnlyList<LayerTensor> Resize(LayerCall call)
    {
        if (call.Config.Flag("antialias", false))
        {
            throw call.Layer.NotSupported("it has antialias set");
        }

        GraphBuilder graph = call.Graph;
        LayerTensor input = call.Input;
        if (input.Rank != 4)
        {
            throw call.Layer.NotSupported("its input is no batch of images");
        }

        Images x = Images.Of(call, input.AsFloat(), 2);
        long[] target = [call.Config.Integer("height"), call.Config.Integer("width")];
        if (target.Any(static size => size is <= 0 or > MaxSize))
        {
            throw call.Config.Wrong("height", $"between 1 and {MaxSize}, as the width");
        }

        x = Shaped(call, x, target);
        string interpolation = call.Config.Text("interpolation", "bilinear");
        if (interpolation == "bicubic")
        {
            return [x.Give(Cubic(call, x.Edge, target))];
        }

        Edge sizes = graph.Concat([graph.SizeOf(x.Edge, 0), graph.SizeOf(x.Edge, 1), graph.Constant(target)], 0);
        Edge y = graph.Node(
            "Resize",
            [x.Edge, KerasOperators.Absent, KerasOperators.Absent, sizes],
            OnnxDataType.Float,
            new TensorShape(x.Edge.Shape[0], x.Edge.Shape[1], target[0], target[1]),
            Mode(call, interpolation));
        return [x.Give(y)];
    }

    // The middle of an image that has the target's ratio, or the image in the middle of one that has it.
    private static Images Shaped(LayerCall call, Images x, long[] target)
    {
        bool crops = call.Config.Flag("crop_to_aspect_ratio", false);
        if (!crops && !call.Config.Flag("pad_to_aspect_ratio", false))
        {
            return x;
        }

        (long height, long width) = (x.Edge.Shape[2], x.Edge.Shape[3]);
        if (height is <= 0 or > MaxSize || width is <= 0 or > MaxSize)
        {
            throw call.Layer.NotSupported("it keeps the aspect ratio, and the size of its input is open, or very large");
        }

        (long wantedHeight, long wantedWidth) = (width * target[0] / target[1], height * target[1] / target[0]);
        if (crops)
        {
            (wantedHeight, wantedWidth) = (Math.Max(Math.Min(height, wantedHeight), 1), Math.Max(Math.Min(width, wantedWidth), 1));
            (long top, long left) = ((height - wantedHeight) / 2, (width - wantedWidth) / 2);
            return x with { Edge = call.Graph.Slice(call.Graph.Slice(x.Edge, 2, top, top + wantedHeight), 3, left, left + wantedWidth) };
        }

        (wantedHeight, wantedWidth) = (Math.Max(height, wantedHeight), Math.Max(width, wantedWidth));
        (long above, long before) = ((wantedHeight - height) / 2, (wantedWidth - width) / 2);
        return x with
        {
            Edge = call.Graph.Pad(x.Edge, [0, 0, above, before, 0, 0, wantedHeight - height - above, wantedWidth - width - before], value: call.Config.Number("fill_value", 0)),
        };
    }

    // The engine has no cubic interpolation to smaller images; with known sizes it is a matrix product on either side.
    private static Edge Cubic(LayerCall call, Edge x, long[] target)
    {
        if (x.Shape[2] is < 0 or > MaxSize || x.Shape[3] is < 0 or > MaxSize)
        {
            throw call.Layer.NotSupported("its interpolation is 'bicubic' and the size of its input is open, or very large");
        }

        Edge rows = call.Graph.Constant(CubicWeights(x.Shape[2], target[0], transposed: false), target[0], x.Shape[2]);
        Edge columns = call.Graph.Constant(CubicWeights(x.Shape[3], target[1], transposed: true), x.Shape[3], target[1]);
        return call.Graph.MatMul(rows, call.Graph.MatMul(x, columns));
    }

    // Keys' kernel with a = -1/2; what lies outside counts for nothing and the rest is scaled up.
    private static float[] CubicWeights(long size, long target, bool transposed)
    {
        float[] weights = new float[checked((int)(size * target))];
        for (long i = 0; i < target; i++)
        {
            double centre = ((i + 0.5) * size / target) - 0.5;
            long first = (long)Math.Floor(centre) - 1;
            double total = 0;
            for (long j = Math.Max(first, 0); j < Math.Min(first + 4, size); j++)
            {
                total += Kernel(Math.Abs(centre - j));
            }

            for (long j = Math.Max(first, 0); j < Math.Min(first + 4, size); j++)
            {
                weights[transposed ? (j * target) + i : (i * size) + j] = (float)(Kernel(Math.Abs(centre - j)) / total);
            }
        }

        return weights;
    }

    private static double Kernel(double distance) => distance switch
    {
        <= 1 => (((1.5 * distance) - 2.5) * distance * distance) + 1,
        < 2 => ((((-0.5 * distance) + 2.5) * distance) - 4) * distance + 2,
        _ => 0,
    };

    // Pixels are squares whose middles are half a pixel in. The nearest one is found by rounding down the middle of the new pixel.
    private static NodeAttribute[] Mode(LayerCall call, string interpolation) => interpolation switch
    {
        "nearest" => [NodeAttribute.Of("mode", "nearest"), NodeAttribute.Of("coordinate_transformation_mode", "half_pixel"), NodeAttribute.Of("nearest_mode", "round_prefer_ceil")],
        "bilinear" => [NodeAttribute.Of("mode", "linear"), NodeAttribute.Of("coordinate_transformation_mode", "half_pixel")],
        "bicubic" =>
        [
            NodeAttribute.Of("mode", "cubic"), NodeAttribute.Of("coordinate_transformation_mode", "half_pixel"), NodeAttribute.Of("cubic_coeff_a", -0.5f), NodeAttribute.Of("exclude_outside", 1),
        ],
        _ => throw call.Layer.NotSupported($"its interpolation is '{interpolation}'"),
    };
}
