using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Sklearn;

/// <summary>One case of the conformance data's scikit-learn manifest.</summary>
public sealed class SklearnCase
{
    private static readonly JsonElement[] All = Load();

    private readonly JsonElement _case;

    private SklearnCase(JsonElement item) => _case = item;

    public IReadOnlyList<string> ModelFiles
    {
        get
        {
            JsonElement model = _case.GetProperty("model");
            IEnumerable<string> names = model.ValueKind == JsonValueKind.Array ? model.EnumerateArray().Select(static file => file.GetString()!) : [model.GetString()!];
            return [.. names.Select(static name => Assets.PathOf("sklearn/" + name))];
        }
    }

    public static IEnumerable<string> Names(string kind) =>
        All.Where(item => item.GetProperty("kind").GetString() == kind).Select(static item => item.GetProperty("name").GetString()!);

    public static SklearnCase Find(string name) => new(All.Single(item => item.GetProperty("name").GetString() == name));

    public CsvRows ReadRows() => CsvRows.Read(Assets.PathOf("sklearn/" + _case.GetProperty("inputs").GetString()));

    /// <summary>Compares everything that the original answered.</summary>
    public void Compare(IReadOnlyDictionary<string, Tensor> outputs, string file)
    {
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf("sklearn/" + _case.GetProperty("expected").GetString())));
        JsonElement root = expected.RootElement;
        CompareNumbers(root, "predict_proba", outputs, "probabilities", file);
        CompareNumbers(root, "decision_function", outputs, "decision", file);
        CompareNumbers(root, "transform", outputs, "transformed", file);
        CompareNumbers(root, "score_samples", outputs, "score", file);
        if (!root.TryGetProperty("predict", out JsonElement predict))
        {
            return;
        }

        if (outputs.TryGetValue("prediction", out Tensor? value))
        {
            CompareAll(Flatten(predict), Numbers(value), $"{file}: prediction");
            return;
        }

        Tensor label = outputs.TryGetValue("label", out Tensor? found) ? found : outputs["cluster"];
        string[] wanted = [.. predict.EnumerateArray().Select(static item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetDouble().ToString(CultureInfo.InvariantCulture))];
        string[] given = [.. Texts(label)];
        Assert.Equal(wanted.Length, given.Length);
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.True(wanted[i] == given[i] || IsClose(outputs, i), $"{file}: row {i} is {given[i]}, the original says {wanted[i]}");
        }
    }

    public static double[] Numbers(Tensor tensor) => tensor.DataType switch
    {
        TensorDataType.Float64 => MemoryMarshal.Cast<byte, double>(tensor.Data.Span).ToArray(),
        TensorDataType.Float32 => [.. MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray().Select(static value => (double)value)],
        TensorDataType.Int64 => [.. MemoryMarshal.Cast<byte, long>(tensor.Data.Span).ToArray().Select(static value => (double)value)],
        _ => throw new InvalidOperationException($"{tensor.Name} is {tensor.DataType}"),
    };

    private static JsonElement[] Load()
    {
        if (Assets.Root is null)
        {
            return [];
        }

        JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf("sklearn/manifest.json")));
        return [.. manifest.RootElement.GetProperty("cases").EnumerateArray()];
    }

    private void CompareNumbers(JsonElement root, string original, IReadOnlyDictionary<string, Tensor> outputs, string ours, string file)
    {
        if (root.TryGetProperty(original, out JsonElement expected) && expected.ValueKind == JsonValueKind.Array)
        {
            Assert.True(outputs.TryGetValue(ours, out Tensor? tensor), $"{file}: the original offers {original}, the converted model has no {ours}");
            CompareAll(Flatten(expected), Numbers(tensor), $"{file}: {ours}");
        }
    }

    private void CompareAll(double[] expected, double[] given, string what)
    {
        JsonElement tolerance = _case.GetProperty("tolerance");
        double relative = tolerance.GetProperty("rel").GetDouble();
        double absolute = tolerance.GetProperty("abs").GetDouble();
        Assert.True(expected.Length == given.Length, $"{what}: {given.Length} numbers, {expected.Length} expected");
        ProofLog.Record("scikit-learn", _case.GetProperty("name").GetString()!, expected, given);
        for (int i = 0; i < expected.Length; i++)
        {
            bool close = (double.IsNaN(expected[i]) && double.IsNaN(given[i])) || Math.Abs(expected[i] - given[i]) <= absolute + (relative * Math.Abs(expected[i]));
            Assert.True(close, $"{what}[{i}]: {given[i]:R}, expected {expected[i]:R}");
        }
    }

    // The manifest's rule: a label may differ where the two best scores are closer than 1e-5.
    private static bool IsClose(IReadOnlyDictionary<string, Tensor> outputs, int row)
    {
        if (!outputs.TryGetValue("probabilities", out Tensor? scores) && !outputs.TryGetValue("decision", out scores))
        {
            return false;
        }

        int width = (int)scores.Shape[1];
        double[] best = [.. Numbers(scores).AsSpan(row * width, width).ToArray().OrderDescending()];
        return width > 1 ? best[0] - best[1] < 1e-5 : Math.Abs(best[0]) < 1e-5;
    }

    /// <summary>Labels as text.</summary>
    public static IEnumerable<string> Texts(Tensor tensor)
    {
        if (tensor.DataType != TensorDataType.String)
        {
            return Numbers(tensor).Select(static value => value.ToString(CultureInfo.InvariantCulture));
        }

        List<string> texts = [];
        ReadOnlySpan<byte> data = tensor.Data.Span;
        while (!data.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(data);
            texts.Add(Encoding.UTF8.GetString(data.Slice(4, length)));
            data = data[(4 + length)..];
        }

        return texts;
    }

    private static double[] Flatten(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Flatten)],
        JsonValueKind.Number => [element.GetDouble()],
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        JsonValueKind.Null => [double.NaN],
        JsonValueKind.String => [element.GetString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, var text => double.Parse(text!, CultureInfo.InvariantCulture) }],
        _ => throw new InvalidOperationException(element.ToString()),
    };
}
