using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Layers that put several tensors together value by value.</summary>
internal sealed class Merging : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        string name = call.Layer.ClassName;
        if (call.Inputs.Count == 0 || (name == "Subtract" && call.Inputs.Count != 2))
        {
            throw call.Layer.Invalid($"it is called with {call.Inputs.Count} tensors");
        }

        // Images stay with their channels first when one of them has them so and all have the same rank.
        bool integers = call.Inputs.All(input => input.Type == call.Inputs[0].Type && input.Type is OnnxDataType.Int32 or OnnxDataType.Int64) && name != "Average";
        IReadOnlyList<LayerTensor> inputs = integers ? call.Inputs : [.. call.Inputs.Select(static input => input.AsFloat())];
        bool moved = inputs.Any(static input => input.IsMoved) && inputs.All(input => input.Rank == inputs[0].Rank);
        List<Edge> edges = [.. inputs.Select(input => moved ? input.Moved : input.Edge)];
        Pad(call, edges, moved);
        Func<Edge, Edge, Edge> operation = name switch
        {
            "Subtract" => graph.Sub,
            "Multiply" => graph.Mul,
            "Maximum" => graph.Max,
            "Minimum" => graph.Min,
            _ => graph.Add,
        };
        Edge result = edges.Skip(1).Aggregate(edges[0], operation);
        result = name == "Average" ? graph.Div(result, graph.Single(edges.Count)) : result;
        Edge? mask = MergedMask(call);
        return [moved ? LayerTensor.OfMoved(graph, result, mask) : LayerTensor.Of(graph, result, mask)];
    }

    // Inputs of fewer dimensions get new ones after the samples.
    private static void Pad(LayerCall call, List<Edge> edges, bool moved)
    {
        int rank = edges.Max(static edge => edge.Rank);
        for (int i = 0; i < edges.Count && !moved; i++)
        {
            if (edges[i].Rank < rank)
            {
                edges[i] = call.Graph.Unsqueeze(edges[i], [.. Enumerable.Range(1, rank - edges[i].Rank).Select(static axis => (long)axis)]);
            }
        }
    }

    // Before Keras 3 a step counts when it counts in all inputs that have a mask. Keras 3 wants a mask in all of them, and that it counts in any; and
    // three of its layers treat the values that do not count in ways of their own.
    private static Edge? MergedMask(LayerCall call)
    {
        List<Edge> masks = [.. call.Inputs.Select(static input => input.Mask).OfType<Edge>().DistinctBy(static mask => mask.Name)];
        if (masks.Count == 0)
        {
            return null;
        }

        if (call.Layer.KerasMajor < 3)
        {
            return masks.Skip(1).Aggregate(masks[0], call.Graph.And);
        }

        if (call.Layer.ClassName is "Multiply" or "Maximum" or "Minimum")
        {
            throw call.Layer.NotSupported("its inputs have masks");
        }

        return call.Inputs.Any(static input => input.Mask is null) ? null : masks.Skip(1).Aggregate(masks[0], call.Graph.Or);
    }
}

