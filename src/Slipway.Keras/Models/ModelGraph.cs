namespace Slipway.Keras.Models;

/// <summary>A layer and its calls in a model.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Nodes">Its calls; an input has none.</param>
internal sealed record GraphLayer(LayerConfig Layer, IReadOnlyList<LayerNode> Nodes);

/// <summary>A Sequential or Functional model: layers, how they are called, what goes in and out.</summary>
internal sealed record ModelGraph
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary><c>Sequential</c> or <c>Functional</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Layers in the order in which the file has them, input layers among them.</summary>
    public required IReadOnlyList<GraphLayer> Layers { get; init; }

    /// <summary>The tensors that go in, from input layers.</summary>
    public required IReadOnlyList<TensorReference> Inputs { get; init; }

    /// <summary>The tensors that come out.</summary>
    public required IReadOnlyList<TensorReference> Outputs { get; init; }

    /// <summary>Names of outputs where the model gives them itself (a dictionary of outputs); null: those of the layers.</summary>
    public IReadOnlyList<string>? OutputNames { get; init; }
}
