using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>What the attention layers have in common: which scores count, and how those that don't are kept out.</summary>
internal static class AttentionMasks
{
    /// <summary>True where a step looks at itself or at an earlier one: <c>[T, S]</c> with ones in front.</summary>
    public static Edge Causal(GraphBuilder graph, Edge query, Edge value)
    {
        TensorShape shape = new(query.Shape[1], value.Shape[1]);
        Edge ones = graph.Filled([graph.SizeOf(query, 1), graph.SizeOf(value, 1)], shape, 1);
        return graph.Cast(graph.Node("Trilu", [ones], OnnxDataType.Float, shape, NodeAttribute.Of("upper", 0)), OnnxDataType.Bool);
    }

    /// <summary>The scores with a very negative number added where a mask is false, as Keras has it.</summary>
    public static Edge Apply(GraphBuilder graph, Edge scores, IReadOnlyList<Edge> masks)
    {
        if (masks.Count == 0)
        {
            return scores;
        }

        Edge counts = graph.Cast(masks.Skip(1).Aggregate(masks[0], graph.And), OnnxDataType.Float);
        return graph.Add(scores, graph.Mul(graph.Sub(graph.Single(1), counts), graph.Single(-1e9)));
    }

    /// <summary>A truth value among the call's arguments, or among the layer's under an older name.</summary>
    public static bool Flag(LayerCall call, string argument, string? option = null) =>
        call.Named.TryGetValue(argument, out CallArgument? given) ? given.Literal.ValueKind == System.Text.Json.JsonValueKind.True
        : option is not null && call.Config.Flag(option, false);

    /// <summary>A tensor among the call's arguments; null when it is left out.</summary>
    public static LayerTensor? Tensor(LayerCall call, string argument) => call.Named.TryGetValue(argument, out CallArgument? given) && given.Tensors.Count > 0 ? given.Tensors[0] : null;
}
