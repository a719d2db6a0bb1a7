using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>Parts of images: every window as a row of numbers, and boxes in another size.</summary>
internal static class PatchOperators
{
    private const long MaxWeights = 1 << 24;

    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("ExtractImagePatches", Patches, "images of a known number of channels"),
        KnownOperator.Of("CropAndResize", CropAndResize, "a size that is known at conversion"),
        KnownOperator.Of("ResizeBicubic", static call => Resampling.Resize(call, Resampling.Cubic), "images of known size"),
        KnownOperator.Of("ResizeArea", static call => Resampling.Resize(call, Resampling.Area), "images of known size"),
    ];

    // A convolution whose filters take one value each: the window's rows, columns and channels, in this order.
    private static Term Patches(OperatorCall call)
    {
        Draft draft = call.Draft;
        ImageLayout layout = new(4, IsChannelsLast: true);
        Term value = call.Tensor(0);
        Term input = layout.ToOnnx(draft, value.Type == OnnxDataType.Float ? value : throw OperatorCall.NotSupported($"images of {value.Type} are not converted"));
        long[] window = layout.SpatialOf(call.List("ksizes"), "window");
        long[] strides = layout.SpatialOf(call.List("strides"), "strides");
        long[] rates = layout.SpatialOf(call.List("rates"), "rates");
        long channels = input.Shape[1];
        long count = channels * window[0] * window[1];
        if (channels < 0 || count * count > MaxWeights)
        {
            throw OperatorCall.NotSupported("the number of channels is not known at conversion, or the windows are large");
        }

        float[] weights = new float[count * count];
        for (long place = 0; place < window[0] * window[1]; place++)
        {
            for (long channel = 0; channel < channels; channel++)
            {
                weights[(((place * channels) + channel) * count) + (channel * window[0] * window[1]) + place] = 1;
            }
        }

        Padding padding = Padding.Of(call, layout, input.Shape, window, strides, rates);
        Term filter = draft.Floats(weights, new PartialShape(count, channels, window[0], window[1]));
        Term result = draft.Node(
            "Conv", [input, filter], input.Type, padding.OutputShape(input.Shape, count, window, strides, rates), [NodeAttribute.Of("strides", strides), NodeAttribute.Of("dilations", rates), .. padding.Attributes]);
        return layout.FromOnnx(draft, result);
    }

    // Each pixel of a crop is looked up where it lies in the image, between four pixels of it or at the nearest one.
    private static Term CropAndResize(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term image = draft.Cast(call.Tensor(0), OnnxDataType.Float);
        Term boxes = call.Tensor(1);
        Term owner = draft.Long(call.Tensor(2));
        long[] size = call.Integers(3, "size of the crops");
        string method = call.Attribute("method", "bilinear");
        if (size.Length != 2 || size.Any(static side => side is < 1 or > 8192) || method is not ("bilinear" or "nearest"))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "its size is not two numbers of pixels, or its method is not known");
        }

        (Term y, Term isInY) = Positions(draft, image, boxes, 0, size[0]);
        (Term x, Term isInX) = Positions(draft, image, boxes, 1, size[1]);
        Term rows = draft.Unsqueeze(y, 2);
        Term columns = draft.Unsqueeze(x, 1);
        Term Pixel(Term row, Term column) => Look(draft, image, owner, row, column, size);
        Term crop;
        if (method == "nearest")
        {
            Term half = draft.Scalar(0.5, OnnxDataType.Float);
            crop = Pixel(draft.Unary("Floor", draft.Add(rows, half)), draft.Unary("Floor", draft.Add(columns, half)));
        }
        else
        {
            Term top = draft.Unary("Floor", rows);
            Term left = draft.Unary("Floor", columns);
            Term bottom = draft.Unary("Ceil", rows);
            Term right = draft.Unary("Ceil", columns);
            Term byRow = draft.Unsqueeze(draft.Sub(rows, top), 3);
            Term byColumn = draft.Unsqueeze(draft.Sub(columns, left), 3);
            Term above = Between(draft, Pixel(top, left), Pixel(top, right), byColumn);
            Term below = Between(draft, Pixel(bottom, left), Pixel(bottom, right), byColumn);
            crop = Between(draft, above, below, byRow);
        }

        Term inside = draft.Unsqueeze(draft.And(draft.Unsqueeze(isInY, 2), draft.Unsqueeze(isInX, 1)), 3);
        return draft.Where(inside, crop, draft.Scalar(call.Attribute("extrapolation_value", 0f), OnnxDataType.Float));
    }

    private static Term Between(Draft draft, Term from, Term to, Term part) => draft.Add(from, draft.Mul(draft.Sub(to, from), part));

    // [boxes, count] positions along one side of the image, held within it, and whether they were.
    private static (Term Positions, Term IsInside) Positions(Draft draft, Term image, Term boxes, int side, long count)
    {
        Term Edge(int column) => draft.Slice(boxes, [new SliceRange(1, column, column + 1, 1)]);
        Term size = draft.Slice(draft.Shape(image), [new SliceRange(0, side + 1, side + 2, 1)]);
        Term last = draft.Cast(draft.Sub(size, draft.Integers([1])), OnnxDataType.Float);
        Term first = Edge(side);
        Term end = Edge(side + 2);
        Term places = draft.Floats([.. Enumerable.Range(0, (int)count).Select(static i => (float)i)], new PartialShape(1, count));
        Term positions = count > 1
            ? draft.Add(draft.Mul(first, last), draft.Mul(places, draft.Div(draft.Mul(draft.Sub(end, first), last), draft.Scalar(count - 1, OnnxDataType.Float))))
            : draft.Mul(draft.Mul(draft.Add(first, end), last), draft.Scalar(0.5, OnnxDataType.Float));
        Term zero = draft.Scalar(0, OnnxDataType.Float);
        Term isInside = draft.And(draft.GreaterOrEqual(positions, zero), draft.LessOrEqual(positions, last));
        return (draft.Min(draft.Max(positions, zero), last), isInside);
    }

    private static Term Look(Draft draft, Term image, Term owner, Term rows, Term columns, long[] size)
    {
        Term count = draft.Shape(owner);
        Term shape = draft.Concat([count, draft.Integers(size)], 0);
        Term Spread(Term term) => draft.Unsqueeze(draft.Expand(draft.Cast(term, OnnxDataType.Int64), shape), 3);
        Term places = draft.Concat([Spread(draft.Unsqueeze(draft.Unsqueeze(owner, 1), 2)), Spread(rows), Spread(columns)], 3);
        return GatherOperators.GatherNd(draft, image, places, 0);
    }
}
