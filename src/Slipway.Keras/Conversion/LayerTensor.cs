using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Keras.Conversion;

/// <summary>
/// A value between layers. Images with their channels last are kept with their channels first from convolution to convolution, as ONNX wants them, and
/// only turned back when a layer needs the order that Keras has; each order is made at most once.
/// </summary>
internal sealed class LayerTensor
{
    private readonly GraphBuilder _graph;
    private Edge? _plain;
    private Edge? _moved;

    private LayerTensor(GraphBuilder graph, Edge? plain, Edge? moved, Edge? mask)
    {
        (_graph, _plain, _moved, Mask) = (graph, plain, moved, mask);
    }

    /// <summary>Which steps of a sequence count (<c>[N, T]</c>, truth values); null: all.</summary>
    public Edge? Mask { get; }

    /// <summary>Whether the value is at hand with channels first only.</summary>
    public bool IsMoved => _plain is null;

    /// <summary>The value in Keras' own order.</summary>
    public Edge Edge => _plain ??= _graph.Transpose(_moved!.Value, Order.ChannelsToEnd(_moved.Value.Rank));

    /// <summary>The value with its last dimension right after the first one.</summary>
    public Edge Moved => _moved ??= _graph.Transpose(_plain!.Value, Order.ChannelsToFront(_plain.Value.Rank));

    /// <summary>Number of dimensions.</summary>
    public int Rank => (_plain ?? _moved)!.Value.Rank;

    /// <summary>Type of the elements.</summary>
    public OnnxDataType Type => (_plain ?? _moved)!.Value.Type;

    /// <summary>Shape in Keras' order; -1 where a size is known at run time only.</summary>
    public TensorShape Shape => _plain?.Shape ?? Order.Apply(_moved!.Value.Shape, Order.ChannelsToEnd(_moved.Value.Rank));

    /// <summary>A value in Keras' order.</summary>
    public static LayerTensor Of(GraphBuilder graph, Edge edge, Edge? mask = null) => new(graph, edge, null, mask);

    /// <summary>A value that Keras has with channels last, given with channels first.</summary>
    public static LayerTensor OfMoved(GraphBuilder graph, Edge edge, Edge? mask = null) => new(graph, null, edge, mask);

    /// <summary>The same value with another mask.</summary>
    public LayerTensor WithMask(Edge? mask) => new(_graph, _plain, _moved, mask);

    /// <summary>The value after an operation that treats every element alike, in whatever order it is at hand; the mask stays.</summary>
    public LayerTensor Map(Func<Edge, Edge> operation) => IsMoved ? OfMoved(_graph, operation(_moved!.Value), Mask) : Of(_graph, operation(_plain!.Value), Mask);

    /// <summary>The value as binary32.</summary>
    public LayerTensor AsFloat() => Type == OnnxDataType.Float ? this : Map(edge => _graph.Cast(edge, OnnxDataType.Float));
}
