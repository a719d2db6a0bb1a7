using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Mathematics;

/// <summary>Reductions, and operators that go along one dimension.</summary>
internal static class ReductionOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("Mean", static call => Reduce(call, "ReduceMean", call.Tensor(0))),
        KnownOperator.Of("Sum", static call => Reduce(call, "ReduceSum", call.Tensor(0))),
        KnownOperator.Of("Max", static call => Reduce(call, "ReduceMax", call.Tensor(0))),
        KnownOperator.Of("Min", static call => Reduce(call, "ReduceMin", call.Tensor(0))),
        KnownOperator.Of("Prod", static call => Reduce(call, "ReduceProd", call.Tensor(0))),
        KnownOperator.Of("EuclideanNorm", static call => Reduce(call, "ReduceL2", call.Tensor(0))),
        KnownOperator.Of("All", static call => Truth(call, "ReduceMin")),
        KnownOperator.Of("Any", static call => Truth(call, "ReduceMax")),
        KnownOperator.Of("ArgMax", static call => Argument(call, "ArgMax")),
        KnownOperator.Of("ArgMin", static call => Argument(call, "ArgMin")),
        KnownOperator.Of("Cumsum", Cumsum),
        new("TopKV2", TopK),
        new("TopK", TopK),
    ];

    private static Term Truth(OperatorCall call, string operation)
    {
        Term value = call.Tensor(0);
        Term numbers = value.Elements is null ? call.Draft.Cast(value, OnnxDataType.Int32) : value;
        return call.Draft.Cast(Reduce(call, operation, numbers.Type == OnnxDataType.Bool ? call.Draft.Cast(numbers, OnnxDataType.Int32) : numbers), OnnxDataType.Bool);
    }

    private static Term Reduce(OperatorCall call, string operation, Term value)
    {
        bool keep = call.Flag("keep_dims") || call.Flag("keepdims");
        Term axes = call.Tensor(1);
        if (axes.KnownIntegers is { } known && (value.Shape.HasRank || Array.TrueForAll(known, static axis => axis >= 0)))
        {
            return call.Draft.Reduce(operation, value, [.. known.Select(axis => (long)OperatorCall.Axis(axis, value)).Distinct().Order()], keep);
        }

        Term vector = axes.Shape is { HasRank: true, Rank: 0 } ? call.Draft.Unsqueeze(axes, 0) : axes;
        PartialShape shape = keep && value.Shape.HasRank ? PartialShape.OfRank(value.Shape.Rank) : PartialShape.Unknown;
        return call.Draft.Node(
            operation, [value, call.Draft.Long(vector)], value.Type, shape, NodeAttribute.Of("keepdims", keep ? 1 : 0), NodeAttribute.Of("noop_with_empty_axes", 1));
    }

    private static Term Argument(OperatorCall call, string operation)
    {
        Term value = call.Tensor(0);
        int axis = OperatorCall.Axis(call.Inputs.Count > 1 ? call.Integer(1, "axis") : 0, value);
        Term positions = Along(call.Draft, operation, value, axis);
        return call.Index(positions, call.Attribute("output_type", TensorFlowType.Int64));
    }

    // Done before a transpose that the value comes from: of an image's channels, say.
    private static Term Along(Draft draft, string operation, Term value, int axis)
    {
        if (value.Shape.HasRank && Layouts.PermutationOf(value) is { } permutation)
        {
            long source = permutation[axis];
            long[] left = [.. permutation.Where(other => other != source).Select(other => other > source ? other - 1 : other)];
            return draft.Transpose(Along(draft, operation, value.Producer!.Inputs[0]!, (int)source), left);
        }

        PartialShape shape = value.Shape.HasRank ? new PartialShape([.. value.Shape.ToArray().Where((_, i) => i != axis)]) : PartialShape.Unknown;
        return draft.Node(operation, [value], OnnxDataType.Int64, shape, NodeAttribute.Of("axis", axis), NodeAttribute.Of("keepdims", 0));
    }

    private static Term Cumsum(OperatorCall call)
    {
        Term value = call.Tensor(0);
        return call.Draft.Node(
            "CumSum",
            [value, call.Tensor(1)],
            value.Type,
            value.Shape,
            NodeAttribute.Of("exclusive", call.Flag("exclusive") ? 1 : 0),
            NodeAttribute.Of("reverse", call.Flag("reverse") ? 1 : 0));
    }

    private static IReadOnlyList<Value> TopK(OperatorCall call)
    {
        Term value = call.Tensor(0);
        Term count = call.Inputs.Count > 1 ? call.Draft.Long(call.Tensor(1)) : call.Draft.Scalar(call.Attribute("k", 1L), OnnxDataType.Int64);
        PartialShape shape = PartialShape.Unknown;
        if (value.Shape.HasRank)
        {
            long[] sizes = value.Shape.ToArray();
            sizes[^1] = count.KnownIntegers is [var known] ? known : -1;
            shape = new PartialShape(sizes);
        }

        IReadOnlyList<Term> found = call.Draft.Nodes(
            "TopK",
            [value, call.Draft.Reshape(count, 1)],
            [(value.Type, shape), (OnnxDataType.Int64, shape)],
            NodeAttribute.Of("axis", -1),
            NodeAttribute.Of("largest", 1),
            NodeAttribute.Of("sorted", call.Flag("sorted", true) ? 1 : 0));
        return [found[0], call.Index(found[1], call.Attribute("index_type", TensorFlowType.Int32))];
    }
}
