using System.Text.Json;

namespace Slipway.Keras.Layers.Operations;

/// <summary>An array of numbers among the arguments of a function: nested lists, plain or as Keras 3 wraps arrays and tensors.</summary>
/// <param name="Values">The numbers, row by row.</param>
/// <param name="Shape">Sizes of the dimensions.</param>
internal sealed record ConstantArray(float[] Values, long[] Shape)
{
    private const int MaxValues = 1 << 20;
    private const int MaxRank = 8;

    /// <summary>The array; null when it is none, or its rows have different lengths.</summary>
    public static ConstantArray? TryRead(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("value", out JsonElement value))
        {
            json = value;
        }

        if (json.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        List<float> values = [];
        List<long> shape = [];
        return Collect(json, 0, shape, values) ? new ConstantArray([.. values], [.. shape]) : null;
    }

    private static bool Collect(JsonElement json, int depth, List<long> shape, List<float> values)
    {
        if (json.ValueKind == JsonValueKind.Number)
        {
            values.Add((float)json.GetDouble());
            return depth == shape.Count && values.Count <= MaxValues;
        }

        if (json.ValueKind != JsonValueKind.Array || depth >= MaxRank || json.GetArrayLength() == 0)
        {
            return false;
        }

        // The first row tells how long all of them are.
        if (depth == shape.Count)
        {
            if (values.Count > 0)
            {
                return false;
            }

            shape.Add(json.GetArrayLength());
        }

        return json.GetArrayLength() == shape[depth] && json.EnumerateArray().All(item => Collect(item, depth + 1, shape, values));
    }
}
