using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>HashedCrossing: the values of several features together as one bin.</summary>
internal sealed class HashedCrossingConverter : LayerConverter
{
    private const long MaxBins = 1L << 40;

    // What TensorFlow begins with, and how it puts two fingerprints together (FarmHash).
    private const long Key = 0xDECAFCAFFE;
    private const long Multiplier = unchecked((long)0xc6a4a7935bd1e995UL);
    private const int Shift = 47;

    public override IReadOnlyList<string> ClassNames => ["HashedCrossing"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        long bins = call.Config.Integer("num_bins");
        if (bins is <= 0 or > MaxBins || call.Inputs.Count < 2 || call.Inputs.Any(static input => input.Rank is < 1 or > 2 || (input.Rank == 2 && input.Shape[1] is not (1 or -1))))
        {
            throw call.Layer.Invalid($"it has {bins} bins, or is not called with two or more features of one value for each sample");
        }

        if (call.Config.Flag("sparse", false))
        {
            throw call.Layer.NotSupported("it gives sparse tensors");
        }

        Edge bin = Number(graph, Key, OnnxDataType.Int64);
        foreach (LayerTensor input in call.Inputs)
        {
            Edge value = input.Type switch
            {
                OnnxDataType.String => TextTokens.Fingerprint(graph, input.Edge),
                OnnxDataType.Int64 or OnnxDataType.Int32 or OnnxDataType.Int16 or OnnxDataType.Int8 or OnnxDataType.UInt8 or OnnxDataType.UInt16 or OnnxDataType.UInt32 => graph.Cast(input.Edge, OnnxDataType.Int64),
                _ => throw call.Layer.Invalid("its features are neither text nor integers"),
            };
            bin = Joined(graph, bin, value);
        }

        Edge rest = graph.Node("Mod", [graph.Cast(bin, OnnxDataType.UInt64), Number(graph, bins, OnnxDataType.UInt64)], OnnxDataType.UInt64, bin.Shape);
        Edge found = graph.Cast(rest, OnnxDataType.Int64);
        string mode = call.Config.Text("output_mode", "int");
        return call.Give(mode == "int" ? found : Encodings.Encode(call, found, bins, mode));
    }

    private static Edge Joined(GraphBuilder graph, Edge first, Edge second)
    {
        Edge multiplier = Number(graph, Multiplier, OnnxDataType.Int64);
        Edge mixed = graph.Mul(Mixed(graph, graph.Mul(second, multiplier)), multiplier);
        Edge both = graph.Mul(Either(graph, Either(graph, first, multiplier), mixed), multiplier);
        return Mixed(graph, graph.Mul(Mixed(graph, both), multiplier));
    }

    // The upper bits over the lower ones.
    private static Edge Mixed(GraphBuilder graph, Edge value)
    {
        Edge bits = graph.Cast(value, OnnxDataType.UInt64);
        Edge upper = graph.Node("BitShift", [bits, Number(graph, Shift, OnnxDataType.UInt64)], OnnxDataType.UInt64, bits.Shape, NodeAttribute.Of("direction", "RIGHT"));
        return graph.Cast(Either(graph, bits, upper), OnnxDataType.Int64);
    }

    private static Edge Either(GraphBuilder graph, Edge a, Edge b) => graph.Node("BitwiseXor", [a, b], a.Type, a.Rank >= b.Rank ? a.Shape : b.Shape);

    private static Edge Number(GraphBuilder graph, long value, OnnxDataType type) => graph.Constant(BitConverter.GetBytes(value), type, TensorShape.Scalar);
}
