using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests.Processes;

/// <summary>Models that the tests serve.</summary>
internal static class SampleModels
{
    /// <summary><c>y = x / 2 + 2</c>, the model of TensorFlow Serving's tutorial.</summary>
    public static byte[] HalfPlusTwo { get; } = new OnnxModelBuilder()
        .Input("x", OnnxDataType.Float, "batch")
        .Output("y", OnnxDataType.Float, "batch")
        .Constant("half", [0.5f], 1)
        .Constant("two", [2f], 1)
        .Node("Mul", ["x", "half"], ["z"])
        .Node("Add", ["z", "two"], ["y"])
        .Build();
}
