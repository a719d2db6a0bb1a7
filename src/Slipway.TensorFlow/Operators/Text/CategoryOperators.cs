using System.Runtime.InteropServices;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Text;

/// <summary>What preprocessing layers are made of: buckets, counts of categories, numbers out of text and back.</summary>
internal static class CategoryOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("Bucketize", Bucketize),
        KnownOperator.Of("Bincount", Bincount, "without weights"),
        KnownOperator.Of("DenseBincount", Bincount, "without weights"),
        KnownOperator.Of("StringToNumber", static call => call.Draft.Unary("Cast", call.Tensor(0), call.Attribute("out_type", TensorFlowType.Float).ToOnnx(), null, NumberAttribute(call))),
        KnownOperator.Of("FakeQuantWithMinMaxArgs", FakeQuantArguments),
        KnownOperator.Of("FakeQuantWithMinMaxVars", static call => FakeQuantVariables(call)),
        KnownOperator.Of("FakeQuantWithMinMaxVarsPerChannel", static call => FakeQuantVariables(call)),
    ];

    private static NodeAttribute NumberAttribute(OperatorCall call) => NodeAttribute.Of("to", (long)call.Attribute("out_type", TensorFlowType.Float).ToOnnx());

    // The bucket is the number of boundaries that the value does not lie below; what is no number lies below none.
    private static Term Bucketize(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term value = call.Tensor(0);
        float[] boundaries = [.. (call.Value("boundaries")?.List ?? []).Select(static boundary => boundary.Float ?? 0)];
        int rank = OperatorCall.Rank(value);
        Term numbers = value.Type == OnnxDataType.Double ? value : draft.Cast(value, value.Type == OnnxDataType.Float ? OnnxDataType.Float : OnnxDataType.Double);
        Term limits = draft.Constant(ConstantNumbers.ToTensor([.. boundaries.Select(static boundary => (double)boundary)], numbers.Type, new PartialShape(boundaries.Length)));
        Term reached = draft.Cast(draft.Not(draft.Less(draft.Unsqueeze(numbers, rank), limits)), OnnxDataType.Int32);
        return draft.Reduce("ReduceSum", reached, [rank], keepDimensions: false);
    }

    // A category counts once for each place that holds it, or at all; what is beyond the last one is left out.
    private static Term Bincount(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term value = draft.Long(call.Tensor(0));
        Term weights = call.Tensor(2);
        if (weights.Shape.ElementCount() != 0)
        {
            throw OperatorCall.NotSupported("counting with weights is not converted");
        }

        int rank = OperatorCall.Rank(value);
        Term size = draft.Long(call.Tensor(1));
        long[] shape = [.. value.Shape.Dimensions, size.KnownIntegers is [var known] ? known : -1];
        Term places = draft.Node(
            "OneHot",
            [value, size, draft.Constant(ConstantNumbers.ToTensor([0, 1], OnnxDataType.Float, new PartialShape(2)))],
            OnnxDataType.Float,
            new PartialShape(shape),
            NodeAttribute.Of("axis", -1));
        Term counts = draft.Reduce(call.Flag("binary_output") ? "ReduceMax" : "ReduceSum", places, [rank - 1], keepDimensions: false);
        return draft.Cast(counts, weights.Type);
    }

    private static Term FakeQuantArguments(OperatorCall call) => FakeQuant(call, [call.Attribute("min", -6f)], [call.Attribute("max", 6f)], PartialShape.Scalar);

    private static Term FakeQuantVariables(OperatorCall call)
    {
        TensorData least = call.Constant(1, "minimum");
        TensorData most = call.Constant(2, "maximum");
        return FakeQuant(call, MemoryMarshal.Cast<byte, float>(least.Raw.Span).ToArray(), MemoryMarshal.Cast<byte, float>(most.Raw.Span).ToArray(), least.Shape);
    }

    // The range is nudged so that zero is one of the levels; then values are rounded to levels.
    private static Term FakeQuant(OperatorCall call, float[] least, float[] most, PartialShape shape)
    {
        Draft draft = call.Draft;
        float first = call.Flag("narrow_range") ? 1 : 0;
        float last = (1L << (int)call.Attribute("num_bits", 8L)) - 1;
        float[] scales = new float[least.Length];
        float[] lows = new float[least.Length];
        float[] highs = new float[least.Length];
        for (int i = 0; i < least.Length; i++)
        {
            scales[i] = (most[i] - least[i]) / (last - first);
            float zero = first - (least[i] / scales[i]);
            float nudged = zero < first ? first : zero > last ? last : MathF.Round(zero, MidpointRounding.AwayFromZero);
            lows[i] = (first - nudged) * scales[i];
            highs[i] = (last - nudged) * scales[i];
        }

        Term low = draft.Floats(lows, shape);
        Term scale = draft.Floats(scales, shape);
        Term clamped = draft.Min(draft.Max(call.Tensor(0), low), draft.Floats(highs, shape));
        Term levels = draft.Unary("Floor", draft.Add(draft.Mul(draft.Sub(clamped, low), draft.Floats([.. scales.Select(static s => 1 / s)], shape)), draft.Scalar(0.5, OnnxDataType.Float)));
        return draft.Add(draft.Mul(levels, scale), low);
    }
}
