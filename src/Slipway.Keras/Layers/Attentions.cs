using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>Attention (scores are products) and AdditiveAttention (scores are sums of tanh) over sequences.</summary>
internal sealed class Attentions : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Attention", "AdditiveAttention"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        if (call.Inputs.Count is not (2 or 3) || call.Inputs.Any(static input => input.Rank != 3))
        {
            throw call.Layer.Invalid("it is not called with two or three sequences");
        }

        if (call.Named.TryGetValue("mask", out CallArgument? given) && given.Tensors.Count > 0)
        {
            throw call.Layer.NotSupported("its masks are arguments of their own");
        }

        GraphBuilder graph = call.Graph;
        Edge query = call.Inputs[0].AsFloat().Edge;
        Edge value = call.Inputs[1].AsFloat().Edge;
        Edge key = call.Inputs.Count == 3 ? call.Inputs[2].AsFloat().Edge : value;
        Edge scores = call.Layer.ClassName == "Attention" ? Products(call, query, key) : Sums(call, query, key);
        List<Edge> masks = [];
        if (call.Inputs[1].Mask is { } valueMask)
        {
            masks.Add(graph.Unsqueeze(valueMask, 1));
        }

        if (AttentionMasks.Flag(call, "use_causal_mask", "causal"))
        {
            masks.Add(graph.Unsqueeze(AttentionMasks.Causal(graph, query, value), 0));
        }

        Edge weights = graph.Softmax(AttentionMasks.Apply(graph, scores, masks));
        Edge result = graph.MatMul(weights, value);
        if (call.Inputs[0].Mask is { } queryMask)
        {
            result = graph.Mul(result, graph.Unsqueeze(graph.Cast(queryMask, result.Type), 2));
        }

        LayerTensor output = LayerTensor.Of(graph, result, call.Inputs[0].Mask);
        return AttentionMasks.Flag(call, "return_attention_scores") ? [output, LayerTensor.Of(graph, weights)] : [output];
    }

    private static Edge Products(LayerCall call, Edge query, Edge key)
    {
        GraphBuilder graph = call.Graph;
        bool concat = call.Config.Text("score_mode", "dot") == "concat";
        WeightArray?[] weights = call.Bind(call.Config.Flag("use_scale", false) ? "scale" : null, concat ? "concat_score_weight" : null);
        Edge? scale = weights[0] is { } factor ? graph.Single(factor.Values[0]) : null;
        if (!concat)
        {
            Edge scores = graph.MatMul(query, graph.Transpose(key, 0, 2, 1));
            return scale is { } times ? graph.Mul(scores, times) : scores;
        }

        Edge sum = graph.Add(graph.Unsqueeze(query, 2), graph.Unsqueeze(key, 1));
        Edge bent = graph.Tanh(scale is { } inner ? graph.Mul(sum, inner) : sum);
        return graph.Mul(graph.Single(weights[1]!.Values[0]), graph.ReduceOver("ReduceSum", bent, [3], false));
    }

    private static Edge Sums(LayerCall call, Edge query, Edge key)
    {
        GraphBuilder graph = call.Graph;
        WeightArray?[] weights = call.Bind(call.Config.Flag("use_scale", true) ? "scale" : null);
        Edge bent = graph.Tanh(graph.Add(graph.Unsqueeze(query, 2), graph.Unsqueeze(key, 1)));
        return graph.ReduceOver("ReduceSum", weights[0] is { } scale ? graph.Mul(bent, graph.Constant(scale.Values)) : bent, [3], false);
    }
}

