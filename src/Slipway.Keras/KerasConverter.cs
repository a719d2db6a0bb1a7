using System.Globalization;
using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Files;
using Slipway.Keras.Layers;
using Slipway.Keras.Models;

namespace Slipway.Keras;

/// <summary>Converts a Keras model to ONNX. Inputs have the names of the input layers, outputs those of the layers that they come from.</summary>
internal static class KerasConverter
{
    /// <summary>The ONNX model file, and the layers that it was made from.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/> names the layer and what is wrong.</exception>
    public static ConvertedModel Convert(KerasFile file, string sourceDigest)
    {
        ModelGraphReader reader = new(file.Major);
        ModelGraph model = reader.Read(file.Config);
        GraphBuilder graph = new();
        ConversionScope scope = new(KnownLayers.All, reader, file.Version);
        Dictionary<string, LayerConfig> layers = model.Layers.ToDictionary(static layer => layer.Layer.Name, static layer => layer.Layer, StringComparer.Ordinal);
        List<LayerTensor> inputs = [];
        HashSet<string> inputNames = new(StringComparer.Ordinal);
        foreach (TensorReference reference in model.Inputs)
        {
            LayerConfig layer = layers.GetValueOrDefault(reference.Layer) ?? throw KerasFault.Invalid($"its input '{reference.Layer}' is not among its layers");
            if (layer.ClassName != "InputLayer" || !inputNames.Add(layer.Name))
            {
                throw KerasFault.Invalid($"its input '{reference.Layer}' is no input layer, or listed twice");
            }

            inputs.Add(DeclareInput(graph, layer));
        }

        IReadOnlyList<LayerTensor> outputs = ModelConverter.Convert(scope, graph, model, file.Weights(model), inputs);
        List<string> names = OutputNames(model, inputNames);
        for (int i = 0; i < outputs.Count; i++)
        {
            graph.Output(outputs[i].Edge, names[i]);
        }

        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["source"] = "Keras",
            ["source_version"] = file.Version,
            ["source_backend"] = file.Backend,
            ["source_container"] = file.Container,
            ["source_digest"] = sourceDigest,
            ["keras_model"] = model.Kind,
        };
        return new ConvertedModel(graph.BuildModel(model.Name.Length > 0 ? model.Name : "model", metadata), scope.Calls);
    }

    private static LayerTensor DeclareInput(GraphBuilder graph, LayerConfig layer)
    {
        ConfigNode config = layer.Config;
        if (config.Flag("sparse", false) || config.Flag("ragged", false))
        {
            throw layer.NotSupported("it takes sparse or ragged tensors");
        }

        JsonElement shape = config.TryGet("batch_shape", out JsonElement found) || config.TryGet("batch_input_shape", out found) ? found : throw config.Missing("batch_shape");
        if (shape.ValueKind == JsonValueKind.Object && shape.TryGetProperty("items", out JsonElement items))
        {
            shape = items;
        }

        if (shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() is 0 or > 16)
        {
            throw config.Wrong("batch_shape", "a list of sizes");
        }

        long[] dimensions = [.. shape.EnumerateArray().Select(size => size.ValueKind == JsonValueKind.Null ? -1
            : size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long known) && known is >= 0 and <= int.MaxValue ? known : throw config.Wrong("batch_shape", "a list of sizes"))];
        string type = config.TryGet("dtype", out JsonElement dtype) && dtype.ValueKind == JsonValueKind.String ? dtype.GetString()! : "float32";
        Edge edge = graph.Input(layer.Name, InputType(layer, type), dimensions);
        return LayerTensor.Of(graph, edge);
    }

    // Everything is computed in binary32, so that is what goes in where Keras takes another float.
    private static OnnxDataType InputType(LayerConfig layer, string type) => type switch
    {
        "float32" or "float64" or "float16" or "bfloat16" or "mixed_float16" or "mixed_bfloat16" => OnnxDataType.Float,
        "int32" => OnnxDataType.Int32,
        "int64" => OnnxDataType.Int64,
        "int16" => OnnxDataType.Int16,
        "int8" => OnnxDataType.Int8,
        "uint8" => OnnxDataType.UInt8,
        "uint16" => OnnxDataType.UInt16,
        "uint32" => OnnxDataType.UInt32,
        "bool" => OnnxDataType.Bool,
        "string" => OnnxDataType.String,
        _ => throw layer.NotSupported($"its type is '{type}'"),
    };

    // A layer may give several outputs, and an output may be given twice: the later ones are counted.
    private static List<string> OutputNames(ModelGraph model, HashSet<string> taken)
    {
        List<string> names = [];
        HashSet<string> used = new(taken, StringComparer.Ordinal);
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            string wanted = model.OutputNames?[i] ?? model.Outputs[i].Layer;
            string name = wanted;
            for (int number = 1; !used.Add(name); number++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{number}");
            }

            names.Add(name);
        }

        return names;
    }
}

/// <summary>What a conversion gives.</summary>
/// <param name="Onnx">The ONNX file.</param>
/// <param name="Layers">Classes of layers and how often each is called.</param>
internal sealed record ConvertedModel(byte[] Onnx, IReadOnlyDictionary<string, int> Layers);
