using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>Convolutions: plain, grouped, depthwise and dilated.</summary>
internal static class ConvolutionOperators
{
    private const string Limits = "single precision";

    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("Conv2D", static call => Plain(call, 4), Limits),
        new("Conv3D", static call => Plain(call, 5), Limits),
        new("DepthwiseConv2dNative", Depthwise, Limits),
        KnownOperator.Of("Conv2DBackpropInput", static call => TransposedConvolution.Convert(call, 4), Limits),
        KnownOperator.Of("Conv3DBackpropInputV2", static call => TransposedConvolution.Convert(call, 5), Limits),
    ];

    /// <summary>Refuses what the engine has no kernel for.</summary>
    public static void RequireSingle(Term value)
    {
        if (value.Type is not (OnnxDataType.Float or OnnxDataType.Float16))
        {
            throw OperatorCall.NotSupported($"it computes in {value.Type}; only single and half precision are converted");
        }
    }

    // The filter is [spatial…, in, out]; ONNX wants [out, in, spatial…].
    private static IReadOnlyList<Value> Plain(OperatorCall call, int rank)
    {
        ImageLayout layout = ImageLayout.Of(call, rank);
        Term filter = WithRank(call.Tensor(1), rank);
        Term weights = call.Draft.Transpose(filter, [rank - 1, rank - 2, .. Enumerable.Range(0, rank - 2).Select(static axis => (long)axis)]);
        return Convolve(call, layout, weights, static (channels, weights) => channels > 0 && weights.Shape[1] > 0 ? channels / weights.Shape[1] : 1);
    }

    // The filter is [H, W, C, M]; each of C channels makes M: output channel c * M + m.
    private static IReadOnlyList<Value> Depthwise(OperatorCall call)
    {
        ImageLayout layout = ImageLayout.Of(call, 4);
        Term filter = WithRank(call.Tensor(1), 4);
        long channels = filter.Shape[2];
        if (!filter.Shape.IsStatic)
        {
            throw OperatorCall.NotSupported("the shape of its filter is not known at conversion");
        }

        Term flat = call.Draft.Reshape(filter, filter.Shape[0], filter.Shape[1], 1, channels * filter.Shape[3]);
        return Convolve(call, layout, call.Draft.Transpose(flat, 3, 2, 0, 1), (_, _) => channels);
    }

    private static IReadOnlyList<Value> Convolve(OperatorCall call, ImageLayout layout, Term weights, Func<long, Term, long> groupsOf)
    {
        long[] strides = layout.SpatialOf(call.List("strides"), "strides");
        long[] dilations = layout.SpatialOf(call.List("dilations"), "dilations");
        long[] kernel = weights.Shape.ToArray()[2..];
        Term Make(Term image, Padding? given, long[] spread)
        {
            Term input = layout.ToOnnx(call.Draft, image);
            RequireSingle(input);
            Padding padding = given ?? Padding.Of(call, layout, input.Shape, kernel, strides, spread);
            PartialShape shape = padding.OutputShape(input.Shape, weights.Shape[0], kernel, strides, spread);
            Term result = call.Draft.Node(
                "Conv",
                [input, weights],
                input.Type,
                shape,
                [NodeAttribute.Of("strides", strides), NodeAttribute.Of("dilations", spread), NodeAttribute.Of("group", groupsOf(input.Shape[1], weights)), .. padding.Attributes]);
            return layout.FromOnnx(call.Draft, result);
        }

        // A dilated convolution is often written as a plain one between two rearrangements of the image.
        if (call.Inputs[0] is SpaceToBatchValue { IsImage: true } spread && layout is { Rank: 4, IsChannelsLast: true }
            && Array.TrueForAll([.. strides, .. dilations], static entry => entry == 1) && call.Attribute("padding", "VALID") == "VALID")
        {
            return [new DilatedValue(spread.Block, spread.Begin, spread.End, padding => Make(spread.Source, padding, spread.Block), () => Make(spread.Term, null, dilations))];
        }

        return [Make(call.Tensor(0), null, dilations)];
    }

    private static Term WithRank(Term filter, int rank) => filter.Shape.HasRank
        ? filter.Shape.Rank == rank ? filter : throw new SlipwayException(ErrorCode.InvalidModel, $"its filter {filter.Shape} does not have {rank} dimensions")
        : Draft.WithShape(filter, PartialShape.OfRank(rank));
}
