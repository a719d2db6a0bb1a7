using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>Pooling.</summary>
internal static class PoolingOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("MaxPool", static call => Pool(call, "MaxPool", 4, call.List("ksize"), call.List("strides"))),
        KnownOperator.Of("MaxPoolV2", static call => Pool(call, "MaxPool", 4, call.Integers(1, "window"), call.Integers(2, "strides"))),
        KnownOperator.Of("MaxPool3D", static call => Pool(call, "MaxPool", 5, call.List("ksize"), call.List("strides"))),
        KnownOperator.Of("AvgPool", static call => Pool(call, "AveragePool", 4, call.List("ksize"), call.List("strides"))),
        KnownOperator.Of("AvgPool3D", static call => Pool(call, "AveragePool", 5, call.List("ksize"), call.List("strides"))),
    ];

    // What is added at the borders counts neither for a maximum nor for an average: so it is in ONNX.
    private static Term Pool(OperatorCall call, string operation, int rank, long[]? window, long[]? steps)
    {
        ImageLayout layout = ImageLayout.Of(call, rank);
        Term input = layout.ToOnnx(call.Draft, call.Tensor(0));
        if (input.Type is not (OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.Double))
        {
            throw OperatorCall.NotSupported($"pooling of {input.Type} is not converted");
        }

        long[] kernel = layout.SpatialOf(window, "window");
        long[] strides = layout.SpatialOf(steps, "strides");
        long[] ones = [.. Enumerable.Repeat(1L, layout.Spatial)];
        Padding padding = Padding.Of(call, layout, input.Shape, kernel, strides, ones);
        PartialShape shape = padding.OutputShape(input.Shape, input.Shape[1], kernel, strides, ones);
        Term pooled = call.Draft.Node(operation, [input], input.Type, shape, [NodeAttribute.Of("kernel_shape", kernel), NodeAttribute.Of("strides", strides), .. padding.Attributes]);
        return layout.FromOnnx(call.Draft, pooled);
    }
}
