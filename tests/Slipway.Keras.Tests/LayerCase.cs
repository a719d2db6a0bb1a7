using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Keras.Tests;

/// <summary>A model file with inputs and the outputs that an independent calculation expects; made by Fixtures/make_layers.py.</summary>
internal sealed record LayerCase(string Name, string FileName, byte[] Model, IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Outputs, double Tolerance)
{
    private static readonly FixtureArchive Archive = new("layers.zip");

    public static IReadOnlyList<string> Names => Archive.Folders;

    public static LayerCase Read(string name)
    {
        (string fileName, byte[] model) = Archive.Read(name, "model.");
        using JsonDocument json = JsonDocument.Parse(Archive.Read(name, "case.json").Bytes);
        return new LayerCase(name, fileName, model, Tensors(json.RootElement.GetProperty("inputs")), Tensors(json.RootElement.GetProperty("outputs")), json.RootElement.GetProperty("tolerance").GetDouble());
    }

    private static Tensor[] Tensors(JsonElement json) => [.. json.EnumerateObject().Select(static pair =>
    {
        JsonElement data = pair.Value.GetProperty("data");
        TensorShape shape = new([.. pair.Value.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64())]);
        return pair.Value.GetProperty("type").GetString() switch
        {
            "int32" => new Tensor(pair.Name, TensorDataType.Int32, shape, MemoryMarshal.AsBytes<int>(data.EnumerateArray().Select(static item => item.GetInt32()).ToArray()).ToArray()),
            "int64" => new Tensor(pair.Name, TensorDataType.Int64, shape, MemoryMarshal.AsBytes<long>(data.EnumerateArray().Select(static item => item.GetInt64()).ToArray()).ToArray()),
            "string" => new Tensor(pair.Name, TensorDataType.String, shape, data.EnumerateArray().SelectMany(static item => Prefixed(Encoding.UTF8.GetBytes(item.GetString()!))).ToArray()),
            _ => new Tensor(pair.Name, TensorDataType.Float32, shape, MemoryMarshal.AsBytes<float>(data.EnumerateArray().Select(static item => (float)item.GetDouble()).ToArray()).ToArray()),
        };
    })];

    private static byte[] Prefixed(byte[] bytes) => [.. BitConverter.GetBytes(bytes.Length), .. bytes];
}
