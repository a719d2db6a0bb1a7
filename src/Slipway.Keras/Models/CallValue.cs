using System.Text.Json;

namespace Slipway.Keras.Models;

/// <summary>Where a tensor comes from.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Node">Which of its calls, counted as its configuration lists them.</param>
/// <param name="Tensor">Which of that call's outputs.</param>
internal readonly record struct TensorReference(string Layer, int Node, int Tensor);

/// <summary>An argument of a layer's call: a tensor, a list of arguments, or a constant.</summary>
internal sealed record CallValue
{
    /// <summary>The tensor, when it is one.</summary>
    public TensorReference? Tensor { get; init; }

    /// <summary>The items, when it is a list or tuple.</summary>
    public IReadOnlyList<CallValue>? Items { get; init; }

    /// <summary>The constant, when it is one.</summary>
    public JsonElement Literal { get; init; }

    /// <summary>All tensors in it, in order.</summary>
    public IEnumerable<TensorReference> Tensors => Tensor is { } tensor ? [tensor] : Items?.SelectMany(static item => item.Tensors) ?? [];
}

/// <summary>One call of a layer.</summary>
/// <param name="Positional">Arguments by position.</param>
/// <param name="Named">Arguments by name.</param>
internal sealed record LayerNode(IReadOnlyList<CallValue> Positional, IReadOnlyDictionary<string, CallValue> Named)
{
    /// <summary>All tensors that the call needs.</summary>
    public IEnumerable<TensorReference> Tensors => Positional.Concat(Named.Values).SelectMany(static value => value.Tensors);
}
