using System.Text.Json;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Conversion;

/// <summary>Keras' activation functions by name. What they compute is in the formula beside each; a few differ between Keras 3 and before.</summary>
internal static class Activations
{
    private const int Keras3 = 3;

    private static readonly Dictionary<string, Func<GraphBuilder, Edge, Edge>> Elementwise = new(StringComparer.Ordinal)
    {
        ["linear"] = static (_, x) => x,
        ["relu"] = static (g, x) => g.Relu(x),
        ["relu6"] = static (g, x) => g.Clip(x, 0, 6),
        ["sigmoid"] = static (g, x) => g.Sigmoid(x),
        ["tanh"] = static (g, x) => g.Tanh(x),
        ["softplus"] = static (g, x) => g.Same("Softplus", x),
        ["softsign"] = static (g, x) => g.Same("Softsign", x),
        ["elu"] = static (g, x) => g.Same("Elu", x, NodeAttribute.Of("alpha", 1f)),
        ["selu"] = static (g, x) => g.Same("Selu", x),
        ["exponential"] = static (g, x) => g.Exp(x),
        ["gelu"] = static (g, x) => Gelu(g, x, approximate: false),
        ["swish"] = Silu,
        ["silu"] = Silu,
        ["mish"] = static (g, x) => g.Mul(x, g.Tanh(g.Same("Softplus", x))),
        ["leaky_relu"] = static (g, x) => g.Same("LeakyRelu", x, NodeAttribute.Of("alpha", 0.2f)),
        ["log_sigmoid"] = static (g, x) => g.Neg(g.Same("Softplus", g.Neg(x))),
        ["hard_tanh"] = static (g, x) => g.Clip(x, -1, 1),
        ["hard_silu"] = HardSilu,
        ["hard_swish"] = HardSilu,
        ["tanh_shrink"] = static (g, x) => g.Sub(x, g.Tanh(x)),
        ["celu"] = static (g, x) => g.Same("Elu", x, NodeAttribute.Of("alpha", 1f)),

        // sign(x) · max(|x| - ½, 0)
        ["soft_shrink"] = static (g, x) => g.Mul(g.Sign(x), g.Relu(g.Sub(g.Abs(x), g.Single(0.5)))),
        ["hard_shrink"] = static (g, x) => g.Where(g.Greater(g.Abs(x), g.Single(0.5)), x, g.Single(0)),

        // (x + √(x² + 4)) / 2
        ["squareplus"] = static (g, x) => g.Mul(g.Add(x, g.Sqrt(g.Add(g.Mul(x, x), g.Single(4)))), g.Single(0.5)),

        // 0 up to -1, x from 1, (x + 1)² / 4 between
        ["sparse_plus"] = static (g, x) => g.Where(
            g.Less(x, g.Single(-1)), g.Single(0), g.Where(g.Less(x, g.Single(1)), g.Mul(g.Mul(g.Add(x, g.Single(1)), g.Add(x, g.Single(1))), g.Single(0.25)), x)),
        ["sparse_sigmoid"] = static (g, x) => g.Clip(g.Add(g.Mul(x, g.Single(0.5)), g.Single(0.5)), 0, 1),
    };

    /// <summary>Names that are known, ordinal order.</summary>
    public static IReadOnlyList<string> Names => [.. Elementwise.Keys.Concat(["hard_sigmoid", "softmax", "log_softmax", "glu"]).Order(StringComparer.Ordinal)];

    /// <summary>Applies the activation that an argument of the layer names; none means none.</summary>
    public static LayerTensor Apply(LayerCall call, LayerTensor x, string argument = "activation", string fallback = "linear")
    {
        if (!call.Config.TryGet(argument, out JsonElement json))
        {
            return Apply(call, x, fallback);
        }

        if (json.ValueKind == JsonValueKind.String)
        {
            return Apply(call, x, json.GetString()!);
        }

        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("class_name", out JsonElement kind) && kind.ValueEquals("function"))
        {
            string name = json.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.String ? config.GetString()! : "function";
            return Names.Contains(name) ? Apply(call, x, name) : throw Unknown(call.Layer, name);
        }

        // A layer used as an activation.
        LayerConfig layer = call.Scope.Reader.ReadLayer(json, $"activation of '{call.Layer.Name}'");
        return call.Delegate(layer with { Name = $"{call.Layer.Name}/{argument}" }, LegacyWeights.None, x)[0];
    }

    /// <summary>Applies an activation by its name.</summary>
    public static LayerTensor Apply(LayerCall call, LayerTensor x, string name)
    {
        GraphBuilder graph = call.Graph;
        int last = x.IsMoved && x.Rank > 2 ? 1 : -1;
        return name switch
        {
            "softmax" or "softmax_v2" => x.Map(edge => graph.SoftmaxAlong(edge, last)),
            "log_softmax" => x.Map(edge => graph.Same("LogSoftmax", edge, NodeAttribute.Of("axis", last))),
            "glu" => LayerTensor.Of(graph, Glu(graph, x.Edge), x.Mask),
            _ => x.Map(ElementwiseOf(call.Layer, name, graph)),
        };
    }

    /// <summary>An activation that treats every element alike, as recurrent layers need it.</summary>
    /// <exception cref="Core.SlipwayException">There is none of that name.</exception>
    public static Func<Edge, Edge> ElementwiseOf(LayerConfig layer, string name, GraphBuilder graph)
    {
        string known = name.Split('>')[^1];
        if (known == "hard_sigmoid")
        {
            return edge => HardSigmoid(graph, edge, layer.KerasMajor);
        }

        return Elementwise.TryGetValue(known, out Func<GraphBuilder, Edge, Edge>? emit) ? edge => emit(graph, edge) : throw Unknown(layer, name);
    }

    /// <summary>Keras 3: ReLU6(x + 3) / 6. Before: x / 5 + ½ held between 0 and 1.</summary>
    public static Edge HardSigmoid(GraphBuilder graph, Edge x, int kerasMajor) =>
        graph.Same("HardSigmoid", x, NodeAttribute.Of("alpha", kerasMajor >= Keras3 ? 1f / 6 : 0.2f), NodeAttribute.Of("beta", 0.5f));

    /// <summary>x · Φ(x), by the error function or by its usual approximation with tanh.</summary>
    public static Edge Gelu(GraphBuilder graph, Edge x, bool approximate)
    {
        Edge half = graph.Mul(x, graph.Single(0.5));
        Edge inner = approximate
            ? graph.Tanh(graph.Mul(graph.Single(Math.Sqrt(2 / Math.PI)), graph.Add(x, graph.Mul(graph.Single(0.044715), graph.Mul(x, graph.Mul(x, x))))))
            : graph.Same("Erf", graph.Mul(x, graph.Single(1 / Math.Sqrt(2))));
        return graph.Mul(half, graph.Add(inner, graph.Single(1)));
    }

    private static Core.SlipwayException Unknown(LayerConfig layer, string name) => layer.NotSupported($"its activation '{name}' is not one of Keras' own that are known here");

    private static Edge Silu(GraphBuilder graph, Edge x) => graph.Mul(x, graph.Sigmoid(x));

    private static Edge HardSilu(GraphBuilder graph, Edge x) => graph.Same("HardSwish", x);

    private static Edge Glu(GraphBuilder graph, Edge x)
    {
        Edge[] halves = graph.Split(x, x.Rank - 1, x.Width / 2, x.Width / 2);
        return graph.Mul(halves[0], graph.Sigmoid(halves[1]));
    }
}
