using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers.Recurrent;

/// <summary>Bidirectional: a recurrent layer forward and one backward over the same sequence.</summary>
internal sealed class BidirectionalConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Bidirectional"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        LayerConfig forward = call.ReadLayer("layer");
        LayerConfig backward = call.Config.Has("backward_layer") ? call.ReadLayer("backward_layer") : forward with { Name = forward.Name + " (backward)" };
        if (forward.Config.Flag("go_backwards", false))
        {
            throw call.Layer.NotSupported("its forward layer goes backwards");
        }

        (IReadOnlyList<LayerTensor> inputs, IReadOnlyList<LayerTensor> initial) = RecurrentLayers.Arguments(call);
        LayerTensor x = inputs.Count == 1 ? inputs[0] : throw call.Layer.Invalid($"it is called with {inputs.Count} tensors");
        Edge? mask = RecurrentLayers.MaskOf(call, x);
        (LayerWeights forwardWeights, LayerWeights backwardWeights) = call.Weights.Directions();
        bool sequences = forward.Config.Flag("return_sequences", false);
        int half = initial.Count / 2;

        // Keras lets steps that do not count give zero when the whole sequence is wanted.
        SequenceResult first = RecurrentLayers.Run(call, forward, forwardWeights, x, mask, [.. initial.Take(half)], zeroMasked: sequences);
        SequenceResult second = RecurrentLayers.Run(call, Backwards(backward), backwardWeights, x, mask, [.. initial.Skip(half)], zeroMasked: sequences);
        Edge ahead = sequences ? first.Outputs : first.Last;
        Edge back = sequences ? second.Outputs : second.Last;
        IEnumerable<Edge> merged = (call.Config.Json.TryGetProperty("merge_mode", out _) ? call.Config.Text("merge_mode") : "concat") switch
        {
            "concat" => [graph.Concat([ahead, back], -1)],
            "sum" => [graph.Add(ahead, back)],
            "mul" => [graph.Mul(ahead, back)],
            "ave" => [graph.Mul(graph.Add(ahead, back), graph.Single(0.5))],
            null => [ahead, back],
            var other => throw call.Layer.NotSupported($"its merge_mode is '{other}'"),
        };
        IEnumerable<LayerTensor> outputs = merged.Select(edge => LayerTensor.Of(graph, edge, sequences ? x.Mask : null));
        return forward.Config.Flag("return_state", false)
            ? [.. outputs, .. first.States.Concat(second.States).Select(state => LayerTensor.Of(graph, state))]
            : [.. outputs];
    }

    // The configuration has the layer once; the other one is the same the other way round.
    private static LayerConfig Backwards(LayerConfig layer)
    {
        System.Text.Json.Nodes.JsonObject json = System.Text.Json.Nodes.JsonObject.Create(layer.Config.Json)?.DeepClone().AsObject() ?? throw layer.Invalid("its configuration is no object");
        json["go_backwards"] = true;
        return layer with { Config = layer.Config with { Json = System.Text.Json.JsonDocument.Parse(json.ToJsonString()).RootElement } };
    }
}
