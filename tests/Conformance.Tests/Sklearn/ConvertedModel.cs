using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats;
using Slipway.OnnxRuntime;
using Slipway.Sklearn;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Sklearn;

/// <summary>A model file of any format, prepared and loaded as the server would, fed with rows.</summary>
public sealed class ConvertedModel : IDisposable
{
    private static readonly OnnxModelRuntime Runtime = new(Options.Create(new OnnxRuntimeOptions()), NullLogger<OnnxModelRuntime>.Instance);

    private readonly ILoadedModel _model;

    private ConvertedModel(ILoadedModel model) => _model = model;

    public ModelSignature Signature => _model.Signature;

    public static async Task<ConvertedModel> LoadAsync(string path)
    {
        MemoryModelArtifact artifact = new(Path.GetFileName(path), (Path.GetFileName(path), File.ReadAllBytes(path)));
        using PreparedModel prepared = await new ModelPreparer(new ModelFormats([.. ModelFormats.Own, new SklearnFormat()])).PrepareAsync(artifact, TestContext.Current.CancellationToken);
        return new ConvertedModel(await Runtime.LoadAsync(prepared, new EngineConfig(), TestContext.Current.CancellationToken));
    }

    public IReadOnlyDictionary<string, Tensor> Run(CsvRows rows) => Run([.. Signature.Inputs.Select((input, i) => Input(input, rows, i))]);

    /// <summary>All outputs.</summary>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor?[] inputs)
    {
        int[] outputs = [.. Enumerable.Range(0, Signature.Outputs.Count)];
        return _model.Run(inputs, outputs, TestContext.Current.CancellationToken).ToDictionary(static tensor => tensor.Name);
    }

    public void Dispose() => _model.Dispose();

    private Tensor Input(TensorSignature input, CsvRows rows, int index)
    {
        int width = (int)input.Shape[1];
        int start = width == rows.Header.Count ? 0 : rows.Header.ToList().IndexOf(input.Name) is >= 0 and var named ? named : index;
        IEnumerable<string> cells = rows.Rows.SelectMany(row => Enumerable.Range(start, width).Select(column => row[column]));
        byte[] data = input.DataType == TensorDataType.String ? [.. cells.SelectMany(Packed)] : [.. cells.SelectMany(static cell => BitConverter.GetBytes(Number(cell)))];
        return new Tensor(input.Name, input.DataType, new TensorShape(rows.Count, width), data);
    }

    private static double Number(string cell) => cell switch
    {
        "" => double.NaN,
        "True" => 1,
        "False" => 0,
        _ => double.Parse(cell, CultureInfo.InvariantCulture),
    };

    private static byte[] Packed(string cell)
    {
        byte[] text = Encoding.UTF8.GetBytes(cell);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [.. length, .. text];
    }
}
