using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Drafting;

/// <summary>
/// Transposes, moved towards the outputs. TensorFlow keeps channels last and ONNX's image operators want them first; a transpose before and after each would cost
/// more than many an operator. So what works on elements is done before the transpose that its input comes from, and two transposes in a row become one or none.
/// </summary>
internal static class Layouts
{
    // A constant larger than this is left to the engine, which transposes it once when it loads the model.
    private const int MaxConstantElements = 64 << 20;

    /// <summary>Dimension <c>permutation[i]</c> at place i.</summary>
    public static Term Transpose(this Draft draft, Term term, params long[] permutation)
    {
        if (IsIdentity(permutation))
        {
            return term;
        }

        PartialShape shape = ShapeRules.Permute(term.Shape, permutation);
        if (term.Constant is { Count: <= MaxConstantElements } constant)
        {
            return draft.Constant(ConstantTranspose.Apply(constant, permutation));
        }

        if (term.Producer is { Permutation: { } before } step)
        {
            return draft.Transpose(step.Inputs[0]!, [.. permutation.Select(axis => before[axis])]);
        }

        return draft.TransposeNode(term, permutation, shape);
    }

    /// <summary>From <c>[N,…,C]</c> to <c>[N,C,…]</c>.</summary>
    public static Term ChannelsFirst(this Draft draft, Term term, int rank) => draft.Transpose(term, ToFirst(rank));

    /// <summary>From <c>[N,C,…]</c> to <c>[N,…,C]</c>.</summary>
    public static Term ChannelsLast(this Draft draft, Term term, int rank) => draft.Transpose(term, ToLast(rank));

    /// <summary>The transpose that a term comes from, or null.</summary>
    public static long[]? PermutationOf(Term term) => term.Producer?.Permutation;

    /// <summary>
    /// Makes an elementwise node, before the transpose that its inputs come from where there is one and the other inputs can follow.
    /// </summary>
    /// <param name="make">Makes the node from inputs that broadcast as the given ones do.</param>
    public static Term Elementwise(this Draft draft, IReadOnlyList<Term> inputs, Func<IReadOnlyList<Term>, Term> make)
    {
        long[]? permutation = inputs.Select(PermutationOf).FirstOrDefault(static order => order is not null);
        if (permutation is null)
        {
            return make(inputs);
        }

        Term[] moved = new Term[inputs.Count];
        for (int i = 0; i < moved.Length; i++)
        {
            if (TryMove(draft, inputs[i], permutation) is not { } input)
            {
                return make(inputs);
            }

            moved[i] = input;
        }

        return draft.Transpose(make(moved), permutation);
    }

    /// <summary>Where dimension <paramref name="axis"/> of a transposed term lies in what was transposed.</summary>
    public static int SourceAxis(long[] permutation, int axis) => (int)permutation[axis];

    /// <summary>The permutation that undoes another.</summary>
    public static long[] Invert(ReadOnlySpan<long> permutation)
    {
        long[] inverse = new long[permutation.Length];
        for (int i = 0; i < inverse.Length; i++)
        {
            inverse[permutation[i]] = i;
        }

        return inverse;
    }

    /// <summary>Whether a permutation changes nothing.</summary>
    public static bool IsIdentity(ReadOnlySpan<long> permutation)
    {
        for (int i = 0; i < permutation.Length; i++)
        {
            if (permutation[i] != i)
            {
                return false;
            }
        }

        return true;
    }

    // What an operand looks like before the transpose; null when that would cost a transpose of something large, or can't be said.
    private static Term? TryMove(Draft draft, Term term, long[] permutation)
    {
        if (PermutationOf(term) is { } own)
        {
            return own.AsSpan().SequenceEqual(permutation) ? term.Producer!.Inputs[0] : null;
        }

        if (!term.Shape.HasRank || term.Shape.Rank > permutation.Length)
        {
            return null;
        }

        if (term.Shape.ElementCount() == 1 && term.Shape.Rank <= 1)
        {
            return term;
        }

        if (term.Constant is { } constant)
        {
            long[] aligned = [.. Enumerable.Repeat(1L, permutation.Length - term.Shape.Rank), .. term.Shape.Dimensions];
            Term full = draft.Constant(constant.Strings is { } strings ? new TensorData(new PartialShape(aligned), strings) : new TensorData(constant.Type, new PartialShape(aligned), constant.Raw));
            return draft.Transpose(full, Invert(permutation));
        }

        // One number for each channel of each image is cheap to turn.
        ReadOnlySpan<long> dimensions = term.Shape.Dimensions;
        bool isSmall = dimensions.Length == permutation.Length && dimensions.Length > 2 && !dimensions[1..^1].ContainsAnyExcept(1L);
        return isSmall ? draft.Transpose(term, Invert(permutation)) : null;
    }

    private static long[] ToFirst(int rank) => [0, rank - 1, .. Enumerable.Range(1, rank - 2).Select(static axis => (long)axis)];

    private static long[] ToLast(int rank) => [0, .. Enumerable.Range(2, rank - 2).Select(static axis => (long)axis), 1];
}
