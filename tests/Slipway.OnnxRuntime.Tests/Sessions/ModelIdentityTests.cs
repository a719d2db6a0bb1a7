using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Sessions;

/// <summary>A version may hold several models, of which the configuration names one: they share the version's digest and nothing else.</summary>
public sealed class ModelIdentityTests : IDisposable
{
    private readonly TemporaryFolder _version = new();

    public void Dispose() => _version.Dispose();

    [Fact]
    public async Task Another_file_of_a_version_that_is_loaded_is_another_model()
    {
        using OnnxModelRuntime runtime = Engine.Runtime();
        using ILoadedModel one = await LoadAsync(runtime, "one.onnx", 1);
        using ILoadedModel two = await LoadAsync(runtime, "two.onnx", 2);

        Assert.Equal((1f, 2f), (Answer(one), Answer(two)));
    }

    [Fact]
    public async Task Another_file_of_a_version_has_an_optimised_copy_of_its_own()
    {
        using TemporaryFolder folder = new();
        foreach ((string main, float amount) in ((string, float)[])[("one.onnx", 1), ("two.onnx", 2), ("one.onnx", 1)])
        {
            using OnnxModelRuntime runtime = Engine.Runtime(new OnnxRuntimeOptions { OptimizedModelFolder = folder.Root });
            using ILoadedModel model = await LoadAsync(runtime, main, amount);
            Assert.Equal(amount, Answer(model));
        }

        Assert.Equal(2, Directory.GetFiles(folder.Root, "*.onnx").Length);
    }

    // From an open file, as a server has it: what is in memory was made by a converter, and told apart by its bytes.
    private async Task<ILoadedModel> LoadAsync(OnnxModelRuntime runtime, string main, float amount)
    {
        byte[] bytes = OnnxModels.Add(amount);
        using PreparedModel prepared = new()
        {
            Runtime = OnnxModelRuntime.RuntimeName,
            Model = new ModelContent(File.OpenHandle(_version.Write(main, bytes)), bytes.Length),
            Digest = new string('d', 64),
            MainFile = main,
            Platform = "onnxruntime_onnx",
        };
        return await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);
    }

    private static float Answer(ILoadedModel model)
    {
        using Tensor y = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(1, 2), 0, 0)));
        return Engine.Floats(y)[0];
    }
}
