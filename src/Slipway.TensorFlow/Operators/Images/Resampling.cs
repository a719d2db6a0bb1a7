using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>
/// Images in other sizes by a matrix for each side, where the engine has no operator that weighs pixels as TensorFlow does. Sizes are known at conversion.
/// </summary>
internal static class Resampling
{
    private const long MaxSize = 8192;

    // TensorFlow takes cubic weights from a table of this many places between two pixels.
    private const int TableSize = 1024;

    /// <summary>The weights of the pixels of one side for each pixel of the result, <c>[to, from]</c>.</summary>
    public delegate float[] Weights(OperatorCall call, long from, long to);

    /// <summary>The image in the size of the second input.</summary>
    public static Term Resize(OperatorCall call, Weights weights)
    {
        Draft draft = call.Draft;
        ImageLayout layout = new(4, IsChannelsLast: true);
        Term image = layout.ToOnnx(draft, draft.Cast(call.Tensor(0), OnnxDataType.Float));
        long[] to = call.Integers(1, "size");
        long[] from = [image.Shape[2], image.Shape[3]];
        if (to.Length != 2 || to.Concat(from).Any(static size => size is < 1 or > MaxSize))
        {
            throw OperatorCall.NotSupported($"images of {from[0]} x {from[1]} pixels in another size are not converted: sizes must be known, and not large");
        }

        Term rows = draft.Floats(weights(call, from[0], to[0]), new PartialShape(to[0], from[0]));
        Term columns = draft.Transpose(draft.Floats(weights(call, from[1], to[1]), new PartialShape(to[1], from[1])), 1, 0);
        PartialShape wide = new(image.Shape[0], image.Shape[1], from[0], to[1]);
        Term across = draft.Node("MatMul", [image, columns], OnnxDataType.Float, wide);
        return layout.FromOnnx(draft, draft.Node("MatMul", [rows, across], OnnxDataType.Float, new PartialShape(image.Shape[0], image.Shape[1], to[0], to[1])));
    }

    /// <summary>
    /// Cubic weights. With half-pixel centres Keys' kernel of a = -1/2, and pixels outside of the image count for nothing; otherwise a = -3/4, and the border is repeated.
    /// </summary>
    public static float[] Cubic(OperatorCall call, long from, long to)
    {
        bool centres = call.Flag("half_pixel_centers");
        bool corners = call.Flag("align_corners");
        double a = centres ? -0.5 : -0.75;
        float scale = corners && to > 1 ? (from - 1) / (float)(to - 1) : from / (float)to;
        float[] weights = new float[to * from];
        for (long i = 0; i < to; i++)
        {
            float at = centres ? ((i + 0.5f) * scale) - 0.5f : i * scale;
            long first = (long)MathF.Floor(at);
            double part = Math.Round((at - first) * TableSize, MidpointRounding.ToEven) / TableSize;
            double[] near = [Outer(1 + part, a), Inner(part, a), Inner(1 - part, a), Outer(2 - part, a)];
            double total = 0;
            for (int j = 0; j < near.Length; j++)
            {
                bool isInside = first - 1 + j >= 0 && first - 1 + j < from;
                near[j] = centres && !isInside ? 0 : near[j];
                total += near[j];
            }

            for (int j = 0; j < near.Length; j++)
            {
                long place = Math.Clamp(first - 1 + j, 0, from - 1);
                weights[(i * from) + place] += (float)(centres ? near[j] / total : near[j]);
            }
        }

        return weights;
    }

    /// <summary>The part of each pixel that a pixel of the result covers.</summary>
    public static float[] Area(OperatorCall call, long from, long to)
    {
        float scale = call.Flag("align_corners") && to > 1 ? (from - 1) / (float)(to - 1) : from / (float)to;
        float[] weights = new float[to * from];
        for (long i = 0; i < to; i++)
        {
            float begin = i * scale;
            float end = (i + 1) * scale;
            for (long j = (long)MathF.Floor(begin); j < (long)MathF.Ceiling(end); j++)
            {
                float covered = j < begin ? (j + 1 > end ? scale : j + 1 - begin) : (j + 1 > end ? end - j : 1);
                weights[(i * from) + Math.Clamp(j, 0, from - 1)] += covered / scale;
            }
        }

        return weights;
    }

    private static double Inner(double x, double a) => (((((a + 2) * x) - (a + 3)) * x) * x) + 1;

    private static double Outer(double x, double a) => (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a);
}
