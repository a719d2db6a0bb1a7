using System.Text.Json;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Scoring;

/// <summary>Shapes of nested lists.</summary>
internal static class ScoringShape
{
    /// <summary>The shape; every list of one level has the same length.</summary>
    public static long[] Of(JsonElement value)
    {
        List<long> shape = [];
        Measure(value, 0, shape);
        return [.. shape];
    }

    /// <summary>Whether a shape is as a signature says; -1 fits any size.</summary>
    public static bool Fits(long[] shape, long[] expected) =>
        shape.Length == expected.Length && !shape.Where((size, index) => expected[index] >= 0 && expected[index] != size).Any();

    private static void Measure(JsonElement value, int level, List<long> shape)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            if (level < shape.Count)
            {
                throw Ragged(level);
            }

            return;
        }

        int length = value.GetArrayLength();
        if (level == shape.Count)
        {
            shape.Add(length);
        }
        else if (shape[level] != length)
        {
            throw Ragged(level);
        }

        bool first = true;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (!first && item.ValueKind != JsonValueKind.Array == shape.Count > level + 1)
            {
                throw Ragged(level + 1);
            }

            first = false;
            if (item.ValueKind == JsonValueKind.Array)
            {
                Measure(item, level + 1, shape);
            }
        }
    }

    private static MlflowException Ragged(int level) =>
        ScoringFailures.Bad($"Invalid input. setting an array element with a sequence. The requested array has an inhomogeneous shape after {level} dimensions.");
}
