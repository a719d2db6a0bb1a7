using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Sklearn.Metamorphic;

/// <summary>
/// What must not change an answer, on models that scikit-learn fitted just now (make_variants.py beside this file): the order in which features are given, what classes are called, and how rows are
/// cut into batches.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SklearnMetamorphicTests
{
    [Fact]
    public async Task Order_names_and_batches_change_nothing()
    {
        Assert.SkipUnless(await PythonProcess.HasAsync("sklearn", "joblib"), "needs Python 3 with scikit-learn and joblib (Debian: python3-sklearn python3-joblib)");
        using TemporaryFolder folder = new();
        (int status, string output) = await PythonProcess.RunAsync(folder.Root, File.ReadAllText(Script()), folder.Root);
        Assert.True(status == 0, output);
        List<string> problems = [];
        int cases = 0;
        foreach (string text in File.ReadLines(folder.PathOf("cases.jsonl")))
        {
            using JsonDocument line = JsonDocument.Parse(text);
            JsonElement item = line.RootElement;
            string name = item.GetProperty("name").GetString()!;
            problems.AddRange((await CompareAsync(folder, item)).Select(problem => $"{name}: {problem}"));
            cases++;
        }

        Assert.True(cases >= 30, $"{cases} cases");
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(TemporaryFolder folder, JsonElement item)
    {
        List<string> problems = [];
        using ConvertedModel model = await ConvertedModel.LoadAsync(folder.PathOf(item.GetProperty("base").GetString()!));
        double[] rows = Numbers(folder, item.GetProperty("rows"), out int width);
        IReadOnlyDictionary<string, Tensor> expected = model.Run([Matrix(model, rows, width)]);

        using ConvertedModel ordered = await ConvertedModel.LoadAsync(folder.PathOf(item.GetProperty("ordered").GetString()!));
        IReadOnlyDictionary<string, Tensor> turned = ordered.Run([Matrix(ordered, Numbers(folder, item.GetProperty("ordered_rows"), out _), width)]);
        problems.AddRange(Differences("another order of features", expected, turned, 0));

        if (item.TryGetProperty("renamed", out JsonElement file))
        {
            using ConvertedModel renamed = await ConvertedModel.LoadAsync(folder.PathOf(file.GetString()!));
            IReadOnlyDictionary<string, Tensor> called = renamed.Run([Matrix(renamed, rows, width)]);
            problems.AddRange(Differences("other names of classes", expected, called, 0));
            string[] labels = [.. SklearnCase.Texts(expected["label"]).Select(label => item.GetProperty("names").GetProperty(label).GetString()!)];
            if (!labels.SequenceEqual(SklearnCase.Texts(called["label"])))
            {
                problems.Add("other names of classes: other classes");
            }
        }

        problems.AddRange(Differences("batches", expected, RunInBatches(model, rows, width), 1e-12));
        return problems;
    }

    private static Dictionary<string, Tensor> RunInBatches(ConvertedModel model, double[] rows, int width)
    {
        Random random = new(3);
        Dictionary<string, List<byte>> parts = [];
        Dictionary<string, Tensor> last = [];
        for (int at = 0; at < rows.Length / width;)
        {
            int count = Math.Min((rows.Length / width) - at, random.Next(1, 40));
            foreach ((string name, Tensor tensor) in model.Run([Matrix(model, rows[(at * width)..((at + count) * width)], width)]))
            {
                (parts.TryGetValue(name, out List<byte>? bytes) ? bytes : parts[name] = []).AddRange(tensor.Data.Span);
                last[name] = tensor;
            }

            at += count;
        }

        return parts.ToDictionary(static pair => pair.Key, pair => new Tensor(pair.Key, last[pair.Key].DataType, last[pair.Key].Shape.WithFirst(rows.Length / width), pair.Value.ToArray()));
    }

    private static IEnumerable<string> Differences(string what, IReadOnlyDictionary<string, Tensor> expected, IReadOnlyDictionary<string, Tensor> given, double tolerance)
    {
        foreach ((string name, Tensor tensor) in expected)
        {
            if (!given.TryGetValue(name, out Tensor? other))
            {
                yield return $"{what}: no {name}";
            }
            else if ((tensor.DataType == other.DataType || name != "label") && TensorComparison.Difference(tensor, other, tolerance, tolerance) is { } difference)
            {
                yield return $"{what}: {difference}";
            }
        }
    }

    private static Tensor Matrix(ConvertedModel model, double[] values, int width) =>
        new(model.Signature.Inputs[0].Name, TensorDataType.Float64, new TensorShape(values.Length / width, width), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static double[] Numbers(TemporaryFolder folder, JsonElement value, out int width)
    {
        width = value.GetProperty("shape")[1].GetInt32();
        return MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(folder.PathOf(value.GetProperty("file").GetString()!))).ToArray();
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "make_variants.py");
}