/// <summary>MultiHeadAttention over sequences; in GroupedQueryAttention several heads of the query share one of the keys and values.</summary>
internal sealed class MultiHeadAttentionConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["MultiHeadAttention", "GroupedQueryAttention", "GroupQueryAttention"];

    public override string Limits => "sequences of vectors; one output dimension";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        LayerTensor query = call.Inputs.Count > 0 ? call.Inputs[0] : AttentionMasks.Tensor(call, "query") ?? throw call.Layer.Invalid("it is called without a query");
        LayerTensor value = call.Inputs.Count > 1 ? call.Inputs[1] : AttentionMasks.Tensor(call, "value") ?? throw call.Layer.Invalid("it is called without a value");
        LayerTensor? given = call.Inputs.Count > 2 ? call.Inputs[2] : AttentionMasks.Tensor(call, "key");
        LayerTensor key = given ?? value;
        if (query.Rank != 3 || value.Rank != 3 || key.Rank != 3)
        {
            throw call.Layer.NotSupported("its inputs are no sequences of vectors");
        }

        foreach (string option in (string[])["query_mask", "value_mask", "key_mask"])
        {
            if (AttentionMasks.Tensor(call, option) is not null)
            {
                throw call.Layer.NotSupported($"it is called with {option}");
            }
        }

        bool isGrouped = call.Layer.ClassName != "MultiHeadAttention";
        if (isGrouped && call.Config.Flag("use_gate", false))
        {
            throw call.Layer.NotSupported("it has use_gate set");
        }

        long heads = call.Config.Integer(isGrouped ? "num_query_heads" : "num_heads");
        long shared = isGrouped ? call.Config.Integer("num_key_value_heads") : heads;
        long keyDim = call.Config.Integer(isGrouped ? "head_dim" : "key_dim");
        if (heads < 1 || shared < 1 || heads % shared != 0)
        {
            throw call.Layer.Invalid($"{heads} heads of the query can't share {shared} of the keys");
        }

        Edge q = Projected(call, query, "query_dense", heads);
        Edge k = Repeated(graph, Projected(call, key, "key_dense", shared), heads / shared);
        Edge v = Repeated(graph, Projected(call, value, "value_dense", shared), heads / shared);
        Edge scores = graph.MatMul(graph.Mul(q, graph.Single(1 / Math.Sqrt(keyDim))), graph.Transpose(k, 0, 1, 3, 2));
        Edge weights = graph.Softmax(AttentionMasks.Apply(graph, scores, Masks(call, query, value, given)));
        Edge context = graph.Transpose(graph.MatMul(weights, v), 0, 2, 1, 3);
        LayerTensor output = LayerTensor.Of(graph, Output(call, context, heads), query.Mask);
        return AttentionMasks.Flag(call, "return_attention_scores") ? [output, LayerTensor.Of(graph, weights)] : [output];
    }

    // [N, heads, T, size] with each head several times in a row.
    private static Edge Repeated(GraphBuilder graph, Edge x, long times) => times == 1
        ? x
        : graph.Gather(x, graph.Constant([.. Enumerable.Range(0, (int)x.Shape[1]).SelectMany(head => Enumerable.Repeat((long)head, (int)times))]), 1);

    // Keras takes the masks of its inputs from 2.10 on.
    private static List<Edge> Masks(LayerCall call, LayerTensor query, LayerTensor value, LayerTensor? key)
    {
        GraphBuilder graph = call.Graph;
        List<Edge> masks = [];
        if (TakesMasks(call.Scope.KerasVersion))
        {
            if (query.Mask is { } queryMask)
            {
                masks.Add(graph.Unsqueeze(queryMask, 1, 3));
            }

            if (value.Mask is { } valueMask)
            {
                masks.Add(graph.Unsqueeze(valueMask, 1, 2));
            }

            if (key is not null && !ReferenceEquals(key, value) && key.Mask is { } keyMask)
            {
                masks.Add(graph.Unsqueeze(keyMask, 1, 2));
            }
        }

        if (AttentionMasks.Flag(call, "use_causal_mask"))
        {
            masks.Add(graph.Unsqueeze(AttentionMasks.Causal(graph, query.Edge, value.Edge), 0, 1));
        }

        if ((call.Inputs.Count > 3 ? call.Inputs[3] : AttentionMasks.Tensor(call, "attention_mask")) is { } mask)
        {
            Edge edge = graph.Cast(mask.Edge, Formats.Onnx.OnnxDataType.Bool);
            masks.Add(edge.Rank switch
            {
                4 => edge,
                3 => graph.Unsqueeze(edge, 1),
                _ => throw call.Layer.NotSupported($"its attention mask has {edge.Rank} dimensions"),
            });
        }

        return masks;
    }

    private static bool TakesMasks(string version)
    {
        string[] parts = version.Split('.');
        return parts.Length < 2 || !int.TryParse(parts[0], out int major) || !int.TryParse(parts[1], out int minor) || major > 2 || (major == 2 && minor >= 10);
    }

    // [N, T, features] by [features, heads, size] is [N, heads, T, size].
    private static Edge Projected(LayerCall call, LayerTensor x, string part, long heads)
    {
        GraphBuilder graph = call.Graph;
        WeightArray?[] weights = BindPart(call, part);
        WeightArray kernel = weights[0]!;
        if (kernel.Shape is not [var features, var count, var size] || count != heads || (x.Shape[2] >= 0 && x.Shape[2] != features))
        {
            throw call.Layer.Invalid($"its {part} does not fit its inputs");
        }

        Edge matrix = call.Shared(part, () => graph.Constant(kernel.Bytes, Formats.Onnx.OnnxDataType.Float, new TensorShape(features, count * size)));
        Edge y = graph.MatMul(x.AsFloat().Edge, matrix);
        y = weights[1] is { } bias ? graph.Add(y, graph.Constant(bias.Values)) : y;
        return graph.Transpose(graph.Reshape(y, 0, 0, count, size), 0, 2, 1, 3);
    }

    private static Edge Output(LayerCall call, Edge context, long heads)
    {
        GraphBuilder graph = call.Graph;
        WeightArray?[] weights = BindPart(call, "output_dense");
        WeightArray kernel = weights[0]!;
        if (kernel.Shape is not [var count, var size, var width] || count != heads || size != context.Shape[3])
        {
            throw call.Layer.NotSupported("its output has not one dimension, or does not fit its values");
        }

        Edge matrix = call.Shared("output_dense", () => graph.Constant(kernel.Bytes, Formats.Onnx.OnnxDataType.Float, new TensorShape(count * size, width)));
        Edge y = graph.MatMul(graph.Reshape(context, 0, 0, count * size), matrix);
        return weights[1] is { } bias ? graph.Add(y, graph.Constant(bias.Values)) : y;
    }

    private static WeightArray?[] BindPart(LayerCall call, string part)
    {
        bool useBias = call.Config.Flag("use_bias", true);
        WeightArray[] bound = call.Weights.Attribute(part).Bind(call.Layer, useBias ? ["kernel", "bias"] : ["kernel"]);
        return useBias ? [.. bound] : [bound[0], null];
    }
}
