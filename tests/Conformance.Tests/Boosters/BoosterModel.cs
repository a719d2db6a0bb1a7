using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats;
using Slipway.OnnxRuntime;
using Slipway.Sklearn;
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
        using PreparedModel prepared = await new ModelPreparer(new ModelFormats([.. ModelFormats.Own, new SklearnFormat()])).PrepareAsync(artifact, TestContext.Current.CancellationToken);
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

    /// <summary>Runs rows of numbers and text over a model of one input a column.</summary>
    public IReadOnlyDictionary<string, Tensor> RunColumns(string[] names, object[][] rows)
    {
        Tensor[] inputs = [.. _model.Signature.Inputs.Select(input =>
        {
            object[] column = [.. rows.Select(row => row[Array.IndexOf(names, input.Name)])];
            byte[] data = input.DataType == TensorDataType.String
                ? [.. column.SelectMany(static text => Packed((string)text))]
                : [.. column.SelectMany(static number => BitConverter.GetBytes((float)(double)number))];
            return new Tensor(input.Name, input.DataType, new TensorShape(rows.Length, 1), data);
        })];
        return _model.Run(inputs, [.. Enumerable.Range(0, _model.Signature.Outputs.Count)], TestContext.Current.CancellationToken).ToDictionary(static tensor => tensor.Name);
    }

    private static byte[] Packed(string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return [.. BitConverter.GetBytes(bytes.Length), .. bytes];
    }

    public void Dispose() => _model.Dispose();
}
