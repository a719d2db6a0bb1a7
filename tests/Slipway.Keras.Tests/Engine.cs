using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.OnnxRuntime;
using Slipway.TestKit;

namespace Slipway.Keras.Tests;

/// <summary>Prepares model files as the server does and runs them in the real engine.</summary>
internal static class Engine
{
    private static readonly ModelPreparer Preparer = new(new ModelFormats([new KerasFormat()]));

    public static async Task<PreparedModel> PrepareAsync(byte[] model, string fileName = "model.h5") =>
        await Preparer.PrepareAsync(new MemoryModelArtifact(fileName, (fileName, model)), CancellationToken.None);

    public static ModelInspection Inspect(byte[] model, string fileName = "model.h5") =>
        Preparer.Inspect(new MemoryModelArtifact(fileName, (fileName, model)), CancellationToken.None);

    public static async Task<ILoadedModel> LoadAsync(byte[] model, string fileName = "model.h5")
    {
        using OnnxModelRuntime runtime = new(Options.Create(new OnnxRuntimeOptions()), NullLogger<OnnxModelRuntime>.Instance);
        using PreparedModel prepared = await PrepareAsync(model, fileName);
        return await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);
    }

    public static Tensor[] Run(ILoadedModel model, IReadOnlyList<Tensor> inputs)
    {
        Tensor?[] ordered = new Tensor?[model.Signature.Inputs.Count];
        foreach (Tensor input in inputs)
        {
            ordered[model.Signature.IndexOfInput(input.Name)] = input;
        }

        return model.Run(ordered, [.. Enumerable.Range(0, model.Signature.Outputs.Count)], CancellationToken.None);
    }
}
