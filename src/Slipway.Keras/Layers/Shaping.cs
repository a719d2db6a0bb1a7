using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Layers that only move values: Flatten, Reshape, Permute, RepeatVector.</summary>
internal sealed class Shaping : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Flatten", "Reshape", "Permute", "RepeatVector"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call) => call.Layer.ClassName switch
    {
        "Flatten" => call.Give(Flatten(call)),
        "Reshape" => call.Give(Reshape(call, call.Config.Integers("target_shape") ?? throw call.Config.Missing("target_shape"))),
        "Permute" => Permute(call, call.Config.Integers("dims") ?? throw call.Config.Missing("dims")),
        _ => call.Give(Repeat(call, call.Config.Integer("n"))),
    };

    private static Edge Flatten(LayerCall call)
    {
        Edge x = call.Input.Edge;
        if (x.Rank == 1)
        {
            return call.Graph.Unsqueeze(x, 1);
        }

        // Keras puts channels last before it flattens images that have them first.
        if (call.Layer.IsChannelsFirst && x.Rank > 2)
        {
            x = call.Graph.Transpose(x, Order.ChannelsToEnd(x.Rank));
        }

        return x.Rank == 2 ? x : call.Graph.Node("Flatten", [x], x.Type, new TensorShape(x.Shape[0], Product(x.Shape.Dimensions[1..])), NodeAttribute.Of("axis", 1));
    }

    private static Edge Reshape(LayerCall call, long[] target)
    {
        Edge x = call.Input.Edge;
        long inner = Product(x.Shape.Dimensions[1..]);
        long[] known = [.. target];
        int open = Array.IndexOf(target, -1L);
        if (target.Any(static size => size < -1) || target.Count(static size => size == -1) > 1)
        {
            throw call.Layer.Invalid("its target shape can't be");
        }

        if (open >= 0 && inner >= 0)
        {
            long rest = target.Where(static size => size >= 0).Aggregate(1L, static (product, size) => checked(product * size));
            known[open] = rest > 0 ? inner / rest : 0;
        }

        if (inner >= 0 && Product(known) != inner)
        {
            throw call.Layer.Invalid($"{inner} values can't have the shape {new TensorShape(known)}");
        }

        // The first size is copied from the input; ONNX takes 0 for that, and one size may be left to it.
        long[] asked = Product(known) < 0 ? [0, .. target] : [0, .. known];
        return call.Graph.Node("Reshape", [x, call.Graph.Constant(asked)], x.Type, new TensorShape([x.Shape[0], .. known]));
    }

    private static IReadOnlyList<LayerTensor> Permute(LayerCall call, long[] dims)
    {
        LayerTensor x = call.Input;
        long[] order = [0, .. dims];
        return order.Length == x.Rank && order.Order().SequenceEqual(Enumerable.Range(0, x.Rank).Select(static i => (long)i))
            ? call.Give(call.Graph.Transpose(x.Edge, order))
            : throw call.Layer.Invalid($"its order of dimensions does not fit an input of {x.Rank} dimensions");
    }

    private static Edge Repeat(LayerCall call, long count)
    {
        GraphBuilder graph = call.Graph;
        Edge x = call.Input.Edge;
        Edge row = graph.Unsqueeze(x, 1);
        return graph.Node("Tile", [row, graph.Constant([1L, count, 1L])], x.Type, new TensorShape(x.Shape[0], count, x.Shape[1]));
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes)
        {
            product = size < 0 || product < 0 ? -1 : checked(product * size);
        }

        return product;
    }
}
