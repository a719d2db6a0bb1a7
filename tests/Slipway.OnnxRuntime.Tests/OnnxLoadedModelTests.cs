using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests;

public sealed class OnnxLoadedModelTests
{
    [Fact]
    public async Task Run_gives_what_the_model_computes()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using ILoadedModel model = await Engine.LoadAsync(File.ReadAllBytes(Assets.PathOf("onnx/runtime/mul_1.onnx")));
        using Tensor input = Engine.Floats("X", new TensorShape(3, 2), 1, 2, 3, 4, 5, 6);

        Tensor[] outputs = model.Run([input], [0], CancellationToken.None);

        using Tensor output = Assert.Single(outputs);
        Assert.Equal("Y", output.Name);
        Assert.Equal(new TensorShape(3, 2), output.Shape);
        Assert.Equal([1, 4, 9, 16, 25, 36], Engine.Floats(output));
    }
}
