using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.OnnxRuntime;

namespace Slipway.TensorFlow.Tests;

/// <summary>Runs converted models with the real engine.</summary>
internal static class Engine
{
    public static async Task<ILoadedModel> LoadAsync(byte[] model)
    {
        using OnnxModelRuntime runtime = new(Options.Create(new OnnxRuntimeOptions()), NullLogger<OnnxModelRuntime>.Instance);
        using PreparedModel prepared = new()
        {
            Runtime = OnnxModelRuntime.RuntimeName,
            Model = new ModelContent(model),
            Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(model)),
            Platform = "onnxruntime_onnx",
        };
        return await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);
    }

    /// <summary>Runs with inputs given by name and gives all outputs.</summary>
    public static Tensor[] Run(ILoadedModel model, IEnumerable<Tensor> inputs)
    {
        Tensor?[] ordered = new Tensor?[model.Signature.Inputs.Count];
        foreach (Tensor input in inputs)
        {
            ordered[model.Signature.IndexOfInput(input.Name)] = input;
        }

        return model.Run(ordered, [.. Enumerable.Range(0, model.Signature.Outputs.Count)], CancellationToken.None);
    }

    public static Tensor Of(string name, float[] values, params long[] shape) => new(name, TensorDataType.Float32, new TensorShape(shape), MemoryMarshal.AsBytes<float>(values).ToArray());

    public static Tensor Of(string name, int[] values, params long[] shape) => new(name, TensorDataType.Int32, new TensorShape(shape), MemoryMarshal.AsBytes<int>(values).ToArray());

    public static Tensor Of(string name, long[] values, params long[] shape) => new(name, TensorDataType.Int64, new TensorShape(shape), MemoryMarshal.AsBytes<long>(values).ToArray());
}
