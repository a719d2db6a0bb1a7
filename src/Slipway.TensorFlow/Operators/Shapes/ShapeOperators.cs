using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Shapes;

/// <summary>Shapes, and values under other shapes.</summary>
internal static class ShapeOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("Shape", static call => Index(call, call.Draft.Shape(call.Tensor(0)))),
        new("ShapeN", static call => [.. call.Tensors().Select(value => (Value)Index(call, call.Draft.Shape(value)))]),
        KnownOperator.Of("Size", static call => Index(call, call.Draft.Reduce("ReduceProd", call.Draft.Shape(call.Tensor(0)), [0], keepDimensions: false))),
        KnownOperator.Of("Rank", Rank),
        KnownOperator.Of("Reshape", static call => call.Draft.Reshape(call.Tensor(0), call.Draft.Long(call.Tensor(1)))),
        KnownOperator.Of("ExpandDims", ExpandDims),
        KnownOperator.Of("Squeeze", Squeeze),
        KnownOperator.Of("Transpose", Transpose),
        KnownOperator.Of("ConjugateTranspose", Transpose),
        KnownOperator.Of("Fill", static call => call.Draft.Expand(call.Tensor(1), call.Draft.Long(call.Tensor(0)))),
        KnownOperator.Of("ZerosLike", static call => Like(call, 0)),
        KnownOperator.Of("OnesLike", static call => Like(call, 1)),
        KnownOperator.Of("BroadcastTo", static call => call.Draft.Expand(call.Tensor(0), call.Draft.Long(call.Tensor(1)))),
        KnownOperator.Of("BroadcastArgs", BroadcastArgs),
        KnownOperator.Of("Range", Range),
        KnownOperator.Of("LinSpace", LinSpace),
    ];

    private static Term Index(OperatorCall call, Term sizes) => call.Index(sizes, call.Attribute("out_type", TensorFlowType.Int32));

    private static Term Rank(OperatorCall call)
    {
        Term value = call.Tensor(0);
        return value.Shape.HasRank
            ? call.Draft.Scalar(value.Shape.Rank, OnnxDataType.Int32)
            : call.Draft.Cast(call.Draft.Reshape(call.Draft.Shape(call.Draft.Shape(value)), call.Draft.Integers([])), OnnxDataType.Int32, isLossless: true);
    }

    private static Term ExpandDims(OperatorCall call)
    {
        Term value = call.Tensor(0);
        long axis = call.Integer(1, "axis");
        return call.Draft.Unsqueeze(value, axis >= 0 && !value.Shape.HasRank ? (int)axis : ShapeRules.Axis(axis, OperatorCall.Rank(value) + 1));
    }

    private static Term Squeeze(OperatorCall call)
    {
        Term value = call.Tensor(0);
        long[] axes = call.List("squeeze_dims") ?? call.List("axis") ?? [];
        if (axes.Length > 0)
        {
            return call.Draft.Squeeze(value, [.. axes.Select(axis => (long)OperatorCall.Axis(axis, value)).Order()]);
        }

        int rank = OperatorCall.Rank(value);
        if (value.Shape.Dimensions.Contains(-1))
        {
            throw OperatorCall.NotSupported($"which dimensions of {value.Shape} are of size one is known only when the model runs");
        }

        return call.Draft.Squeeze(value, [.. Enumerable.Range(0, rank).Where(axis => value.Shape[axis] == 1).Select(static axis => (long)axis)]);
    }

    private static Term Transpose(OperatorCall call)
    {
        Term value = call.Tensor(0);
        long[] order = call.Integers(1, "permutation");
        order = [.. order.Select(axis => axis < 0 ? axis + order.Length : axis)];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, order.Length).Select(static axis => (long)axis)) || (value.Shape.HasRank && value.Shape.Rank != order.Length))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"[{string.Join(',', order)}] is no permutation of the dimensions of {value.Shape}");
        }

        return call.Draft.Transpose(value, order);
    }

    private static Term Like(OperatorCall call, double number)
    {
        Term value = call.Tensor(0);
        return call.Draft.Expand(call.Draft.Scalar(number, value.Type), call.Draft.Shape(value));
    }

    private static Term BroadcastArgs(OperatorCall call)
    {
        PartialShape shape = ShapeRules.Broadcast(new PartialShape(call.Integers(0, "first shape")), new PartialShape(call.Integers(1, "second shape")));
        return call.Draft.Cast(call.Draft.Integers(shape.ToArray()), call.Tensor(0).Type, isLossless: true);
    }

    private static Term Range(OperatorCall call)
    {
        Term start = call.Tensor(0);
        Term limit = call.Tensor(1);
        Term step = call.Tensor(2);
        if (start.KnownIntegers is [var first] && limit.KnownIntegers is [var end] && step.KnownIntegers is [var by] && by != 0)
        {
            long count = Math.Max(0, (end - first + by - Math.Sign(by)) / by);
            if (count <= Term.MaxElements)
            {
                return call.Draft.Cast(call.Draft.Integers([.. Enumerable.Range(0, (int)count).Select(i => first + (i * by))]), start.Type, isLossless: true);
            }
        }

        return call.Draft.Node("Range", [start, limit, step], start.Type, PartialShape.OfRank(1));
    }

    // start + (stop - start) / (count - 1) * i, the way TensorFlow computes it, in doubles.
    private static Term LinSpace(OperatorCall call)
    {
        double[] start = call.Constant(0, "start").ToDoubles() ?? [];
        double[] stop = call.Constant(1, "stop").ToDoubles() ?? [];
        long count = call.Integer(2, "count");
        if (start.Length != 1 || stop.Length != 1 || count is < 1 or > 1_000_000)
        {
            throw OperatorCall.NotSupported("only a fixed, moderate number of values is converted");
        }

        double by = count == 1 ? 0 : (stop[0] - start[0]) / (count - 1);
        double[] values = [.. Enumerable.Range(0, (int)count).Select(i => i == count - 1 && count > 1 ? stop[0] : start[0] + (by * i))];
        return call.Draft.Constant(ConstantNumbers.ToTensor(values, call.Tensor(0).Type, new PartialShape(count)));
    }
}
