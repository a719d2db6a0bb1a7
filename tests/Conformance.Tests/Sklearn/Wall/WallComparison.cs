using System.Text.Json;
using Slipway.Core;

namespace Slipway.Conformance.Tests.Sklearn.Wall;

/// <summary>Compares one model's answers with the original's and keeps the worst differences.</summary>
internal sealed class WallComparison(WallCase item, IReadOnlyDictionary<string, Tensor> outputs)
{
    private readonly List<string> _problems = [];

    public double WorstAbsolute { get; private set; }

    public double WorstRelative { get; private set; }

    /// <summary>Values compared.</summary>
    public long Values { get; private set; }

    /// <summary>What the original offers and the converted model does not.</summary>
    public List<string> NotOffered { get; } = [];

    /// <summary>What differs by more than the tolerance; empty when nothing does.</summary>
    public IReadOnlyList<string> Compare()
    {
        foreach ((string method, JsonElement value) in item.Expected)
        {
            switch (method)
            {
                case "predict":
                    ComparePredictions(value);
                    break;
                case "predict_proba" when value.TryGetProperty("list", out JsonElement list):
                    foreach ((int index, JsonElement part) in list.EnumerateArray().Index())
                    {
                        CompareNumbers(method, part, $"probabilities_{index}");
                    }

                    break;
                default:
                    CompareNumbers(method, value, method switch { "predict_proba" => "probabilities", "decision_function" => "decision", "score_samples" => "score", _ => "transformed" });
                    break;
            }
        }

        return _problems;
    }

    private void ComparePredictions(JsonElement value)
    {
        if (outputs.ContainsKey("prediction"))
        {
            CompareNumbers("predict", value, "prediction");
            return;
        }

        if (!outputs.TryGetValue("label", out Tensor? label) && !outputs.TryGetValue("cluster", out label))
        {
            NotOffered.Add("predict");
            return;
        }

        string[] wanted = [.. item.Texts(value).Select(static text => text switch { "True" => "1", "False" => "0", _ => text })];
        string[] given = [.. SklearnCase.Texts(label)];
        if (wanted.Length != given.Length)
        {
            _problems.Add($"label: {given.Length} values, {wanted.Length} expected");
            return;
        }

        int[] wrong = [.. Enumerable.Range(0, wanted.Length).Where(i => wanted[i] != given[i] && !IsTie(i))];
        Values += wanted.Length;
        if (wrong.Length > 0)
        {
            _problems.Add($"label: {wrong.Length} of {wanted.Length} differ, first row {wrong[0]}: {given[wrong[0]]}, the original says {wanted[wrong[0]]}");
        }
    }

    private void CompareNumbers(string method, JsonElement value, string output)
    {
        if (!outputs.TryGetValue(output, out Tensor? tensor))
        {
            NotOffered.Add(method);
            return;
        }

        double[] expected = item.Numbers(value);
        double[] given = SklearnCase.Numbers(tensor);
        if (expected.Length != given.Length)
        {
            _problems.Add($"{output}: shape {tensor.Shape}, the original's has {expected.Length} values");
            return;
        }

        Values += expected.Length;
        List<int> wrong = [];
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i].Equals(given[i]))
            {
                continue;
            }

            double difference = Math.Abs(expected[i] - given[i]);
            double relative = difference / Math.Max(Math.Abs(expected[i]), 1e-9);
            if (!(difference <= item.Tolerance * (1 + Math.Abs(expected[i]))))
            {
                wrong.Add(i);
                continue;
            }

            WorstAbsolute = Math.Max(WorstAbsolute, difference);
            WorstRelative = Math.Max(WorstRelative, Math.Min(relative, difference / item.Tolerance));
        }

        if (wrong.Count > 0)
        {
            _problems.Add($"{output}: {wrong.Count} of {expected.Length} differ, first at {wrong[0]} of {tensor.Shape}: {given[wrong[0]]:R}, the original says {expected[wrong[0]]:R}");
        }
    }

    // Where the two best scores are as good as equal either label is right.
    private bool IsTie(int row)
    {
        foreach (string name in new[] { "probabilities", "decision" })
        {
            if (!outputs.TryGetValue(name, out Tensor? scores) || scores.Shape.Rank != 2)
            {
                continue;
            }

            int width = (int)scores.Shape[1];
            double[] best = [.. SklearnCase.Numbers(scores).AsSpan(row * width, width).ToArray().OrderDescending()];
            if (width > 1 ? best[0] - best[1] < 1e-7 * (1 + Math.Abs(best[0])) : Math.Abs(best[0]) < 1e-7)
            {
                return true;
            }
        }

        return false;
    }
}
