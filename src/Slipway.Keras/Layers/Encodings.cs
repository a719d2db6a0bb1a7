using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Integers as vectors of zeros and ones, or of counts: what the layers for categories give unless they give integers.</summary>
internal static class Encodings
{
    /// <summary>Encodes positions; those outside 0 … depth - 1 count for nothing.</summary>
    /// <param name="mode">As Keras calls it: one_hot, multi_hot or count.</param>
    public static Edge Encode(LayerCall call, Edge positions, long depth, string mode)
    {
        GraphBuilder graph = call.Graph;
        if (depth is <= 0 or > 1 << 24)
        {
            throw call.Layer.Invalid($"it has {depth} categories");
        }

        Edge index = graph.Cast(positions, OnnxDataType.Int64);
        if (index.Rank > 1 && index.Width == 1 && mode == "one_hot")
        {
            index = graph.Squeeze(index, index.Rank - 1);
        }

        // ONNX counts negative positions from the end; there are none here that mean something.
        Edge valid = graph.Where(graph.Less(index, graph.Scalar(0, OnnxDataType.Int64)), graph.Scalar(depth, OnnxDataType.Int64), index);
        Edge ones = graph.Node(
            "OneHot",
            [valid, graph.Constant([depth]), graph.Constant([0f, 1f])],
            OnnxDataType.Float,
            new TensorShape([.. valid.Shape.Dimensions, depth]),
            NodeAttribute.Of("axis", -1));
        return mode switch
        {
            "one_hot" => ones,
            "multi_hot" or "binary" => ones.Rank == 2 ? ones : graph.ReduceOver("ReduceMax", ones, [ones.Rank - 2], false),
            "count" => ones.Rank == 2 ? ones : graph.ReduceOver("ReduceSum", ones, [ones.Rank - 2], false),
            _ => throw call.Layer.NotSupported($"its output_mode is '{mode}'"),
        };
    }
}

/// <summary>Rescaling: x · scale + offset.</summary>
internal sealed class RescalingConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Rescaling"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        float[] scale = [.. (call.Config.Numbers("scale") ?? throw call.Config.Missing("scale")).Select(static value => (float)value)];
        float[] offset = [.. (call.Config.Numbers("offset") ?? [0]).Select(static value => (float)value)];
        LayerTensor x = call.Input.AsFloat();
        if (scale.Length == 1 && offset.Length == 1)
        {
            return [x.Map(edge => graph.Add(graph.Mul(edge, graph.Single(scale[0])), graph.Single(offset[0])))];
        }

        return call.Give(graph.Add(graph.Mul(x.Edge, graph.Constant(scale)), graph.Constant(offset)), x.Mask);
    }
}

/// <summary>CategoryEncoding: integers as vectors.</summary>
internal sealed class CategoryEncodingConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["CategoryEncoding"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        long tokens = call.Config.Integer("num_tokens");
        string mode = call.Config.Text("output_mode", "multi_hot");
        LayerTensor? weights = call.Named.TryGetValue("count_weights", out CallArgument? given) && given.Tensors.Count > 0 ? given.Tensors[0] : call.Inputs.Count == 2 ? call.Inputs[1] : null;
        if (weights is null)
        {
            return call.Give(Encodings.Encode(call, call.Input.Edge, tokens, mode));
        }

        // Every place counts as much as its weight.
        Edge index = call.Inputs[0].Edge;
        if (mode != "count" || index.Rank != weights.Rank)
        {
            throw call.Layer.Invalid("count_weights are for counting, and in the shape of the input");
        }

        Edge places = Encodings.Encode(call, graph.Unsqueeze(index, index.Rank), tokens, "one_hot");
        Edge weighted = graph.Mul(places, graph.Unsqueeze(weights.AsFloat().Edge, index.Rank));
        return call.Give(index.Rank == 1 ? weighted : graph.ReduceOver("ReduceSum", weighted, [index.Rank - 1], false));
    }
}

/// <summary>Discretization: how many boundaries a number reaches.</summary>
internal sealed class DiscretizationConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Discretization"];

    public override string Limits => "boundaries in the configuration";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        float[] boundaries = [.. (call.Config.Numbers("bin_boundaries") ?? throw call.Layer.NotSupported("its boundaries are not in the file; give them as bin_boundaries")).Select(static value => (float)value)];
        Edge x = call.Input.AsFloat().Edge;

        // What is no number has reached all of them.
        Edge reached = graph.Cast(graph.Not(graph.Less(graph.Unsqueeze(x, x.Rank), graph.Constant(boundaries))), OnnxDataType.Int64);
        Edge bin = graph.ReduceOver("ReduceSum", reached, [x.Rank], false);
        string mode = call.Config.Text("output_mode", "int");
        return call.Give(mode == "int" ? bin : Encodings.Encode(call, bin, boundaries.Length + 1, mode));
    }
}
