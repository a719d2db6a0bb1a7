using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>Operators that move values without changing them. Sizes that are known, or some of which are, are followed through them.</summary>
internal static class Structure
{
    /// <summary>The dimensions of a value (INT64).</summary>
    public static Term Shape(this Draft draft, Term a)
    {
        if (!a.Shape.HasRank)
        {
            return draft.Node("Shape", [a], OnnxDataType.Int64, PartialShape.OfRank(1));
        }

        long?[] sizes = [.. a.Shape.ToArray().Select(static size => size >= 0 ? size : (long?)null)];
        return draft.Known(() => ShapeNode(draft, a), OnnxDataType.Int64, new PartialShape(sizes.Length), sizes);
    }

    /// <summary>The same values under the shape that <paramref name="shape"/> holds (INT64); one size may be -1.</summary>
    public static Term Reshape(this Draft draft, Term a, Term shape)
    {
        if (shape.Elements is not { } sizes || shape.Shape.Rank != 1)
        {
            PartialShape unknown = shape.Shape.HasRank && shape.Shape.Rank == 1 && shape.Shape[0] >= 0 ? PartialShape.OfRank((int)shape.Shape[0]) : PartialShape.Unknown;
            return draft.Node("Reshape", [a, shape], a.Type, unknown, NodeAttribute.Of("allowzero", 1));
        }

        int open = sizes.Count(static size => size is null or -1);
        long[] wanted = [.. sizes.Select(static size => size ?? -1)];
        long count = a.Shape.ElementCount();
        if (open == 1 && count >= 0)
        {
            long rest = wanted.Where(static size => size >= 0).Aggregate(1L, static (product, size) => product * size);
            if (rest > 0 && count % rest == 0)
            {
                wanted[Array.IndexOf(wanted, -1)] = count / rest;
                open = 0;
            }
        }

        PartialShape known = new([.. wanted]);
        if (known.IsStatic && known == a.Shape)
        {
            return a;
        }

        if (open == 0 && a.Constant is { } constant && known.ElementCount() == constant.Count)
        {
            return draft.Constant(constant.Strings is { } strings ? new TensorData(known, strings) : new TensorData(constant.Type, known, constant.Raw));
        }

        // One size that is not known is the one that is left over, unless a zero hides it; several have to be computed when the model runs.
        bool isPlain = open == 0 || (open == 1 && !wanted.Contains(0));
        Term target = isPlain ? draft.Integers(wanted) : shape;
        return draft.Known(
            () => draft.Node("Reshape", [a, target], a.Type, known, NodeAttribute.Of("allowzero", 1)), a.Type, known, open == 0 ? a.Elements : null);
    }

    /// <summary>The same values under a shape; one size may be -1.</summary>
    public static Term Reshape(this Draft draft, Term a, params long[] shape) => draft.Reshape(a, draft.Integers(shape));

    /// <summary>Values side by side along <paramref name="axis"/>.</summary>
    public static Term Concat(this Draft draft, IReadOnlyList<Term> parts, int axis)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        long[]? permutation = parts.Select(Layouts.PermutationOf).FirstOrDefault(static order => order is not null);
        if (permutation is not null)
        {
            Term[] moved = [.. parts.Select(part => part.Constant is not null && part.Shape.Rank == permutation.Length
                ? draft.Transpose(part, Layouts.Invert(permutation))
                : Layouts.PermutationOf(part) is { } own && own.AsSpan().SequenceEqual(permutation) ? part.Producer!.Inputs[0]! : null!)];
            if (Array.TrueForAll(moved, static part => part is not null))
            {
                return draft.Transpose(draft.Concat(moved, Layouts.SourceAxis(permutation, axis)), permutation);
            }
        }

