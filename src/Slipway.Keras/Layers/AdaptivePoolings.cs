using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Pooling to a given size: the windows are as even as the sizes allow, and overlap where they do not divide.</summary>
internal sealed class AdaptivePoolings : LayerConverter
{
    private const int MaxSize = 4096;

    public override IReadOnlyList<string> ClassNames => ["AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D"];

    public override string Limits => "inputs of known size";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        int rank = call.Layer.ClassName[^2] - '0';
        bool isMax = call.Layer.ClassName.Contains("Max", StringComparison.Ordinal);
        Images x = Images.Of(call, rank);
        long[] targets = Images.Sizes(call, "output_size", rank);
        Edge y = x.Edge;
        for (int i = 0; i < rank; i++)
        {
            if (y.Shape[i + 2] is <= 0 or > MaxSize || targets[i] > MaxSize)
            {
                throw call.Layer.NotSupported("the size of its input is open, or very large");
            }

            y = Along(call.Graph, y, i + 2, targets[i], isMax ? "ReduceMax" : "ReduceMean");
        }

        return [x.Give(y)];
    }

    // The mean of a box is the mean of its sides' means, and so is the largest value.
    private static Edge Along(GraphBuilder graph, Edge x, int axis, long target, string reduction)
    {
        long size = x.Shape[axis];
        return size == target
            ? x
            : graph.Concat([.. Enumerable.Range(0, (int)target).Select(i => graph.ReduceOver(reduction, graph.Slice(x, axis, i * size / target, ((i + 1) * size + target - 1) / target), [axis], true))], axis);
    }
}
