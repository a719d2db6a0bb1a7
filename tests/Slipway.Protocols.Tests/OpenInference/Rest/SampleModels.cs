using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.OpenInference.Rest;

/// <summary>The models of the golden vectors.</summary>
internal static class SampleModels
{
    /// <summary>Inputs a INT32 [2,2] and m BOOL [3]; output y FP32 [2,2] = a.</summary>
    public static FakeServable Add => new(
        "add",
        [new("a", TensorDataType.Int32, new(2, 2)), new("m", TensorDataType.Bool, new(3))],
        [new("y", TensorDataType.Float32, new(2, 2))],
        static request => [TestTensors.Floats("y", [2, 2], [.. request.Inputs[0].Values<int>().Select(static v => (float)v)])]);

    /// <summary>Input x FP32 [-1,2]; output y = x with each row [a, b] turned to [2a, b + 1]. Batches of up to 8.</summary>
    public static FakeServable Linear => new(
        "linear",
        [new("x", TensorDataType.Float32, new(-1, 2))],
        [new("y", TensorDataType.Float32, new(-1, 2))],
        static request => [Map(request.Inputs[0])],
        maxBatchSize: 8);

    /// <summary>Gives every input back under the name of its own with <c>_out</c> behind it.</summary>
    public static FakeServable Echo(TensorDataType type, params long[] shape) => new(
        "echo",
        [new("x", type, new(shape))],
        [new("x_out", type, new(shape))],
        static request => [new Tensor("x_out", request.Inputs[0].DataType, request.Inputs[0].Shape, request.Inputs[0].Data.ToArray())]);

    private static Tensor Map(Tensor x) =>
        TestTensors.Floats("y", x.Shape.Dimensions.ToArray(), [.. x.Values<float>().Select(static (v, i) => i % 2 == 0 ? v * 2 : v + 1)]);
}
