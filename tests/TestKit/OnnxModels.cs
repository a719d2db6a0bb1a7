using Slipway.Formats.Onnx;

namespace Slipway.TestKit;

/// <summary>Small models that many tests want.</summary>
public static class OnnxModels
{
    /// <summary><c>y = x</c> for any type, shape <c>[batch, width]</c>.</summary>
    public static byte[] Identity(OnnxDataType type = OnnxDataType.Float, int width = 2) => new OnnxModelBuilder()
        .Input("x", type, "batch", width)
        .Output("y", type, "batch", width)
        .Node("Identity", ["x"], ["y"])
        .Build();

    /// <summary><c>y = x + amount</c>, FP32 <c>[batch, width]</c>: another amount makes another version.</summary>
    public static byte[] Add(float amount, int width = 2) => new OnnxModelBuilder()
        .Input("x", OnnxDataType.Float, "batch", width)
        .Output("y", OnnxDataType.Float, "batch", width)
        .Constant("amount", [amount], 1)
        .Node("Add", ["x", "amount"], ["y"])
        .Build();

    /// <summary><c>sum = a + b</c> and <c>difference = a - b</c>, FP32 <c>[batch, width]</c>.</summary>
    public static byte[] AddSub(int width = 4) => new OnnxModelBuilder()
        .Input("a", OnnxDataType.Float, "batch", width)
        .Input("b", OnnxDataType.Float, "batch", width)
        .Output("sum", OnnxDataType.Float, "batch", width)
        .Output("difference", OnnxDataType.Float, "batch", width)
        .Node("Add", ["a", "b"], ["sum"])
        .Node("Sub", ["a", "b"], ["difference"])
        .Build();

    /// <summary><c>y = x · w</c>, FP32 <c>[batch, 2]</c> to <c>[batch, 2]</c>, <c>w = [[1,2],[3,4]]</c>.</summary>
    public static byte[] MatMul() => new OnnxModelBuilder()
        .Input("x", OnnxDataType.Float, "batch", 2)
        .Output("y", OnnxDataType.Float, "batch", 2)
        .Constant("w", [1f, 2f, 3f, 4f], 2, 2)
        .Node("MatMul", ["x", "w"], ["y"])
        .Build();

    /// <summary>A matrix product that mixes rows, <c>y = wᵀ · x</c> with a free first dimension: must not be batched.</summary>
    public static byte[] SumOverRows() => new OnnxModelBuilder()
        .Opset("", 12)
        .Input("x", OnnxDataType.Float, "rows", 2)
        .Output("y", OnnxDataType.Float, "one", 2)
        .Node("ReduceSum", ["x"], ["y"], "", OnnxAttributes.Ints("axes", 0), OnnxAttributes.Int("keepdims", 1))
        .Build();

    /// <summary><c>y = relu(…relu(x · w1)… · wn)</c>, FP32 <c>[batch, width]</c>, weights from a fixed seed.</summary>
    public static byte[] Mlp(int width = 64, int layers = 3)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, "batch", width)
            .Output("y", OnnxDataType.Float, "batch", width);
        Random random = new(42);
        string value = "x";
        for (int layer = 0; layer < layers; layer++)
        {
            float[] weights = [.. Enumerable.Range(0, width * width).Select(_ => ((float)random.NextDouble() - 0.5f) / MathF.Sqrt(width))];
            string output = layer == layers - 1 ? "y" : $"h{layer}";
            builder.Constant($"w{layer}", weights, width, width)
                .Node("MatMul", [value, $"w{layer}"], [$"m{layer}"])
                .Node("Relu", [$"m{layer}"], [output]);
            value = output;
        }

        return builder.Build();
    }

    /// <summary><c>y = x + w</c> with <c>w</c> (FP32 <c>[1, 2]</c>) in a file beside the model.</summary>
    public static byte[] WithExternalData(string location = "weights.bin", string? offset = null, string? length = null) => new OnnxModelBuilder()
        .Input("x", OnnxDataType.Float, "batch", 2)
        .Output("y", OnnxDataType.Float, "batch", 2)
        .External("w", OnnxDataType.Float, [1, 2], location, offset, length)
        .Node("Add", ["x", "w"], ["y"])
        .Build();
}
