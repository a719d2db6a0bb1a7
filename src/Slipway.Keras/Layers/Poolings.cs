using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Largest or mean value of a moving window. Padding never counts.</summary>
internal sealed class Poolings : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "MaxPool1D", "MaxPool2D", "MaxPool3D", "AvgPool1D", "AvgPool2D", "AvgPool3D"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        int rank = call.Layer.ClassName[^2] - '0';
        Images x = Images.Of(call, rank);
        long[] window = Images.Sizes(call, "pool_size", rank, 2);
        long[] strides = call.Config.Has("strides") ? Images.Sizes(call, "strides", rank) : window;
        bool same = call.Config.Text("padding", "valid") switch
        {
            "same" => true,
            "valid" => false,
            var other => throw call.Layer.NotSupported($"its padding is '{other}'"),
        };
        long[] sizes = [.. Enumerable.Range(0, rank).Select(i => Images.WindowSize(x.Edge.Shape[i + 2], window[i], strides[i], same))];
        Edge y = call.Graph.Node(
            call.Layer.ClassName.StartsWith("Max", StringComparison.Ordinal) ? "MaxPool" : "AveragePool",
            [x.Edge],
            OnnxDataType.Float,
            x.ShapeOf(x.Channels, sizes),
            [NodeAttribute.Of("kernel_shape", window), NodeAttribute.Of("strides", strides), .. same ? x.SamePadding(window, strides) : []]);
        return [x.Give(y)];
    }
}

/// <summary>Largest or mean value of everything but samples and channels. A sequence's mean is over the steps that count.</summary>
internal sealed class GlobalPoolings : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalMaxPool1D", "GlobalMaxPool2D", "GlobalMaxPool3D", "GlobalAvgPool1D", "GlobalAvgPool2D", "GlobalAvgPool3D"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        int rank = call.Layer.ClassName[^2] - '0';
        bool isMax = call.Layer.ClassName.Contains("Max", StringComparison.Ordinal);
        bool keep = call.Config.Flag("keepdims", false);
        if (!isMax && rank == 1 && call.Input.Mask is { } mask)
        {
            return call.Give(MaskedMean(call, call.Input.AsFloat().Edge, mask, keep));
        }

        // Whichever order the values are in, only the axes differ; nothing is turned round for a reduction.
        LayerTensor x = call.Input.AsFloat();
        bool channelsFirst = call.Layer.IsChannelsFirst || x.IsMoved;
        Edge edge = x.IsMoved && !call.Layer.IsChannelsFirst ? x.Moved : x.Edge;
        if (edge.Rank != rank + 2)
        {
            throw call.Layer.Invalid($"its input has {edge.Rank} dimensions where {rank + 2} are expected");
        }

        long[] axes = [.. Enumerable.Range(channelsFirst ? 2 : 1, rank).Select(static axis => (long)axis)];
        Edge y = call.Graph.ReduceOver(isMax ? "ReduceMax" : "ReduceMean", edge, axes, keep);
        return [keep && channelsFirst && !call.Layer.IsChannelsFirst ? LayerTensor.OfMoved(call.Graph, y) : LayerTensor.Of(call.Graph, y)];
    }

    private static Edge MaskedMean(LayerCall call, Edge x, Edge mask, bool keep)
    {
        if (call.Layer.IsChannelsFirst)
        {
            throw call.Layer.NotSupported("it has a mask and its channels first");
        }

        GraphBuilder graph = call.Graph;
        Edge weights = graph.Unsqueeze(graph.Cast(mask, OnnxDataType.Float), 2);
        Edge sum = graph.ReduceOver("ReduceSum", graph.Mul(x, weights), [1], keep);
        return graph.Div(sum, graph.ReduceOver("ReduceSum", weights, [1], keep));
    }
}
