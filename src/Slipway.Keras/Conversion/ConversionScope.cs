using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Conversion;

/// <summary>A conversion under way: how layers are found, and constants that were emitted already.</summary>
internal sealed class ConversionScope(LayerConverters converters, ModelGraphReader reader, string kerasVersion)
{
    // Models in models, wrappers in wrappers.
    private const int MaxDepth = 40;

    private readonly Dictionary<(GraphBuilder Graph, (object Owner, string Layer, string Name) Key), Edge> _shared = [];
    private int _depth;
    private int _names;

    /// <summary>Reads layers within layers.</summary>
    public ModelGraphReader Reader => reader;

    /// <summary>Version of Keras that wrote the model, as the file has it.</summary>
    public string KerasVersion => kerasVersion;

    /// <summary>Layers that were called, by class.</summary>
    public SortedDictionary<string, int> Calls { get; } = new(StringComparer.Ordinal);

    /// <summary>A name for an edge of a subgraph that no other edge has.</summary>
    public string UniqueName(string hint) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"_{hint}_{_names++}");

    /// <summary>Emits a call of a layer.</summary>
    public IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        if (++_depth > MaxDepth)
        {
            throw KerasFault.Invalid($"its layers are nested more than {MaxDepth} deep");
        }

        if (call.Layer.Config.Has("lora_rank") && call.Weights is LegacyWeights)
        {
            throw call.Layer.NotSupported("it has LoRA weights beside its own: save the model as .keras, which merges them");
        }

        Quantization.IsOfBytes(call.Layer);
        LayerConverter converter = converters.Find(call.Layer);
        Calls[call.Layer.ClassName] = Calls.GetValueOrDefault(call.Layer.ClassName) + 1;
        try
        {
            return converter.Convert(call);
        }
        catch (Exception fault) when (fault is ArgumentException or IndexOutOfRangeException or OverflowException or InvalidOperationException or DivideByZeroException)
        {
            // Shapes that contradict each other: a damaged or hand-made file.
            throw call.Layer.Invalid($"its inputs, options and weights do not fit together ({fault.Message})");
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>A constant that is emitted once for an owner and name.</summary>
    public Edge Shared(GraphBuilder graph, (object Owner, string Layer, string Name) key, Func<Edge> make)
    {
        if (!_shared.TryGetValue((graph, key), out Edge known))
        {
            known = make();
            _shared.Add((graph, key), known);
        }

        return known;
    }
}
