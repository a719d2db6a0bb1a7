using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Operators.Mathematics;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>Normalisation by stored statistics or by neighbours.</summary>
internal static class NormalizationOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        .. new[] { "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3" }.Select(static name => new KnownOperator(name, BatchNorm)),
        KnownOperator.Of("BatchNormWithGlobalNormalization", GlobalNormalization),
        KnownOperator.Of("LRN", LocalResponse),
    ];

    private static IReadOnlyList<Value> BatchNorm(OperatorCall call)
    {
        ImageLayout layout = ImageLayout.Of(call, OperatorCall.Rank(call.Tensor(0)));
        MissingValue statistics = new("the statistics that batch normalisation gives back are for training");
        Term value = call.Tensor(0);
        Term result = call.Flag("is_training", true) ? ByBatch(call, layout, value)
            : layout.IsChannelsLast && Layouts.PermutationOf(value) is null ? Scaled(call, value)
            : Normalized(call, layout, value);
        return [result, statistics, statistics, statistics, statistics, statistics];
    }

    // The operator of the first versions: value, mean, variance, offset and scale.
    private static Term GlobalNormalization(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term value = call.Tensor(0);
        Term deviation = draft.Unary("Sqrt", draft.Add(call.Tensor(2), draft.Scalar(call.Attribute("variance_epsilon", 0f), value.Type)));
        Term scale = draft.Unary("Reciprocal", deviation);
        scale = call.Flag("scale_after_normalization") ? draft.Mul(scale, call.Tensor(4)) : scale;
        return draft.Add(draft.Mul(draft.Sub(value, call.Tensor(1)), scale), call.Tensor(3));
    }

    // By the statistics of what is at hand: Keras writes layer normalisation so, with each row as a channel.
    private static Term ByBatch(OperatorCall call, ImageLayout layout, Term value)
    {
        Draft draft = call.Draft;
        int channels = layout.IsChannelsLast ? layout.Rank - 1 : 1;
        long[] others = [.. Enumerable.Range(0, layout.Rank).Where(axis => axis != channels).Select(static axis => (long)axis)];
        long[] broadcast = [.. Enumerable.Range(0, layout.Rank).Select(axis => axis == channels ? -1L : 1L)];
        Term Spread(int input) => draft.Cast(layout.IsChannelsLast ? call.Tensor(input) : draft.Reshape(call.Tensor(input), broadcast), value.Type);
        Term centered = draft.Sub(value, draft.Reduce("ReduceMean", value, others, keepDimensions: true));
        Term variance = draft.Reduce("ReduceMean", draft.Square(centered), others, keepDimensions: true);
        Term deviation = draft.Unary("Sqrt", draft.Add(variance, draft.Scalar(call.Attribute("epsilon", 1e-4f), value.Type)));
        return draft.Add(draft.Mul(draft.Div(centered, deviation), Spread(1)), Spread(2));
    }

    // After a convolution the engine melts this node into its weights.
    private static Term Normalized(OperatorCall call, ImageLayout layout, Term value)
    {
        Term input = layout.ToOnnx(call.Draft, value);
        Term[] statistics = [.. call.Tensors(1).Select(term => call.Draft.Cast(term, input.Type))];
        Term result = call.Draft.Node("BatchNormalization", [input, .. statistics], input.Type, input.Shape, NodeAttribute.Of("epsilon", call.Attribute("epsilon", 1e-4f)));
        return layout.FromOnnx(call.Draft, result);
    }

    // Where channels are last, and nothing made them first, a product and a sum spare two transposes.
    private static Term Scaled(OperatorCall call, Term value)
    {
        Draft draft = call.Draft;
        float epsilon = call.Attribute("epsilon", 1e-4f);
        Term[] statistics = call.Tensors(1);
        if (Array.TrueForAll(statistics, static term => term.Constant is not null))
        {
            double[][] numbers = [.. statistics.Select(static term => term.Constant!.ToDoubles()!)];
            double[] factor = [.. numbers[0].Select((scale, i) => scale / Math.Sqrt(numbers[3][i] + epsilon))];
            double[] shift = [.. numbers[1].Select((offset, i) => offset - (numbers[2][i] * factor[i]))];
            Term Known(double[] values) => draft.Constant(ConstantNumbers.ToTensor(values, value.Type, statistics[0].Shape));
            return draft.Add(draft.Mul(value, Known(factor)), Known(shift));
        }

        Term variance = draft.Add(statistics[3], draft.Scalar(epsilon, statistics[3].Type));
        Term scaled = draft.Div(statistics[0], draft.Unary("Sqrt", variance));
        return draft.Add(draft.Mul(draft.Sub(value, draft.Cast(statistics[2], value.Type)), draft.Cast(scaled, value.Type)), draft.Cast(statistics[1], value.Type));
    }

    // ONNX divides alpha by the number of neighbours, TensorFlow does not.
    private static Term LocalResponse(OperatorCall call)
    {
        ImageLayout layout = new(4, IsChannelsLast: true);
        Term input = layout.ToOnnx(call.Draft, call.Tensor(0));
        long size = (2 * call.Attribute("depth_radius", 5L)) + 1;
        Term result = call.Draft.Node(
            "LRN",
            [input],
            input.Type,
            input.Shape,
            NodeAttribute.Of("size", size),
            NodeAttribute.Of("alpha", call.Attribute("alpha", 1f) * size),
            NodeAttribute.Of("beta", call.Attribute("beta", 0.5f)),
            NodeAttribute.Of("bias", call.Attribute("bias", 1f)));
        return layout.FromOnnx(call.Draft, result);
    }
}
