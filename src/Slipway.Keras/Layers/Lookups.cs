using System.Text.Json;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;

namespace Slipway.Keras.Layers;

/// <summary>StringLookup and IntegerLookup: terms of a vocabulary as their positions, and back.</summary>
internal sealed class Lookups : LayerConverter
{
    private const int MaxUnknownPositions = 1 << 24;

    public override IReadOnlyList<string> ClassNames => ["StringLookup", "IntegerLookup"];

    public override string Limits => "output int, one_hot, multi_hot, count and tf_idf";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        ConfigNode config = call.Config;
        bool isText = call.Layer.ClassName == "StringLookup";
        string mode = config.Text("output_mode", "int");
        if (mode is not ("int" or "one_hot" or "multi_hot" or "count" or "binary" or "tf_idf" or "tf-idf"))
        {
            throw call.Layer.NotSupported($"its output_mode is '{mode}'");
        }

        bool inverts = config.Flag("invert", false);
        long unknownPositions = config.Integer("num_oov_indices", 1);
        if (unknownPositions is < 0 or > MaxUnknownPositions)
        {
            throw call.Layer.Invalid($"it has {unknownPositions} positions for unknown terms (num_oov_indices)");
        }

        if (config.Flag("sparse", false))
        {
            throw call.Layer.NotSupported("it gives sparse tensors");
        }

        string? mask = Term(config, config.Has("mask_token") ? "mask_token" : "mask_value");
        string unknown = Term(config, config.Has("oov_token") ? "oov_token" : "oov_value") ?? (isText ? "[UNK]" : "-1");
        Vocabulary vocabulary = Vocabulary.Of(call, isText, mask, unknown, (int)unknownPositions, mode);
        GraphBuilder graph = call.Graph;
        LayerTensor input = call.Input;
        if (inverts)
        {
            return call.Give(vocabulary.Invert(call, graph.Cast(input.Edge, OnnxDataType.Int64)));
        }

        Edge x = isText ? input.Edge : graph.Cast(input.Edge, OnnxDataType.Int64);
        if (x.Type == OnnxDataType.String != isText)
        {
            throw call.Layer.Invalid("its input is of another type than its terms");
        }

        Edge found = vocabulary.Find(call, x);
        return call.Give(mode == "int" ? found : vocabulary.Encode(call, found, mode));
    }

    private static string? Term(ConfigNode config, string name) => !config.TryGet(name, out JsonElement value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}
