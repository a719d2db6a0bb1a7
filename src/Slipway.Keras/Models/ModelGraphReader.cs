using System.Text.Json;

namespace Slipway.Keras.Models;

/// <summary>
/// Reads a model's configuration: <c>{"class_name": …, "config": …}</c> as Keras 1 to 3 write it. A Sequential model becomes a graph in which each layer is called once.
/// </summary>
internal sealed class ModelGraphReader(int kerasMajor)
{
    private const int MaxLayers = 100_000;

    // What Keras 2 called otherwise.
    private static readonly string[] Keras1Arguments = ["init", "border_mode", "dim_ordering", "inner_activation", "gamma_init", "W_regularizer", "nb_filter"];

    /// <summary>Reads a model.</summary>
    /// <exception cref="Core.SlipwayException">It is neither Sequential nor Functional, or damaged.</exception>
    public ModelGraph Read(JsonElement json)
    {
        LayerConfig model = ReadLayer(json, "model");
        return Read(model);
    }

    /// <summary>Reads a model that is a layer of another one.</summary>
    public ModelGraph Read(LayerConfig model) => model.ClassName switch
    {
        "Sequential" => ReadSequential(model),
        "Functional" or "Model" or "Graph" when model.Config.Has("layers") => ReadFunctional(model),
        _ => throw KerasFault.NotSupported(
            $"the model is of class '{model.ClassName}', which is code and not a graph of layers: only Sequential and Functional models can be converted; export it to ONNX or as a SavedModel instead"),
    };