/// <summary>Concatenate: tensors side by side.</summary>
internal sealed class ConcatenateConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Concatenate"];

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        int rank = call.Inputs.Count == 0 ? throw call.Layer.Invalid("it is called without tensors") : call.Inputs[0].Rank;
        long axis = call.Config.Integer("axis", -1);
        int position = (int)(axis < 0 ? axis + rank : axis);
        if (position < 0 || position >= rank || call.Inputs.Any(input => input.Rank != rank))
        {
            throw call.Layer.Invalid($"its inputs can't be put side by side along axis {axis}");
        }

        IReadOnlyList<LayerTensor> inputs = call.Inputs.All(input => input.Type == call.Inputs[0].Type) ? call.Inputs : [.. call.Inputs.Select(static input => input.AsFloat())];
        Edge? mask = MergedMask(call, position);
        if (inputs.Any(static input => input.IsMoved))
        {
            int moved = position == 0 ? 0 : position == rank - 1 ? 1 : position + 1;
            return [LayerTensor.OfMoved(call.Graph, Concat(call, [.. inputs.Select(static input => input.Moved)], moved), mask)];
        }

        return call.Give(Concat(call, [.. inputs.Select(static input => input.Edge)], position), mask);
    }

    // What one input does not know of its other sizes another one may.
    private static Edge Concat(LayerCall call, IReadOnlyList<Edge> parts, int axis)
    {
        long[] shape = [.. Enumerable.Range(0, parts[0].Rank).Select(i => parts.Max(part => part.Shape[i]))];
        if (parts.Any(part => Enumerable.Range(0, part.Rank).Any(i => i != axis && part.Shape[i] >= 0 && part.Shape[i] != shape[i])))
        {
            throw call.Layer.Invalid($"its inputs {string.Join(", ", parts.Select(static part => part.Shape))} can't be put side by side");
        }

        Edge joined = call.Graph.Concat(parts, axis);
        shape[axis] = joined.Shape[axis];
        return joined with { Shape = new TensorShape(shape) };
    }

    private static Edge? MergedMask(LayerCall call, int axis)
    {
        List<Edge> masks = [.. call.Inputs.Select(static input => input.Mask).OfType<Edge>()];
        if (masks.Count == 0)
        {
            return null;
        }

        if (axis == call.Inputs[0].Rank - 1 && axis > 1)
        {
            return masks.Skip(1).Aggregate(masks[0], call.Graph.And);
        }

        return axis == 1 && masks.Count == call.Inputs.Count ? call.Graph.Concat(masks, 1) : throw call.Layer.NotSupported("its inputs have masks that can't be put side by side");
    }
}

/// <summary>Dot: products of two tensors along one axis of each.</summary>
internal sealed class DotConverter : LayerConverter
{
    public override IReadOnlyList<string> ClassNames => ["Dot"];

    public override string Limits => "inputs of two or three dimensions";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        if (call.Inputs.Count != 2 || call.Inputs.Any(static input => input.Rank is < 2 or > 3))
        {
            throw call.Layer.NotSupported("its inputs are not two tensors of two or three dimensions");
        }

        GraphBuilder graph = call.Graph;
        Edge a = call.Inputs[0].AsFloat().Edge;
        Edge b = call.Inputs[1].AsFloat().Edge;
        long[] axes = call.Config.Integers("axes") ?? throw call.Config.Missing("axes");
        long first = axes[0] < 0 ? axes[0] + a.Rank : axes[0];
        long second = axes[^1] < 0 ? axes[^1] + b.Rank : axes[^1];
        if (first < 1 || second < 1 || first >= a.Rank || second >= b.Rank)
        {
            throw call.Layer.NotSupported("its axes are not among those after the samples");
        }

        if (call.Config.Flag("normalize", false))
        {
            a = Unit(graph, a, first);
            b = Unit(graph, b, second);
        }

        // Letters: n samples, k the axis that vanishes, p and q what is left of each input.
        string left = "n" + string.Concat(Enumerable.Range(1, a.Rank - 1).Select(i => i == first ? "k" : "p"));
        string right = "n" + string.Concat(Enumerable.Range(1, b.Rank - 1).Select(i => i == second ? "k" : "q"));
        if (a.Rank == 2 && b.Rank == 2)
        {
            return call.Give(graph.ReduceOver("ReduceSum", graph.Mul(a, b), [1], true));
        }

        string result = string.Concat((left + right[1..]).Where(static letter => letter != 'k'));
        long[] shape = [.. a.Shape.Dimensions.ToArray().Where((_, i) => i != first), .. b.Shape.Dimensions.ToArray().Where((_, i) => i > 0 && i != second)];
        return call.Give(graph.Einsum($"{left},{right}->{result}", new TensorShape(shape), a, b));
    }

    private static Edge Unit(GraphBuilder graph, Edge x, long axis) =>
        graph.Div(x, graph.Sqrt(graph.Max(graph.ReduceOver("ReduceSum", graph.Mul(x, x), [axis], true), graph.Single(1e-12))));
}
