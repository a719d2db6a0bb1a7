using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats;
using Slipway.OnnxRuntime;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>A model of one matrix, prepared and loaded as the server would.</summary>
public sealed class BoosterModel : IDisposable
{
    private static readonly OnnxModelRuntime Runtime = new(Options.Create(new OnnxRuntimeOptions()), NullLogger<OnnxModelRuntime>.Instance);

    private readonly ILoadedModel _model;

    private BoosterModel(ILoadedModel model) => _model = model;

    public ModelSignature Signature => _model.Signature;

    public static async Task<BoosterModel> LoadAsync(string name, byte[] bytes)
    {
        MemoryModelArtifact artifact = new(name, (name, bytes));
        using PreparedModel prepared = await new ModelPreparer(ModelFormats.Default).PrepareAsync(artifact, TestContext.Current.CancellationToken);
        return new BoosterModel(await Runtime.LoadAsync(prepared, new EngineConfig(), TestContext.Current.CancellationToken));
    }

    public IReadOnlyDictionary<string, Tensor> Run(double[][] rows)
    {
        TensorSignature input = Assert.Single(_model.Signature.Inputs);
        double[] values = [.. rows.SelectMany(static row => row)];
        byte[] data = input.DataType == TensorDataType.Float64
            ? MemoryMarshal.AsBytes(values.AsSpan()).ToArray()
            : MemoryMarshal.AsBytes(values.Select(static value => (float)value).ToArray().AsSpan()).ToArray();
        Tensor x = new(input.Name, input.DataType, new TensorShape(rows.Length, rows[0].Length), data);
        int[] outputs = [.. Enumerable.Range(0, _model.Signature.Outputs.Count)];
        return _model.Run([x], outputs, TestContext.Current.CancellationToken).ToDictionary(static tensor => tensor.Name);
    }

    public void Dispose() => _model.Dispose();
}
