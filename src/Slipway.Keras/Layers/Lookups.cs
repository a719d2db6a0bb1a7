using System.Globalization;
using System.Text.Json;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;

namespace Slipway.Keras.Layers;

/// <summary>StringLookup and IntegerLookup: terms of a vocabulary as their positions, and back. Terms come from the configuration, or from the archive's own text file.</summary>
internal sealed class Lookups : LayerConverter
{
    private const string TermsFile = "vocabulary.txt";

    public override IReadOnlyList<string> ClassNames => ["StringLookup", "IntegerLookup"];

    public override string Limits => "one position for unknown terms; output int, one_hot, multi_hot and count";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        ConfigNode config = call.Config;
        bool isText = call.Layer.ClassName == "StringLookup";
        string mode = config.Text("output_mode", "int");
        if (mode is not ("int" or "one_hot" or "multi_hot" or "count" or "binary"))
        {
            throw call.Layer.NotSupported($"its output_mode is '{mode}'");
        }

        if (config.Integer("num_oov_indices", 1) != 1)
        {
            throw call.Layer.NotSupported("it has not exactly one position for unknown terms (num_oov_indices)");
        }

        if (config.Flag("sparse", false))
        {
            throw call.Layer.NotSupported("it gives sparse tensors");
        }

        string? mask = Term(config, config.Has("mask_token") ? "mask_token" : "mask_value");
        string unknown = Term(config, config.Has("oov_token") ? "oov_token" : "oov_value") ?? (isText ? "[UNK]" : "-1");
        int unknownPosition = mask is not null && mode == "int" ? 1 : 0;
        List<string> terms = Terms(call, [.. Enumerable.Repeat(mask ?? "", unknownPosition), unknown]);
        int first = unknownPosition + 1;
        GraphBuilder graph = call.Graph;
        LayerTensor input = call.Input;
        if (config.Flag("invert", false))
        {
            return call.Give(Invert(call, graph.Cast(input.Edge, OnnxDataType.Int64), terms, first, mask, unknown, isText));
        }

        Edge x = isText ? input.Edge : graph.Cast(input.Edge, OnnxDataType.Int64);
        if (x.Type == OnnxDataType.String != isText)
        {
            throw call.Layer.Invalid("its input is of another type than its terms");
        }

        // Where the output is no integer, what is masked counts for nothing.
        List<string> keys = mask is null ? terms : [mask, .. terms];
        long[] positions = [.. mask is null ? Enumerable.Empty<long>() : [mode == "int" ? 0L : -1L], .. Enumerable.Range(first, terms.Count).Select(static position => (long)position)];
        Edge found = graph.MlNode("LabelEncoder", [x], OnnxDataType.Int64, x.Shape, Keys(call, keys, isText), NodeAttribute.Of("values_int64s", positions), NodeAttribute.Of("default_int64", unknownPosition));
        if (mode == "int")
        {
            return call.Give(found);
        }

        bool padded = config.Flag("pad_to_max_tokens", false) && config.Has("max_tokens");
        return call.Give(Encodings.Encode(call, found, padded ? config.Integer("max_tokens") : first + terms.Count, mode));
    }

    private static Edge Invert(LayerCall call, Edge x, List<string> terms, int first, string? mask, string unknown, bool isText)
    {
        long[] keys = [.. mask is null ? Enumerable.Empty<long>() : [0L], .. Enumerable.Range(first, terms.Count).Select(static position => (long)position)];
        List<string> values = mask is null ? terms : [mask, .. terms];
        return isText
            ? call.Graph.MlNode("LabelEncoder", [x], OnnxDataType.String, x.Shape, NodeAttribute.Of("keys_int64s", keys), NodeAttribute.Of("values_strings", values), NodeAttribute.Of("default_string", unknown))
            : call.Graph.MlNode(
                "LabelEncoder", [x], OnnxDataType.Int64, x.Shape, NodeAttribute.Of("keys_int64s", keys), NodeAttribute.Of("values_int64s", Integers(call, values)), NodeAttribute.Of("default_int64", Integers(call, [unknown])[0]));
    }

    private static NodeAttribute Keys(LayerCall call, List<string> keys, bool isText) =>
        isText ? NodeAttribute.Of("keys_strings", keys) : NodeAttribute.Of("keys_int64s", Integers(call, keys));

    private static long[] Integers(LayerCall call, List<string> terms) =>
        [.. terms.Select(term => long.TryParse(term, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : throw call.Layer.Invalid($"'{term}' in its vocabulary is no integer"))];

    // Lists and files may begin with the special terms, which have their positions anyway.
    private static List<string> Terms(LayerCall call, IReadOnlyList<string> special)
    {
        List<string> terms;
        if (call.Config.TryGet("vocabulary", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            terms = [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())];
        }
        else if (call.Weights.Asset(TermsFile) is { } text)
        {
            terms = [.. text.Split('\n').Select(static line => line.TrimEnd('\r'))];
        }
        else
        {
            throw call.Layer.NotSupported("its vocabulary is not in the file; save the model as .keras, or give the layer its vocabulary as a list");
        }

        if (terms.Take(special.Count).SequenceEqual(special))
        {
            terms.RemoveRange(0, special.Count);
        }

        return terms.Distinct(StringComparer.Ordinal).Count() == terms.Count && terms.Count > 0 ? terms : throw call.Layer.Invalid("its vocabulary is empty or has a term twice");
    }

    private static string? Term(ConfigNode config, string name) => !config.TryGet(name, out JsonElement value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}
