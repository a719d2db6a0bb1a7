using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Conformance.Tests.Sklearn;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Boosters;

/// <summary>One case of the conformance data's XGBoost and LightGBM manifest.</summary>
public sealed class BoosterCase
{
    private static readonly JsonElement[] All = Load();

    private readonly JsonElement _case;

    private BoosterCase(JsonElement item) => _case = item;

    public static IEnumerable<string> Names { get; } =
        All.Where(static item => item.GetProperty("kind").GetString() != "must-fail").Select(static item => item.GetProperty("name").GetString()!);

    public string Kind => _case.GetProperty("kind").GetString()!;

    public IReadOnlyList<string> ModelFiles
    {
        get
        {
            JsonElement model = _case.GetProperty("model");
            IEnumerable<JsonElement> files = model.ValueKind == JsonValueKind.Array ? model.EnumerateArray() : [model];
            return [.. files.Select(static file => Assets.PathOf("boosters/" + file.GetString()))];
        }
    }

    public static BoosterCase Find(string name) => new(All.Single(item => item.GetProperty("name").GetString() == name));

    /// <summary>
    /// The model's bytes; of a case that asks for the first rounds only, a model of those rounds. Null where this encoding can't be cut by hand.
    /// </summary>
    public byte[]? ReadModel(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        string[] parts = _case.GetProperty("name").GetString()!.Split('@');
        if (parts.Length == 1)
        {
            return bytes;
        }

        int rounds = int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (file.EndsWith(".txt", StringComparison.Ordinal))
        {
            string text = Encoding.UTF8.GetString(bytes);
            int perRound = text.Contains("num_tree_per_iteration=3", StringComparison.Ordinal) ? 3 : 1;
            int end = text.IndexOf($"Tree={rounds * perRound}\n", StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(text[..end] + "end of trees\n");
        }

        if (file.EndsWith(".json", StringComparison.Ordinal))
        {
            JsonNode root = JsonNode.Parse(bytes)!;
            root["learner"]!["attributes"]!["best_iteration"] = (rounds - 1).ToString(CultureInfo.InvariantCulture);
            return Encoding.UTF8.GetBytes(root.ToJsonString());
        }

        return null;
    }

    /// <summary>The rows as numbers, NaN for what is missing.</summary>
    public double[][] ReadRows()
    {
        string file = Assets.PathOf("boosters/" + _case.GetProperty("inputs").GetString());
        if (!file.EndsWith(".libsvm", StringComparison.Ordinal))
        {
            return [.. CsvRows.Read(file).Rows.Select(static row => row.Select(static cell => cell is "" or "NA" ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        }

        int width = _case.GetProperty("features").GetInt32();
        return [.. File.ReadLines(file).Where(static line => line.Length > 0).Select(line =>
        {
            double[] row = new double[width];
            row.AsSpan().Fill(double.NaN);
            foreach (string[] pair in line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(static item => item.Split(':')))
            {
                row[int.Parse(pair[0], CultureInfo.InvariantCulture)] = double.Parse(pair[1], CultureInfo.InvariantCulture);
            }

            return row;
        })];
    }

    /// <summary>Compares with what the library itself answered; gives the largest difference.</summary>
    public double Compare(IReadOnlyDictionary<string, Tensor> outputs, string file)
    {
        string expected = Assets.PathOf("boosters/" + _case.GetProperty("expected").GetString());
        return Kind.EndsWith("-csv", StringComparison.Ordinal) ? CompareTable(CsvRows.Read(expected), outputs, file) : CompareJson(expected, outputs, file);
    }

    private double CompareJson(string file, IReadOnlyDictionary<string, Tensor> outputs, string what)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement predict = document.RootElement.GetProperty("predict");
        double[] answers = Answers(outputs, Flatten(predict).Length, predict.GetArrayLength());
        double worst = Compare(Flatten(predict), answers, $"{what}: predict");
        return document.RootElement.TryGetProperty("margin", out JsonElement margin) && margin.ValueKind == JsonValueKind.Array
            ? Math.Max(worst, Compare(Flatten(margin), Numbers(outputs["decision"]), $"{what}: margin"))
            : worst;
    }

    // What the library answers: the value of a regression, the probability of the second of two classes, all probabilities, or (multi:softmax) the class.
    private static double[] Answers(IReadOnlyDictionary<string, Tensor> outputs, int count, int rows)
    {
        if (!outputs.TryGetValue("probabilities", out Tensor? probabilities))
        {
            return Numbers(outputs["prediction"]);
        }

        double[] all = Numbers(probabilities);
        return all.Length == count ? all
            : all.Length == 2 * rows ? [.. all.Where(static (_, index) => index % 2 == 1)]
            : [.. MemoryMarshal.Cast<byte, long>(outputs["label"].Data.Span).ToArray().Select(static label => (double)label)];
    }

    private double CompareTable(CsvRows table, IReadOnlyDictionary<string, Tensor> outputs, string what)
    {
        int[] columns = [.. table.Header.Index().Where(static column => column.Item.StartsWith("probability(", StringComparison.Ordinal)).Select(static column => column.Index)];
        if (columns.Length == 0)
        {
            return Compare([.. table.Rows.Select(static row => double.Parse(row[0], CultureInfo.InvariantCulture))], Numbers(outputs["prediction"]), $"{what}: prediction");
        }

        return Compare(
            [.. table.Rows.SelectMany(row => columns.Select(column => double.Parse(row[column], CultureInfo.InvariantCulture)))],
            Numbers(outputs["probabilities"]),
            $"{what}: probabilities");
    }

    private double Compare(double[] expected, double[] given, string what)
    {
        JsonElement tolerance = _case.GetProperty("tolerance");
        double relative = tolerance.GetProperty("rel").GetDouble();
        double absolute = tolerance.GetProperty("abs").GetDouble();
        Assert.True(expected.Length == given.Length, $"{what}: {given.Length} numbers, {expected.Length} expected");
        ProofLog.Record(Kind.StartsWith("lightgbm", StringComparison.Ordinal) ? "LightGBM" : "XGBoost", _case.GetProperty("name").GetString()!, expected, given);
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(expected[i] - given[i]);
            Assert.True(difference <= absolute + (relative * Math.Abs(expected[i])), $"{what}[{i}]: {given[i]:R}, expected {expected[i]:R}");
            worst = Math.Max(worst, difference);
        }

        return worst;
    }

    private static double[] Numbers(Tensor tensor) => tensor.DataType == TensorDataType.Float64
        ? MemoryMarshal.Cast<byte, double>(tensor.Data.Span).ToArray()
        : [.. MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray().Select(static value => (double)value)];

    private static double[] Flatten(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Flatten)] : [element.GetDouble()];

    private static JsonElement[] Load()
    {
        if (Assets.Root is null)
        {
            return [];
        }

        JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf("boosters/manifest.json")));
        return [.. manifest.RootElement.GetProperty("cases").EnumerateArray()];
    }
}
