using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests;

/// <summary>Shortcuts to the runtime under test.</summary>
internal static class Engine
{
    public static OnnxModelRuntime Runtime(OnnxRuntimeOptions? options = null) =>
        new(Options.Create(options ?? new OnnxRuntimeOptions()), NullLogger<OnnxModelRuntime>.Instance);

    public static PreparedModel Prepared(byte[] model, params (string Location, byte[] Bytes)[] external) => new()
    {
        Runtime = OnnxModelRuntime.RuntimeName,
        Model = new ModelContent(model),
        ExternalData = external.ToDictionary(file => file.Location, file => new ModelContent(file.Bytes)),
        Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(model)),
        Platform = "onnxruntime_onnx",
    };

    public static async Task<ILoadedModel> LoadAsync(byte[] model, EngineConfig? config = null, OnnxRuntimeOptions? options = null)
    {
        using OnnxModelRuntime runtime = Runtime(options);
        using PreparedModel prepared = Prepared(model);
        return await runtime.LoadAsync(prepared, config ?? new EngineConfig(), CancellationToken.None);
    }

    public static async Task<ILoadedModel> LoadAsync(OnnxTestCase testCase)
    {
        using OnnxModelRuntime runtime = Runtime();
        using PreparedModel prepared = Prepared(testCase.Model, [.. testCase.ExternalData.Select(file => (file.Key, file.Value))]);
        return await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);
    }

    /// <summary>Runs with inputs given by name, asking for all outputs.</summary>
    public static Tensor[] Run(ILoadedModel model, params IReadOnlyList<Tensor> inputs)
    {
        Tensor?[] ordered = new Tensor?[model.Signature.Inputs.Count];
        foreach (Tensor input in inputs)
        {
            ordered[model.Signature.IndexOfInput(input.Name)] = input;
        }

        return model.Run(ordered, [.. Enumerable.Range(0, model.Signature.Outputs.Count)], CancellationToken.None);
    }

    public static Tensor Floats(string name, TensorShape shape, params float[] values) =>
        new(name, TensorDataType.Float32, shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray());

    public static float[] Floats(Tensor tensor) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
}
