using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;

namespace Slipway.Pmml.Tests.Metamorphic;

/// <summary>A document, loaded by the runtime as the server does, and asked about rows of text cells.</summary>
internal sealed class ScoredDocument : IDisposable
{
    private readonly ILoadedModel _model;

    private ScoredDocument(ILoadedModel model) => _model = model;

    public static async Task<ScoredDocument> LoadAsync(string text, string? modelName)
    {
        using PreparedModel prepared = new() { Runtime = PmmlModelRuntime.RuntimeName, Model = new ModelContent(Encoding.UTF8.GetBytes(text)), Digest = "", Platform = "pmml" };
        PmmlModelRuntime runtime = new(Options.Create(new PmmlOptions()), NullLogger<PmmlModelRuntime>.Instance);
        Dictionary<string, string> options = modelName is null ? [] : new() { ["pmml.model"] = modelName };
        return new ScoredDocument(await runtime.LoadAsync(prepared, new EngineConfig { SessionOptions = options }, CancellationToken.None));
    }

    /// <summary>The outputs of rows, by name, as text; columns that the model does not take are left out.</summary>
    public IReadOnlyDictionary<string, string[]> Run(string[] header, IReadOnlyList<string[]> rows)
    {
        Tensor?[] inputs = [.. _model.Signature.Inputs.Select(input => Array.IndexOf(header, input.Name) is >= 0 and var column ? Column(input, rows, column) : null)];
        Tensor[] outputs = _model.Run(inputs, [.. Enumerable.Range(0, _model.Signature.Outputs.Count)], CancellationToken.None);
        return outputs.ToDictionary(static output => output.Name, Texts);
    }

    public void Dispose() => _model.Dispose();

    private static Tensor Column(TensorSignature input, IReadOnlyList<string[]> rows, int column)
    {
        List<byte> data = [];
        foreach (string[] row in rows)
        {
            string cell = row[column] is "NA" or "N/A" ? "" : row[column];
            if (input.DataType == TensorDataType.Float64)
            {
                data.AddRange(BitConverter.GetBytes(cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)));
                continue;
            }

            byte[] text = Encoding.UTF8.GetBytes(cell);
            data.AddRange(BitConverter.GetBytes(text.Length));
            data.AddRange(text);
        }

        return new Tensor(input.Name, input.DataType, new TensorShape([rows.Count, .. Enumerable.Repeat(1L, input.Shape.Rank - 1)]), data.ToArray());
    }

    private static string[] Texts(Tensor output)
    {
        if (output.DataType == TensorDataType.Float64)
        {
            return [.. MemoryMarshal.Cast<byte, double>(output.Data.Span).ToArray().Select(static value => value.ToString("R", CultureInfo.InvariantCulture))];
        }

        List<string> texts = [];
        ReadOnlySpan<byte> rest = output.Data.Span;
        while (!rest.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            texts.Add(Encoding.UTF8.GetString(rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }

        return [.. texts];
    }
}
