using System.Text.Json;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Hashing: text, or integers written as text, put into a number of bins.</summary>
internal sealed class HashingConverter : LayerConverter
{
    private const long MaxBins = 1L << 40;

    public override IReadOnlyList<string> ClassNames => ["Hashing"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        long bins = call.Config.Integer("num_bins");
        long[]? salt = call.Config.Integers("salt");
        if (bins is <= 0 or > MaxBins || salt is { Length: not (1 or 2) })
        {
            throw call.Layer.Invalid($"it has {bins} bins, or a salt that is not one or two integers");
        }

        if (call.Config.Flag("sparse", false))
        {
            throw call.Layer.NotSupported("it gives sparse tensors");
        }

        Edge x = call.Input.Edge;
        bool isText = x.Type == OnnxDataType.String;
        Edge values = isText ? x : graph.Cast(x, OnnxDataType.Int64);
        Edge? masked = Masked(call, values, isText);

        // The first bin is kept for what is masked.
        bool keepsFirst = masked is not null && bins > 1;
        Edge text = isText ? x : graph.Cast(values, OnnxDataType.String);
        Edge found = TextTokens.Hash(graph, text, keepsFirst ? bins - 1 : bins, salt);
        if (keepsFirst)
        {
            found = graph.Where(masked!.Value, graph.Scalar(0, OnnxDataType.Int64), graph.Add(found, graph.Scalar(1, OnnxDataType.Int64)));
        }

        string mode = call.Config.Text("output_mode", "int");
        return call.Give(mode == "int" ? found : Encodings.Encode(call, found, bins, mode));
    }

    private static Edge? Masked(LayerCall call, Edge values, bool isText)
    {
        if (!call.Config.TryGet("mask_value", out JsonElement value))
        {
            return null;
        }

        return (isText, value.ValueKind) switch
        {
            (true, JsonValueKind.String) => call.Graph.Equal(values, call.Graph.Constant([value.GetString()!], 1)),
            (false, JsonValueKind.Number) => call.Graph.Equal(values, call.Graph.Scalar(call.Config.Integer("mask_value"), OnnxDataType.Int64)),
            _ => throw call.Layer.Invalid("its mask_value is of another type than its input"),
        };
    }
}
