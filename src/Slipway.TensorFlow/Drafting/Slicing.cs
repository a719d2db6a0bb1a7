using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>What a slice takes along one dimension, as ONNX has it: from <paramref name="Start"/> to before <paramref name="End"/>, every <paramref name="Step"/>-th.</summary>
internal readonly record struct SliceRange(int Axis, long Start, long End, long Step);

/// <summary>Operators that look at a part of a value, or along its dimensions.</summary>
internal static class Slicing
{
    /// <summary>A part of a value. Ends beyond the value mean its end, as in ONNX.</summary>
    public static Term Slice(this Draft draft, Term a, IReadOnlyList<SliceRange> ranges)
    {
        SliceRange[] real = [.. ranges.Where(static range => range is not { Start: 0, End: long.MaxValue, Step: 1 })];
        if (real.Length == 0)
        {
            return a;
        }

        if (a.Shape.HasRank && Layouts.PermutationOf(a) is { } permutation)
        {
            Term part = draft.Slice(a.Producer!.Inputs[0]!, [.. real.Select(range => range with { Axis = Layouts.SourceAxis(permutation, range.Axis) })]);
            return draft.Transpose(part, permutation);
        }

        PartialShape shape = SliceShape(a.Shape, real);
        return draft.Known(
            () => draft.Node(
                "Slice",
                [
                    a,
                    draft.Integers([.. real.Select(static range => range.Start)]),
                    draft.Integers([.. real.Select(static range => range.End)]),
                    draft.Integers([.. real.Select(static range => (long)range.Axis)]),
                    draft.Integers([.. real.Select(static range => range.Step)]),
                ],
                a.Type,
                shape),
            a.Type,
            shape,
            Elements(a, real));
    }

    /// <summary>A reduction over known dimensions, e.g. ReduceMean; <paramref name="axes"/> count from the beginning.</summary>
    public static Term Reduce(this Draft draft, string operation, Term a, long[] axes, bool keepDimensions)
    {
        if (axes.Length == 0)
        {
            return a;
        }

        if (a.Shape.HasRank && Layouts.PermutationOf(a) is { } permutation)
        {
            long[] sources = [.. axes.Select(axis => permutation[axis])];
            Term reduced = draft.Reduce(operation, a.Producer!.Inputs[0]!, [.. sources.Order()], keepDimensions);
            long[] left = keepDimensions
                ? permutation
                : [.. permutation.Where(source => !sources.Contains(source)).Select(source => source - sources.Count(other => other < source))];
            return draft.Transpose(reduced, left);
        }

        PartialShape shape = ReducedShape(a.Shape, axes, keepDimensions);
        return draft.Known(() => ReduceNode(draft, operation, a, axes, keepDimensions, shape), a.Type, shape, ReducedElements(operation, a, axes));
    }

    private static Term ReduceNode(Draft draft, string operation, Term a, long[] axes, bool keepDimensions, PartialShape shape) => draft.Node(
        operation, [a, draft.Integers(axes)], a.Type, shape, NodeAttribute.Of("keepdims", keepDimensions ? 1 : 0));

    private static PartialShape ReducedShape(PartialShape shape, long[] axes, bool keepDimensions) => !shape.HasRank
        ? PartialShape.Unknown
        : keepDimensions
            ? new PartialShape([.. shape.ToArray().Select((size, axis) => axes.Contains(axis) ? 1 : size)])
            : new PartialShape([.. shape.ToArray().Where((_, axis) => !axes.Contains(axis))]);

    // The product, sum or extreme of a vector of sizes.
    private static long?[]? ReducedElements(string operation, Term a, long[] axes)
    {
        if (a.Elements is not { } elements || a.Shape.Rank != 1 || axes is not [0])
        {
            return null;
        }

        if (elements.Contains(null))
        {
            return [operation == "ReduceProd" && elements.Contains(0) ? 0 : null];
        }

        long[] values = [.. elements.Select(static element => element!.Value)];
        return (operation, values.Length) switch
        {
            ("ReduceProd", _) => [OnnxTypes.Wrap(values.Aggregate(1L, static (product, value) => unchecked(product * value)), a.Type)],
            ("ReduceSum", _) => [OnnxTypes.Wrap(values.Aggregate(0L, static (sum, value) => unchecked(sum + value)), a.Type)],
            ("ReduceMax", > 0) => [values.Max()],
            ("ReduceMin", > 0) => [values.Min()],
            _ => null,
        };
    }

    private static PartialShape SliceShape(PartialShape shape, SliceRange[] ranges)
    {
        if (!shape.HasRank)
        {
            return PartialShape.Unknown;
        }

        long[] sizes = shape.ToArray();
        foreach (SliceRange range in ranges)
        {
            sizes[range.Axis] = CountOf(range, sizes[range.Axis]);
        }

        return new PartialShape(sizes);
    }

    private static long CountOf(SliceRange range, long size)
    {
        if (size < 0)
        {
            // From one fixed end a fixed number: known only when the value is long enough, which it must be for TensorFlow as well in the case of one.
            return range is { Step: 1, Start: >= 0, End: > 0 } && range.End == range.Start + 1 ? 1 : -1;
        }

        (long first, long end) = Resolve(range, size);
        return range.Step > 0 ? Math.Max(0, (end - first + range.Step - 1) / range.Step) : Math.Max(0, (first - end - range.Step - 1) / -range.Step);
    }

    private static (long First, long End) Resolve(SliceRange range, long size)
    {
        long first = range.Start < 0 ? range.Start + size : range.Start;
        long end = range.End < 0 ? (range.End < -size ? (range.Step < 0 ? -1 : 0) : range.End + size) : range.End;
        return range.Step > 0
            ? (Math.Clamp(first, 0, size), Math.Clamp(end, 0, size))
            : (Math.Clamp(first, -1, size - 1), Math.Clamp(end, -1, size - 1));
    }

    private static long?[]? Elements(Term a, SliceRange[] ranges)
    {
        if (a.Elements is not { } elements || a.Shape.Rank != 1 || ranges is not [{ } range])
        {
            return null;
        }

        (long first, long end) = Resolve(range, elements.Length);
        List<long?> taken = [];
        for (long i = first; range.Step > 0 ? i < end : i > end; i += range.Step)
        {
            taken.Add(elements[i]);
        }

        return [.. taken];
    }
}
