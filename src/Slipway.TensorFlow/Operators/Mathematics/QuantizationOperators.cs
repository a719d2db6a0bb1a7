using Slipway.Core;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators.Mathematics;

/// <summary>Numbers rounded to the steps of a quantised type and back, as training for quantisation leaves them.</summary>
internal static class QuantizationOperators
{
    private const string Limits = "a range that is known at conversion";

    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("QuantizeAndDequantize", static call => Round(
            call, [call.Attribute("input_min", 0f)], [call.Attribute("input_max", 0f)], call.Attribute("num_bits", 8L)), Limits),
        KnownOperator.Of("QuantizeAndDequantizeV2", static call => Round(call, Numbers(call, 1), Numbers(call, 2), call.Attribute("num_bits", 8L)), Limits),
        KnownOperator.Of("QuantizeAndDequantizeV3", static call => Round(call, Numbers(call, 1), Numbers(call, 2), call.Integer(3, "number of bits")), Limits),
        KnownOperator.Of("QuantizeAndDequantizeV4", static call => Round(call, Numbers(call, 1), Numbers(call, 2), call.Attribute("num_bits", 8L)), Limits),
    ];

    private static float[] Numbers(OperatorCall call, int index) => [.. (call.Constant(index, "range").ToDoubles() ?? []).Select(static value => (float)value)];

    // The side of the range that reaches further decides the size of a step; zero is always one.
    private static Term Round(OperatorCall call, float[] lows, float[] highs, long bits)
    {
        bool isSigned = call.Flag("signed_input", true);
        if (!call.Flag("range_given", call.Operation == "QuantizeAndDequantizeV3") || lows.Length != 1 || highs.Length != 1 || call.Attribute("axis", -1L) != -1)
        {
            throw OperatorCall.NotSupported("a range that is taken from the values, or one for each channel, is not converted");
        }

        if (bits is < 2 or > 31 || lows[0] > highs[0])
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"it has {bits} bits from {lows[0]} to {highs[0]}");
        }

        float least = isSigned ? -(1L << ((int)bits - 1)) + (call.Flag("narrow_range") ? 1 : 0) : 0;
        float most = isSigned ? (1L << ((int)bits - 1)) - 1 : (1L << (int)bits) - 1;
        float fromLow = least * lows[0] > 0 ? least / lows[0] : float.MaxValue;
        float fromHigh = most * highs[0] > 0 ? most / highs[0] : float.MaxValue;
        (float low, float high, float scale, float step) = fromLow < fromHigh
            ? (lows[0], most * (lows[0] / least), fromLow, lows[0] / least)
            : (least * (highs[0] / most), highs[0], fromHigh, highs[0] / most);
        if (scale == float.MaxValue)
        {
            throw OperatorCall.NotSupported("its range is empty");
        }

        Draft draft = call.Draft;
        Term value = call.Tensor(0);
        Term bounded = draft.Min(draft.Max(value, draft.Scalar(low, value.Type)), draft.Scalar(high, value.Type));
        Term scaled = draft.Mul(bounded, draft.Scalar(scale, value.Type));
        Term rounded = call.Attribute("round_mode", "HALF_TO_EVEN") == "HALF_UP" ? draft.Unary("Floor", draft.Add(scaled, draft.Scalar(0.5, value.Type))) : draft.Unary("Round", scaled);
        return draft.Mul(rounded, draft.Scalar(step, value.Type));
    }
}