        PartialShape shape = ConcatShape(parts, axis);
        long?[]? elements = shape.HasRank && shape.Rank == 1 && parts.All(static part => part.Elements is not null)
            ? [.. parts.SelectMany(static part => part.Elements!)]
            : null;
        return draft.Known(() => draft.Node("Concat", [.. parts], parts[0].Type, shape, NodeAttribute.Of("axis", axis)), parts[0].Type, shape, elements);
    }

    /// <summary>Takes dimensions of size one out; <paramref name="axes"/> count from the beginning.</summary>
    public static Term Squeeze(this Draft draft, Term a, params long[] axes)
    {
        if (axes.Length == 0)
        {
            return a;
        }

        if (!a.Shape.HasRank)
        {
            return draft.Node("Squeeze", [a, draft.Integers(axes)], a.Type, PartialShape.Unknown);
        }

        PartialShape shape = new([.. a.Shape.ToArray().Where((_, axis) => !axes.Contains(axis))]);
        if (a.Constant is { } constant)
        {
            return Reshaped(draft, constant, shape);
        }

        if (Layouts.PermutationOf(a) is { } permutation)
        {
            long[] gone = [.. axes.Select(axis => permutation[axis])];
            long[] kept = [.. permutation.Where((_, axis) => !axes.Contains(axis)).Select(source => source - gone.Count(other => other < source))];
            return draft.Transpose(draft.Squeeze(a.Producer!.Inputs[0]!, [.. gone.Order()]), kept);
        }

        return draft.Known(() => draft.Node("Squeeze", [a, draft.Integers(axes)], a.Type, shape), a.Type, shape, a.Elements);
    }

    /// <summary>Puts in a dimension of size one, at <paramref name="axis"/> of the result.</summary>
    public static Term Unsqueeze(this Draft draft, Term a, int axis)
    {
        if (!a.Shape.HasRank)
        {
            return draft.Node("Unsqueeze", [a, draft.Integers([axis])], a.Type, PartialShape.Unknown);
        }

        List<long> dimensions = [.. a.Shape.Dimensions];
        dimensions.Insert(axis, 1);
        PartialShape shape = new([.. dimensions]);
        if (a.Constant is { } constant)
        {
            return Reshaped(draft, constant, shape);
        }

        if (Layouts.PermutationOf(a) is { } permutation)
        {
            // Before the dimension that follows it, so that [N,C,L] as [N,L,C] becomes [N,C,1,L] as [N,1,L,C].
            long at = axis < permutation.Length ? permutation[axis] : permutation.Length;
            List<long> order = [.. permutation.Select(source => source >= at ? source + 1 : source)];
            order.Insert(axis, at);
            return draft.Transpose(draft.Unsqueeze(a.Producer!.Inputs[0]!, (int)at), [.. order]);
        }

        return draft.Known(() => draft.Node("Unsqueeze", [a, draft.Integers([axis])], a.Type, shape), a.Type, shape, a.Elements);
    }

    /// <summary>Repeats values until they fill a shape (INT64), by broadcasting.</summary>
    public static Term Expand(this Draft draft, Term a, Term shape)
    {
        PartialShape known = shape.Elements is { } sizes && shape.Shape.Rank == 1
            ? new PartialShape([.. sizes.Select(static size => size ?? -1)])
            : shape.Shape.HasRank && shape.Shape.Rank == 1 && shape.Shape[0] >= 0 ? PartialShape.OfRank((int)shape.Shape[0]) : PartialShape.Unknown;
        if (known.IsStatic && known == a.Shape)
        {
            return a;
        }

        long?[]? elements = a.Elements is [var only] && known.ElementCount() is >= 0 and <= Term.MaxElements and var count ? [.. Enumerable.Repeat(only, (int)count)] : null;
        PartialShape result = a.Shape.HasRank && known.HasRank && a.Shape.Rank <= known.Rank ? known : ShapeRules.Broadcast(a.Shape, known);
        return draft.Known(() => draft.Node("Expand", [a, shape], a.Type, result), a.Type, result, elements);
    }

    /// <summary>Slices of <paramref name="data"/> at <paramref name="indices"/> along <paramref name="axis"/>.</summary>
    public static Term Gather(this Draft draft, Term data, Term indices, int axis)
    {
        PartialShape shape = data.Shape.HasRank && indices.Shape.HasRank
            ? new PartialShape([.. data.Shape.Dimensions[..axis], .. indices.Shape.Dimensions, .. data.Shape.Dimensions[(axis + 1)..]])
            : PartialShape.Unknown;
        long?[]? elements = null;
        if (data.Elements is { } values && data.Shape.Rank == 1 && indices.KnownIntegers is { } at && Array.TrueForAll(at, index => index >= -values.Length && index < values.Length))
        {
            elements = [.. at.Select(index => values[index < 0 ? index + values.Length : index])];
        }

        return draft.Known(() => draft.Node("Gather", [data, indices], data.Type, shape, NodeAttribute.Of("axis", axis)), data.Type, shape, elements);
    }

    /// <summary>As many copies along each dimension as <paramref name="repeats"/> (INT64) says.</summary>
    public static Term Tile(this Draft draft, Term a, Term repeats)
    {
        PartialShape shape = a.Shape;
        if (a.Shape.HasRank && repeats.Elements is { } counts)
        {
            if (Array.TrueForAll(counts, static count => count == 1))
            {
                return a;
            }

            shape = new PartialShape([.. a.Shape.ToArray().Select((size, axis) => size >= 0 && axis < counts.Length && counts[axis] is { } count ? size * count : -1)]);
        }
        else if (a.Shape.HasRank)
        {
            shape = PartialShape.OfRank(a.Shape.Rank);
        }

        return draft.Node("Tile", [a, repeats], a.Type, shape);
    }

    private static Term Reshaped(Draft draft, TensorData constant, PartialShape shape) =>
        draft.Constant(constant.Strings is { } strings ? new TensorData(shape, strings) : new TensorData(constant.Type, shape, constant.Raw));

    // The sizes of a transposed value are those of the value, in another order: the transpose itself is then not needed for them.
    private static Term ShapeNode(Draft draft, Term a) => Layouts.PermutationOf(a) is { } permutation
        ? draft.Gather(ShapeNode(draft, a.Producer!.Inputs[0]!), draft.Integers(permutation), 0)
        : draft.Node("Shape", [a], OnnxDataType.Int64, new PartialShape(a.Shape.Rank));

    private static PartialShape ConcatShape(IReadOnlyList<Term> parts, int axis)
    {
        PartialShape[] known = [.. parts.Select(static part => part.Shape).Where(static shape => shape.HasRank)];
        if (known.Length == 0)
        {
            return PartialShape.Unknown;
        }

        long[] result = known[0].ToArray();
        foreach (PartialShape shape in known)
        {
            for (int i = 0; i < result.Length && shape.Rank == result.Length; i++)
            {
                result[i] = result[i] >= 0 ? result[i] : shape[i];
            }
        }

        bool isKnown = known.Length == parts.Count && Array.TrueForAll(known, shape => shape.Rank == result.Length && shape[axis] >= 0);
        result[axis] = isKnown ? known.Sum(shape => shape[axis]) : -1;
        return new PartialShape(result);
    }
}
