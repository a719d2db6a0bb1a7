using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>Lists of tensors: one tensor whose first dimension counts the items.</summary>
internal static class ListOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("TensorListReserve", Reserve),
        new("EmptyTensorList", static call => [new TensorListValue(null, call.Draft.Scalar(0, OnnxDataType.Int64), call.Attribute("element_dtype", TensorFlowType.Float).ToOnnx(), PartialShape.Unknown)]),
        new("TensorListFromTensor", FromTensor),
        KnownOperator.Of("TensorListStack", Stack),
        KnownOperator.Of("TensorListGetItem", GetItem),
        new("TensorListSetItem", SetItem),
        new("TensorListPushBack", PushBack),
        KnownOperator.Of("TensorListLength", static call => call.Draft.Cast(ListOf(call).Length, OnnxDataType.Int32, isLossless: true)),
        KnownOperator.Of("TensorListGather", static call => call.Draft.Gather(Items(call), call.Tensor(1), 0)),
        KnownOperator.Of("TensorListElementShape", static call => call.Index(
            call.Draft.Slice(call.Draft.Shape(Items(call)), [new SliceRange(0, 1, long.MaxValue, 1)]), call.Attribute("shape_type", TensorFlowType.Int32))),
    ];

    private static TensorListValue ListOf(OperatorCall call) => call.Inputs[0] switch
    {
        TensorListValue list => list,
        OpenListValue open => open.List,
        _ => throw OperatorCall.NotSupported("a list that a loop is writing is read"),
    };

    private static Term Items(OperatorCall call) => call.Inputs[0] is TensorListValue { Items: { } items }
        ? items
        : throw OperatorCall.NotSupported("a list is read before anything was written to it");

    private static IReadOnlyList<Value> Reserve(OperatorCall call)
    {
        OnnxDataType type = call.Attribute("element_dtype", TensorFlowType.Float).ToOnnx();
        PartialShape item = call.Tensor(0) is { KnownIntegers: { } sizes, Shape.Rank: 1 } ? new PartialShape([.. sizes.Select(static size => Math.Max(-1, size))]) : PartialShape.Unknown;
        return [new TensorListValue(null, call.Draft.Long(call.Tensor(1)), type, item)];
    }

    private static IReadOnlyList<Value> FromTensor(OperatorCall call)
    {
        Term items = call.Tensor(0);
        Term length = call.Draft.Reshape(call.Draft.Slice(call.Draft.Shape(items), [new SliceRange(0, 0, 1, 1)]), call.Draft.Integers([]));
        PartialShape item = items.Shape.HasRank ? new PartialShape(items.Shape.ToArray()[1..]) : PartialShape.Unknown;
        return [new TensorListValue(items, length, items.Type, item)];
    }

    private static Term Stack(OperatorCall call)
    {
        Term items = Items(call);
        if (call.Tensor(1) is not { KnownIntegers: { } sizes, Shape.Rank: 1 })
        {
            return items;
        }

        long count = call.Attribute("num_elements", -1L);
        return Draft.WithShape(items, items.Shape.Refine(new PartialShape([count, .. sizes.Select(static size => Math.Max(-1, size))])));
    }

    private static Term GetItem(OperatorCall call)
    {
        Term item = call.Draft.Gather(Items(call), call.Tensor(1), 0);
        return call.Tensor(2) is { KnownIntegers: { } sizes, Shape.Rank: 1 } ? Draft.WithShape(item, item.Shape.Refine(new PartialShape([.. sizes.Select(static size => Math.Max(-1, size))]))) : item;
    }

    private static IReadOnlyList<Value> SetItem(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term index = call.Tensor(1);
        Term item = call.Tensor(2);
        if (call.Inputs[0] is OpenListValue open)
        {
            return [new ListWriteValue(open, index, item)];
        }

        TensorListValue list = ListOf(call);
        Term items = list.Items ?? draft.Expand(draft.Scalar(0, item.Type), draft.Concat([draft.Reshape(list.Length, 1), draft.Shape(item)], 0));
        Term position = draft.Reshape(draft.Long(index), 1, 1);
        Term written = draft.Node("ScatterND", [items, position, draft.Unsqueeze(item, 0)], items.Type, items.Shape, NodeAttribute.Of("reduction", "none"));
        return [new TensorListValue(written, list.Length, item.Type, item.Shape)];
    }

    private static IReadOnlyList<Value> PushBack(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term item = draft.Unsqueeze(call.Tensor(1), 0);
        TensorListValue list = ListOf(call);
        if (call.Inputs[0] is OpenListValue)
        {
            throw OperatorCall.NotSupported("a list grows in a loop; only lists of reserved size are converted");
        }

        Term items = list.Items is null ? item : draft.Concat([list.Items, item], 0);
        return [new TensorListValue(items, draft.Add(list.Length, draft.Scalar(1, OnnxDataType.Int64)), item.Type, call.Tensor(1).Shape)];
    }
}
