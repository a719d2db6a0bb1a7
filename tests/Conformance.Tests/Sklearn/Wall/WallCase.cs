using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Conformance.Tests.Sklearn.Wall;

/// <summary>A freshly fitted model with rows and the original's answers, as make_models.py writes them.</summary>
internal sealed class WallCase(string folder, JsonElement line)
{
    public string Name => line.GetProperty("name").GetString()!;

    public string Family => Name[..Name.LastIndexOf('-')];

    public string Estimator => line.GetProperty("estimator").GetString()!;

    public double Tolerance => line.GetProperty("tolerance").GetDouble();

    /// <summary>What the refusal of the model says; empty when it is to be converted.</summary>
    public string Refused => line.GetProperty("refused").GetString()!;

    public string ModelFile => Path.Combine(folder, line.GetProperty("model").GetString()!);

    public IEnumerable<(string Method, JsonElement Value)> Expected => line.GetProperty("expected").EnumerateObject().Select(static item => (item.Name, item.Value));

    public static IReadOnlyList<WallCase> ReadAll(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "cases.jsonl")).Select(text => new WallCase(folder, JsonDocument.Parse(text).RootElement))];

    /// <summary>Numbers of an answer, row by row.</summary>
    public double[] Numbers(JsonElement value)
    {
        double[] numbers = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(Path.Combine(folder, value.GetProperty("file").GetString()!))).ToArray();
        return numbers;
    }

    /// <summary>The rows as the model wants them: one matrix, or a column for each feature.</summary>
    public Tensor[] Inputs(ModelSignature signature)
    {
        JsonElement[] columns = [.. line.GetProperty("columns").EnumerateArray()];
        return [.. signature.Inputs.Select((input, i) => Input(input, columns, i))];
    }

    private Tensor Input(TensorSignature input, JsonElement[] columns, int index)
    {
        if (columns.Length == 1 && columns[0].TryGetProperty("file", out _))
        {
            double[] all = Numbers(columns[0]);
            int features = columns[0].GetProperty("shape")[1].GetInt32();
            int width = input.Shape[1] < 0 ? features : (int)input.Shape[1];
            double[] part = width == features ? all : [.. Enumerable.Range(0, all.Length / features).Select(row => all[(row * features) + index])];
            return Numeric(input, part, width);
        }

        if (input.Shape[1] == columns.Length && columns.Length > 1)
        {
            double[][] parts = [.. columns.Select(Numbers)];
            return Numeric(input, [.. Enumerable.Range(0, parts[0].Length).SelectMany(row => parts.Select(part => part[row]))], columns.Length);
        }

        JsonElement column = columns.Cast<JsonElement?>().FirstOrDefault(item => item!.Value.GetProperty("name").GetString() == input.Name) ?? columns[index];
        if (column.TryGetProperty("file", out _))
        {
            return Numeric(input, Numbers(column), 1);
        }

        byte[] data = [.. column.GetProperty("text").EnumerateArray().SelectMany(static item => Packed(item.GetString()!))];
        return new Tensor(input.Name, TensorDataType.String, new TensorShape(column.GetProperty("text").GetArrayLength(), 1), data);
    }

    private static Tensor Numeric(TensorSignature input, double[] values, int width)
    {
        byte[] data = input.DataType == TensorDataType.Float32
            ? MemoryMarshal.AsBytes(values.Select(static value => (float)value).ToArray().AsSpan()).ToArray()
            : MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        return new Tensor(input.Name, input.DataType, new TensorShape(values.Length / width, width), data);
    }

    private static byte[] Packed(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }

    /// <summary>Values of an answer as text: labels.</summary>
    public string[] Texts(JsonElement value) => value.TryGetProperty("text", out JsonElement texts)
        ? [.. texts.EnumerateArray().Select(static item => item.GetString()!)]
        : [.. Numbers(value).Select(static number => number.ToString(CultureInfo.InvariantCulture))];
}