    /// <summary>Reads the head of a layer or model.</summary>
    /// <exception cref="Core.SlipwayException">It is of a class that is not Keras' own.</exception>
    public LayerConfig ReadLayer(JsonElement json, string what)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw KerasFault.Invalid($"a {what} is no object");
        }

        ConfigNode node = new(json, $"a {what}");
        string className = node.Text("class_name") ?? throw node.Missing("class_name");
        JsonElement config = json.TryGetProperty("config", out JsonElement inner) ? inner : default;
        string name = node.Text("name") ?? (config.ValueKind == JsonValueKind.Object ? new ConfigNode(config, what).Text("name") : null) ?? className;
        RefuseCustom(node, className, name);
        if (node.Text("module") is { } module && module.Contains(".ops", StringComparison.Ordinal))
        {
            className = "ops." + className;
        }

        LayerConfig layer = new(name, className, new ConfigNode(config, $"layer '{name}' ({className})"), kerasMajor);
        return Array.Exists(Keras1Arguments, layer.Config.Has)
            ? throw KerasFault.NotSupported($"{layer.Title} was written by Keras 1, whose layers had other arguments: load the model with Keras 2 and save it again")
            : layer;
    }

    private static void RefuseCustom(ConfigNode node, string className, string name)
    {
        string registered = node.Text("registered_name", className);
        string module = node.Text("module", "keras");
        bool foreign = !module.StartsWith("keras", StringComparison.Ordinal) && !module.StartsWith("tensorflow", StringComparison.Ordinal) && !module.StartsWith("tf_keras", StringComparison.Ordinal);
        if (foreign || className.Contains('>', StringComparison.Ordinal) || (registered.Contains('>', StringComparison.Ordinal) && !registered.StartsWith("keras", StringComparison.OrdinalIgnoreCase)))
        {
            throw KerasFault.NotSupported($"'{name}' is of the custom class '{(registered.Contains('>', StringComparison.Ordinal) ? registered : className)}', which is code and not in the file; export the model to ONNX or as a SavedModel instead");
        }
    }

    private ModelGraph ReadSequential(LayerConfig model)
    {
        // Keras 1 and early 2: the configuration is the list of layers itself.
        JsonElement list = model.Config.Json.ValueKind == JsonValueKind.Array ? model.Config.Json : LayersOf(model);
        List<GraphLayer> layers = [];
        TensorReference? last = null;
        foreach (JsonElement item in list.EnumerateArray())
        {
            LayerConfig layer = ReadLayer(item, "layer");
            if (last is null && layer.ClassName != "InputLayer")
            {
                LayerConfig input = InputFor(model, layer);
                layers.Add(new GraphLayer(input, []));
                last = new TensorReference(input.Name, 0, 0);
            }

            layers.Add(new GraphLayer(layer, last is { } before ? [Call([new CallValue { Tensor = before }])] : []));
            last = new TensorReference(layer.Name, 0, 0);
        }

        return last is { } end && layers.Count > 1
            ? new ModelGraph { Name = model.Name, Kind = "Sequential", Layers = Unique(layers), Inputs = [new TensorReference(layers[0].Layer.Name, 0, 0)], Outputs = [end] }
            : throw KerasFault.Invalid($"the Sequential model '{model.Name}' has no layers");
    }

    // The first layer may say what goes in; a model that was built later says it itself.
    private static LayerConfig InputFor(LayerConfig model, LayerConfig first)
    {
        LayerConfig described = first;
        for (int depth = 0; depth < 8 && !HasShape(described.Config) && Inside(described) is { } inner; depth++)
        {
            described = described with { Config = inner };
        }

        JsonElement shape = HasShape(first.Config) ? ShapeOf(first.Config)
            : model.Config.TryGet("build_input_shape", out JsonElement built) ? built
            : HasShape(described.Config) ? ShapeOf(described.Config)
            : throw KerasFault.NotSupported($"the Sequential model '{model.Name}' was saved before its input shape was known: build it in Keras (call it once, or add an Input layer) and save it again");
        string type = first.Config.TryGet("dtype", out JsonElement declared) && declared.ValueKind == JsonValueKind.String ? declared.GetString()! : "float32";
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("batch_shape");
            shape.WriteTo(writer);
            writer.WriteString("dtype", type);
            writer.WriteEndObject();
        }

        JsonElement config = JsonDocument.Parse(stream.ToArray()).RootElement;
        string name = $"{first.Name}_input";
        return new LayerConfig(name, "InputLayer", new ConfigNode(config, $"layer '{name}' (InputLayer)"), first.KerasMajor);
    }

    // A wrapper says what goes into it by its layer, a model by its first one.
    private static ConfigNode? Inside(LayerConfig layer)
    {
        JsonElement item = layer.Config.TryGet("layer", out JsonElement wrapped) ? wrapped
            : layer.Config.TryGet("layers", out JsonElement layers) && layers.ValueKind == JsonValueKind.Array && layers.GetArrayLength() > 0 ? layers[0]
            : default;
        return item.ValueKind == JsonValueKind.Object && item.TryGetProperty("config", out JsonElement config) ? layer.Config with { Json = config } : null;
    }

    private static bool HasShape(ConfigNode config) => config.Has("batch_input_shape") || config.Has("batch_shape");

    private static JsonElement ShapeOf(ConfigNode config) => config.TryGet("batch_input_shape", out JsonElement shape) || config.TryGet("batch_shape", out shape) ? shape : default;

    private ModelGraph ReadFunctional(LayerConfig model)
    {
        List<GraphLayer> layers = [];
        foreach (JsonElement item in LayersOf(model).EnumerateArray())
        {
            LayerConfig layer = ReadLayer(item, "layer");
            ConfigNode node = new(item, layer.Title);
            List<LayerNode> nodes = [];
            if (node.TryGet("inbound_nodes", out JsonElement inbound) && inbound.ValueKind == JsonValueKind.Array)
            {
                nodes.AddRange(inbound.EnumerateArray().Select(call => NodeReader.Read(call, layer)));
            }

            layers.Add(new GraphLayer(layer, nodes));
        }

        List<TensorReference> inputs = NodeReader.References(model.Config, "input_layers", out _);
        List<TensorReference> outputs = NodeReader.References(model.Config, "output_layers", out List<string>? names);
        return new ModelGraph { Name = model.Name, Kind = "Functional", Layers = Unique(layers), Inputs = inputs, Outputs = outputs, OutputNames = names };
    }

    private static JsonElement LayersOf(LayerConfig model) => model.Config.TryGet("layers", out JsonElement layers) && layers.ValueKind == JsonValueKind.Array
        ? layers
        : throw KerasFault.Invalid($"the model '{model.Name}' has no list of layers");

    private static LayerNode Call(IReadOnlyList<CallValue> positional) => new(positional, new Dictionary<string, CallValue>());

    private static List<GraphLayer> Unique(List<GraphLayer> layers)
    {
        if (layers.Count > MaxLayers)
        {
            throw KerasFault.Invalid($"it has more than {MaxLayers} layers");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (GraphLayer layer in layers)
        {
            if (!names.Add(layer.Layer.Name))
            {
                throw KerasFault.Invalid($"two layers are called '{layer.Layer.Name}'");
            }
        }

        return layers;
    }
}
