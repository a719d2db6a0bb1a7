using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Conversion;

/// <summary>One call of a layer, with all that its converter needs.</summary>
internal sealed record LayerCall
{
    /// <summary>Where nodes are emitted.</summary>
    public required GraphBuilder Graph { get; init; }

    /// <summary>The layer.</summary>
    public required LayerConfig Layer { get; init; }

    /// <summary>Its variables.</summary>
    public required LayerWeights Weights { get; init; }

    /// <summary>Tensors in the arguments by position, lists flattened.</summary>
    public required IReadOnlyList<LayerTensor> Inputs { get; init; }

    /// <summary>Arguments by name.</summary>
    public IReadOnlyDictionary<string, CallArgument> Named { get; init; } = new Dictionary<string, CallArgument>();

    /// <summary>Arguments by position as the file has them.</summary>
    public IReadOnlyList<CallArgument> Positional { get; init; } = [];

    /// <summary>The conversion that this call is part of.</summary>
    public required ConversionScope Scope { get; init; }

    /// <summary>The layer's arguments.</summary>
    public ConfigNode Config => Layer.Config;

    /// <summary>The only input.</summary>
    /// <exception cref="Core.SlipwayException">There is none, or more than one.</exception>
    public LayerTensor Input => Inputs.Count == 1 ? Inputs[0] : throw Layer.Invalid($"it is called with {Inputs.Count} tensors instead of one");

    /// <summary>Binds the layer's own variables; null names are variables that the options leave out. Absent ones come back as null.</summary>
    public WeightArray?[] Bind(params string?[] names)
    {
        WeightArray[] bound = Weights.Bind(Layer, [.. names.OfType<string>()]);
        int next = 0;
        return [.. names.Select(name => name is null ? null : bound[next++])];
    }

    /// <summary>One output in Keras' order.</summary>
    public IReadOnlyList<LayerTensor> Give(Edge edge, Edge? mask = null) => [LayerTensor.Of(Graph, edge, mask)];

    /// <summary>The same call of another layer: one in a wrapper.</summary>
    public IReadOnlyList<LayerTensor> Delegate(LayerConfig layer, LayerWeights weights, params IReadOnlyList<LayerTensor> inputs) =>
        Scope.Convert(this with { Layer = layer, Weights = weights, Inputs = inputs, Named = new Dictionary<string, CallArgument>(), Positional = [] });

    /// <summary>The layer that a wrapper's argument describes.</summary>
    public LayerConfig ReadLayer(string argument) => Config.TryGet(argument, out System.Text.Json.JsonElement json)
        ? Scope.Reader.ReadLayer(json, $"layer in '{Layer.Name}'")
        : throw Config.Missing(argument);

    /// <summary>A large constant that all calls of the layer share.</summary>
    /// <param name="name">What it is, unique within the layer.</param>
    public Edge Shared(string name, Func<Edge> make) => Scope.Shared(Graph, (Weights, Layer.Name, name), make);
}

/// <summary>An argument of a call with its tensors found.</summary>
/// <param name="Tensors">The tensors in it, in order.</param>
/// <param name="Literal">The constant, when it is one.</param>
internal sealed record CallArgument(IReadOnlyList<LayerTensor> Tensors, System.Text.Json.JsonElement Literal);
