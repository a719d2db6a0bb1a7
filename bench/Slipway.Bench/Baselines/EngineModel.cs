using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.OnnxRuntime;

namespace Slipway.Bench.Baselines;

/// <summary>A model in the engine, without a server around it, and one prepared request.</summary>
internal sealed class EngineModel : IDisposable
{
    private readonly OnnxModelRuntime _runtime;
    private readonly ILoadedModel _model;
    private readonly Tensor _input;
    private readonly int[] _outputs;

    private EngineModel(OnnxModelRuntime runtime, ILoadedModel model, Tensor input)
    {
        _runtime = runtime;
        _model = model;
        _input = input;
        _outputs = [.. Enumerable.Range(0, model.Signature.Outputs.Count)];
    }

    /// <summary>Loads a file with the engine's default options; <paramref name="shape"/> is that of the one FP32 input.</summary>
    public static async Task<EngineModel> LoadAsync(string file, string input, long[] shape)
    {
        OnnxModelRuntime runtime = new(Microsoft.Extensions.Options.Options.Create(new OnnxRuntimeOptions()), NullLogger<OnnxModelRuntime>.Instance);
        using PreparedModel prepared = new()
        {
            Runtime = OnnxModelRuntime.RuntimeName,
            Model = new ModelContent(await File.ReadAllBytesAsync(file)),
            Digest = new string('0', 64),
            Platform = "onnxruntime_onnx",
        };
        ILoadedModel model = await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);
        float[] values = new Models.BenchModel("", file, input, [.. shape.Skip(1).Select(static size => (int)size)]).Values((int)shape[0]);
        TensorBuffer buffer = TensorBufferPool.Shared.Rent(values.Length * sizeof(float));
        MemoryMarshal.AsBytes<float>(values).CopyTo(buffer.Span);
        return new EngineModel(runtime, model, new Tensor(input, TensorDataType.Float32, new TensorShape(shape), buffer.Memory, buffer));
    }

    /// <summary>Runs it once for all outputs.</summary>
    public void Run()
    {
        foreach (Tensor output in _model.Run([_input], _outputs, CancellationToken.None))
        {
            output.Dispose();
        }
    }

    public void Dispose()
    {
        _input.Dispose();
        _model.Dispose();
        _runtime.Dispose();
    }
}
