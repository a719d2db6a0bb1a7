using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>
/// Arrays of tensors as TensorFlow 1 has them: a handle, and a number ("flow") that every operator hands on so that they run in order. Here the list itself goes along that way.
/// </summary>
internal static class ArrayOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("TensorArrayV3", Create),
        new("TensorArrayScatterV3", static call => [Scatter(call)]),
        KnownOperator.Of("TensorArrayReadV3", static call => Known(call, call.Draft.Gather(Items(call, 2), call.Tensor(1), 0), element: true)),
        new("TensorArrayWriteV3", static call => [Write(call)]),
        KnownOperator.Of("TensorArrayGatherV3", static call => Known(call, IsAll(call.Tensor(1)) ? Items(call, 2) : call.Draft.Gather(Items(call, 2), call.Tensor(1), 0), element: false)),
        KnownOperator.Of("TensorArraySizeV3", static call => call.Draft.Cast(List(call, 1).Length, OnnxDataType.Int32, isLossless: true)),
        KnownOperator.Of("TensorArrayCloseV3", static _ => throw OperatorCall.NotSupported("a closed array is used")),
    ];

    private static IReadOnlyList<Value> Create(OperatorCall call)
    {
        PartialShape item = call.Value("element_shape")?.Shape ?? PartialShape.Unknown;
        OnnxDataType type = call.Attribute("dtype", TensorFlowType.Float).ToOnnx();
        return [new ArrayHandleValue(), new TensorListValue(null, call.Draft.Long(call.Tensor(0)), type, item)];
    }

    // All places at once, in order: the value is the list.
    private static TensorListValue Scatter(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term value = call.Tensor(2);
        if (!IsAll(call.Tensor(1)))
        {
            throw OperatorCall.NotSupported("an array is filled in another order than from its first place to its last");
        }

        Term length = draft.Reshape(draft.Slice(draft.Shape(value), [new SliceRange(0, 0, 1, 1)]), draft.Integers([]));
        return new TensorListValue(value, length, value.Type, value.Shape.HasRank ? new PartialShape(value.Shape.ToArray()[1..]) : PartialShape.Unknown);
    }

    private static Value Write(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term index = call.Tensor(1);
        Term item = call.Tensor(2);
        if (call.Inputs[3] is OpenListValue open)
        {
            return new ListWriteValue(open, index, item);
        }

        TensorListValue list = List(call, 3);
        Term items = list.Items ?? draft.Expand(draft.Scalar(0, item.Type), draft.Concat([draft.Reshape(list.Length, 1), draft.Shape(item)], 0));
        Term written = draft.Node(
            "ScatterND", [items, draft.Reshape(draft.Long(index), 1, 1), draft.Unsqueeze(item, 0)], items.Type, items.Shape, NodeAttribute.Of("reduction", "none"));
        return new TensorListValue(written, list.Length, item.Type, item.Shape);
    }

    private static TensorListValue List(OperatorCall call, int input) => call.Inputs[input] switch
    {
        TensorListValue list => list,
        OpenListValue open => open.List,
        _ => throw OperatorCall.NotSupported("an array that a loop is writing is read"),
    };

    private static Term Items(OperatorCall call, int input) => call.Inputs[input] is TensorListValue { Items: { } items }
        ? items
        : throw OperatorCall.NotSupported("an array is read before anything was written to it");

    private static Term Known(OperatorCall call, Term value, bool element) => call.Value("element_shape")?.Shape is { HasRank: true } shape && value.Shape.HasRank
        ? Draft.WithShape(value, value.Shape.Refine(element ? shape : new PartialShape([-1, .. shape.Dimensions])))
        : value;

    // 0, 1, 2 … as tf.range gives them.
    private static bool IsAll(Term indices)
    {
        if (indices.KnownIntegers is { } known)
        {
            return known.SequenceEqual(Enumerable.Range(0, known.Length).Select(static i => (long)i));
        }

        while (indices.Alias is { } alias)
        {
            indices = alias;
        }

        return indices.Producer is { Operation: "Cast" } cast ? IsAll(cast.Inputs[0]!)
            : indices.Producer is { Operation: "Range" } range && range.Inputs[0]!.KnownIntegers is [0] && range.Inputs[2]!.KnownIntegers is [1];
    }

    /// <summary>The handle of an array, which says nothing more than that there is one.</summary>
    private sealed class ArrayHandleValue : Value;
}
