using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>
/// Products with weights that Keras has quantised to 8 bits: inputs are scaled to ±127 by their largest value and rounded, the product of the integers is exact, and both scales are divided out.
/// </summary>
internal static class QuantizedProduct
{
    private const double Most = 127;

    // Keras' epsilon: inputs of zero do not divide.
    private const double LeastLength = 1e-7;

    // Up to here a sum of products of 8 bits is an integer that binary32 holds.
    private const long ExactTerms = (1 << 24) / (128 * 128);

    /// <summary>The product under an equation in which every dimension has a letter.</summary>
    /// <param name="left">Letters of <paramref name="x"/>.</param>
    /// <param name="right">Letters of the kernel.</param>
    /// <param name="result">Letters of the product.</param>
    /// <param name="scale">The kernel's scales, in a shape that goes with the product.</param>
    public static Edge Multiply(LayerCall call, Edge x, string left, string right, string result, TensorShape shape, WeightArray kernel, WeightArray scale)
    {
        GraphBuilder graph = call.Graph;
        Edge scales = call.Shared("kernel_scale", () => graph.Constant(scale.Bytes, OnnxDataType.Float, new TensorShape(scale.Shape)));
        if (QuantizesInputs(call))
        {
            long[] reduced = [.. Enumerable.Range(0, left.Length).Where(i => !result.Contains(left[i])).Select(static i => (long)i)];
            Edge longest = reduced.Length == 0 ? graph.Abs(x) : graph.ReduceOver("ReduceMax", graph.Abs(x), reduced, true);
            Edge own = graph.Div(graph.Single(Most), graph.Add(longest, graph.Single(LeastLength)));
            x = graph.Clip(graph.Round(graph.Mul(x, own)), -Most, Most);
            scales = graph.Mul(Aligned(graph, own, left, reduced, result), scales);
        }

        long terms = Enumerable.Range(0, right.Length).Where(i => !result.Contains(right[i])).Aggregate(1L, (product, i) => checked(product * kernel.Shape[i]));
        bool isExact = terms <= ExactTerms || !QuantizesInputs(call);
        Edge weights = call.Shared("kernel", () => graph.Constant(kernel.Bytes, OnnxDataType.Float, new TensorShape(kernel.Shape)));
        Edge product = isExact
            ? graph.Einsum($"{left},{right}->{result}", shape, x, weights)
            : graph.Cast(graph.Einsum($"{left},{right}->{result}", shape, graph.Cast(x, OnnxDataType.Double), graph.Cast(weights, OnnxDataType.Double)), OnnxDataType.Float);
        return graph.Div(product, scales);
    }

    /// <summary>The table of an Embedding: each row divided by its scale.</summary>
    public static float[] Rows(LayerConfig layer, WeightArray table, WeightArray scale)
    {
        if (table.Shape is not [var rows, var width] || scale.Shape is not [var count] || count != rows)
        {
            throw layer.Invalid("its scales do not fit its table");
        }

        float[] values = table.Values.ToArray();
        ReadOnlySpan<float> scales = scale.Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] /= scales[(int)(i / width)];
        }

        return values;
    }

    // Inputs stay as they are only where the configuration says so.
    private static bool QuantizesInputs(LayerCall call)
    {
        if (!call.Config.TryGet("quantization_config", out JsonElement json) || json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("config", out JsonElement config) || config.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        if (!config.TryGetProperty("activation_quantizer", out JsonElement quantizer) || quantizer.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        bool isUsual = quantizer.ValueKind == JsonValueKind.Object && quantizer.TryGetProperty("class_name", out JsonElement name) && name.ValueKind == JsonValueKind.String && name.GetString() == "AbsMaxQuantizer"
            && quantizer.TryGetProperty("config", out JsonElement options) && options.ValueKind == JsonValueKind.Object && IsUsual(new ConfigNode(options, call.Layer.Title));
        return isUsual ? true : throw call.Layer.NotSupported("its inputs are quantised otherwise than by their largest value to 8 bits");
    }

    private static bool IsUsual(ConfigNode options) => (options.Numbers("value_range") ?? [-Most, Most]) is [-Most, Most] && Math.Abs(options.Number("epsilon", LeastLength) - LeastLength) < 1e-12;

    // Scales of the inputs, [.., 1 where a dimension vanishes, ..], put in the order of the product with ones for the dimensions of the kernel.
    private static Edge Aligned(GraphBuilder graph, Edge scales, string left, long[] reduced, string result)
    {
        string kept = string.Concat(left.Where(result.Contains));
        Edge dense = reduced.Length == 0 ? scales : graph.Squeeze(scales, reduced);
        Edge ordered = graph.Transpose(dense, [.. result.Where(kept.Contains).Select(letter => (long)kept.IndexOf(letter, StringComparison.Ordinal))]);
        long[] added = [.. Enumerable.Range(0, result.Length).Where(i => !kept.Contains(result[i])).Select(static i => (long)i)];
        return added.Length == 0 ? ordered : graph.Unsqueeze(ordered, added);
    }
}
