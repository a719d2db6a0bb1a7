using System.Text.Json;

namespace Slipway.Keras.Models;

/// <summary>How the weights of a layer are quantised, as its policy of types says.</summary>
internal static class Quantization
{
    private const string Bytes = "int8";

    /// <summary>Whether the layer's weights are quantised to 8 bits.</summary>
    /// <exception cref="Core.SlipwayException">They are quantised in a way that is not converted.</exception>
    public static bool IsOfBytes(LayerConfig layer)
    {
        string? mode = ModeOf(layer.Config);
        return mode is not null && (mode == Bytes && layer.ClassName is "Dense" or "EinsumDense" or "Embedding"
            ? true
            : throw layer.NotSupported($"its weights are quantised ({mode}); {Bytes} of Dense, EinsumDense and Embedding is converted"));
    }

    // A policy as an object, or by its name; a layer with parts has one policy for each of them.
    private static string? ModeOf(ConfigNode config)
    {
        if (config.TryGet("quantization_mode", out JsonElement mode) && mode.ValueKind == JsonValueKind.String)
        {
            return mode.GetString();
        }

        if (!config.TryGet("dtype", out JsonElement policy))
        {
            return null;
        }

        if (policy.ValueKind == JsonValueKind.String)
        {
            string[] parts = policy.GetString()!.Split("_from_");
            return parts.Length == 2 ? parts[0] : null;
        }

        string name = policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("class_name", out JsonElement given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (name == "DTypePolicyMap")
        {
            return policy.GetRawText().Contains("Quantized", StringComparison.Ordinal) ? "by a map of policies" : null;
        }

        return !name.Contains("Quantized", StringComparison.Ordinal) ? null
            : policy.TryGetProperty("config", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("mode", out JsonElement inside) && inside.ValueKind == JsonValueKind.String ? inside.GetString()
            : name;
    }
}
