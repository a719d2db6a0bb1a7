using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;

namespace Slipway.Keras.Layers.Recurrent;

/// <summary>TimeDistributed: a layer or model applied to each step, as if every step were a sample.</summary>
internal sealed class TimeDistributedConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["TimeDistributed"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        LayerTensor input = call.Input;
        Edge x = input.Edge;
        if (x.Rank < 2)
        {
            throw call.Layer.Invalid("its input has no steps");
        }

        LayerConfig layer = call.ReadLayer("layer");
        Edge? innerMask = input.Mask is { Rank: 3 } mask ? Flattened(graph, mask) : null;
        LayerTensor inner = LayerTensor.Of(graph, Flattened(graph, x), innerMask);
        IReadOnlyList<LayerTensor> results = call.Delegate(layer, call.Weights.Attribute("layer"), inner);

        // Before Keras 3 a mask that the layer makes is one of the steps within the steps; Keras 3 only hands on what it was given.
        return [.. results.Select(result => LayerTensor.Of(
            graph,
            Restored(graph, result.Edge, x),
            call.Layer.KerasMajor < 3 && result.Mask is { } made ? Restored(graph, made, x) : input.Mask is { Rank: 2 } ? input.Mask : null))];
    }

    // Samples and steps become one dimension.
    private static Edge Flattened(GraphBuilder graph, Edge x)
    {
        long[] rest = x.Shape.Dimensions[2..].ToArray();
        long count = x.Shape[0] < 0 || x.Shape[1] < 0 ? -1 : x.Shape[0] * x.Shape[1];
        TensorShape known = new([count, .. rest]);
        return graph.ReshapeTo(x, [graph.Constant([-1L]), .. Enumerable.Range(2, rest.Length).Select(axis => graph.SizeOf(x, axis))], known);
    }

    private static Edge Restored(GraphBuilder graph, Edge y, Edge x)
    {
        long[] rest = y.Shape.Dimensions[1..].ToArray();
        return graph.ReshapeTo(
            y, [graph.SizeOf(x, 0), graph.SizeOf(x, 1), .. Enumerable.Range(1, rest.Length).Select(axis => graph.SizeOf(y, axis))], new TensorShape([x.Shape[0], x.Shape[1], .. rest]));
    }
}
