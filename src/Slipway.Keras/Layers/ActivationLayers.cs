using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>Layers that are one activation function with options.</summary>
internal sealed class ActivationLayers : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Activation", "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU"];

    public override string Limits => "named activations; functions of one's own are refused";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        ConfigNode config = call.Config;
        LayerTensor x = call.Input.AsFloat();
        return call.Layer.ClassName switch
        {
            "Activation" => [Activations.Apply(call, call.Input.AsFloat())],
            "LeakyReLU" => [x.Map(edge => graph.Same("LeakyRelu", edge, NodeAttribute.Of("alpha", (float)config.Number("negative_slope", config.Number("alpha", 0.3)))))],
            "ELU" => [x.Map(edge => graph.Same("Elu", edge, NodeAttribute.Of("alpha", (float)config.Number("alpha", 1))))],
            "ThresholdedReLU" => [x.Map(edge => graph.Where(graph.Greater(edge, graph.Single(config.Number("theta", 1))), edge, graph.Single(0)))],
            _ => [x.Map(edge => Relu(graph, edge, config))],
        };
    }

    // x from the threshold on, a slope below it, and no more than the most.
    private static Edge Relu(GraphBuilder graph, Edge x, ConfigNode config)
    {
        double slope = config.Number("negative_slope", 0);
        double threshold = config.Number("threshold", 0);
        double? most = config.Has("max_value") ? config.Number("max_value", 0) : null;
        Edge y = (slope, threshold) switch
        {
            (0, 0) => graph.Relu(x),
            (_, 0) => graph.Same("LeakyRelu", x, NodeAttribute.Of("alpha", (float)slope)),
            _ => graph.Where(graph.GreaterOrEqual(x, graph.Single(threshold)), x, graph.Mul(graph.Single(slope), graph.Sub(x, graph.Single(threshold)))),
        };
        return most is { } limit ? graph.Min(y, graph.Single(limit)) : y;
    }
}

/// <summary>PReLU: a learned slope below zero, shared along some axes.</summary>
internal sealed class PreluConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["PReLU"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        LayerTensor x = call.Input.AsFloat();
        WeightArray alpha = call.Bind("alpha")[0]!;
        Edge slope = call.Graph.Constant(alpha.Values, alpha.Shape);
        return call.Give(call.Graph.Node("PRelu", [x.Edge, slope], x.Type, x.Shape), x.Mask);
    }
}

/// <summary>Softmax over one axis or several; what a mask excludes gets a very negative number added before.</summary>
internal sealed class SoftmaxConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Softmax"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        Edge x = call.Inputs[0].AsFloat().Edge;
        if ((call.Inputs.Count > 1 ? call.Inputs[1] : AttentionMasks.Tensor(call, "mask")) is { } given)
        {
            Edge mask = given.AsFloat().Edge;
            x = graph.Add(x, graph.Mul(graph.Sub(graph.Single(1), mask), graph.Single(-1e9)));
        }

        long[] axes = [.. (call.Config.Integers("axis") ?? [-1]).Select(axis => axis < 0 ? axis + x.Rank : axis)];
        if (axes.Length == 1)
        {
            return call.Give(graph.SoftmaxAlong(x, (int)axes[0]), call.Inputs[0].Mask);
        }

        Edge shifted = graph.Exp(graph.Sub(x, graph.ReduceOver("ReduceMax", x, axes, true)));
        return call.Give(graph.Div(shifted, graph.ReduceOver("ReduceSum", shifted, axes, true)), call.Inputs[0].Mask);
    }
}
