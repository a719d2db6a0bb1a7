using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Sparse;

/// <summary>What operators on sparse tensors and on rows of varying length have in common. Positions are <c>[M, rank]</c>, sizes <c>[rank]</c>, all of them INT64.</summary>
internal static class SparseParts
{
    /// <summary>One size as a vector of one.</summary>
    public static Term Size(Draft draft, Term sizes, int axis) => draft.Slice(sizes, [new SliceRange(0, axis, axis + 1, 1)]);

    /// <summary>The numbers of one dimension of positions, <c>[M]</c>.</summary>
    public static Term Along(Draft draft, Term positions, int axis) => draft.Squeeze(draft.Slice(positions, [new SliceRange(1, axis, axis + 1, 1)]), 1);

    /// <summary>0, 1, 2 … as many as a vector of one says.</summary>
    public static Term Count(Draft draft, Term count) => draft.Node(
        "Range", [draft.Scalar(0, OnnxDataType.Int64), draft.Reshape(count, draft.Integers([])), draft.Scalar(1, OnnxDataType.Int64)], OnnxDataType.Int64, new PartialShape(-1));

    /// <summary>Positions as single numbers, row by row, <c>[M]</c>.</summary>
    public static Term Flat(Draft draft, Term positions, Term sizes, int rank)
    {
        Term[] steps = Steps(draft, sizes, rank);
        Term flat = Along(draft, positions, rank - 1);
        for (int axis = 0; axis < rank - 1; axis++)
        {
            flat = draft.Add(draft.Mul(Along(draft, positions, axis), steps[axis]), flat);
        }

        return flat;
    }

    /// <summary>Single numbers as positions.</summary>
    public static Term Positions(Draft draft, Term flat, Term sizes, int rank)
    {
        // A size of zero means that there are no values; nothing is divided by it all the same.
        Term one = draft.Integers([1]);
        Term[] steps = Steps(draft, sizes, rank);
        Term[] parts = [.. Enumerable.Range(0, rank).Select(axis =>
        {
            Term whole = axis == rank - 1 ? flat : draft.Div(flat, draft.Max(steps[axis], one));
            Term place = axis == 0 ? whole : draft.Sub(whole, draft.Mul(draft.Div(whole, draft.Max(Size(draft, sizes, axis), one)), Size(draft, sizes, axis)));
            return draft.Unsqueeze(place, 1);
        })];
        return draft.Concat(parts, 1);
    }

    /// <summary>Which numbers come first, second …: the order that sorts them, <c>[M]</c>. All of them are different.</summary>
    public static Term Order(Draft draft, Term numbers) => draft.Nodes(
        "TopK",
        [numbers, draft.Shape(numbers)],
        [(numbers.Type, new PartialShape(-1)), (OnnxDataType.Int64, new PartialShape(-1))],
        NodeAttribute.Of("axis", 0),
        NodeAttribute.Of("largest", 0),
        NodeAttribute.Of("sorted", 1))[1];

    /// <summary>How often each row is among <paramref name="rows"/>: <c>[N]</c> for <paramref name="count"/> rows.</summary>
    public static Term Lengths(Draft draft, Term rows, Term count) => GatherOperators.ScatterNode(
        draft,
        draft.Expand(draft.Scalar(0, OnnxDataType.Int64), count),
        draft.Unsqueeze(rows, 1),
        draft.Expand(draft.Scalar(1, OnnxDataType.Int64), draft.Shape(rows)),
        "add");

    /// <summary>Where the values of each row begin, when they lie row by row: <c>[N]</c>.</summary>
    public static Term Starts(Draft draft, Term lengths) => draft.Node(
        "CumSum", [lengths, draft.Scalar(0, OnnxDataType.Int64)], OnnxDataType.Int64, new PartialShape(-1), NodeAttribute.Of("exclusive", 1));

    /// <summary>Where the values of each row begin, and at last where they end: <c>[N + 1]</c>.</summary>
    public static Term Splits(Draft draft, Term lengths) => draft.Concat(
        [draft.Integers([0]), draft.Node("CumSum", [lengths, draft.Scalar(0, OnnxDataType.Int64)], OnnxDataType.Int64, new PartialShape(-1))], 0);

    /// <summary>The longest of the lengths, a vector of one; zero when there are no rows.</summary>
    public static Term Longest(Draft draft, Term lengths) => draft.Reduce("ReduceMax", draft.Concat([lengths, draft.Integers([0])], 0), [0], keepDimensions: true);

    /// <summary>Rank of the tensor that positions or sizes are of.</summary>
    /// <exception cref="Core.SlipwayException">It is not known.</exception>
    public static int RankOf(Term positions, Term sizes) =>
        positions.Shape.HasRank && positions.Shape.Rank == 2 && positions.Shape[1] >= 0 ? (int)positions.Shape[1]
        : sizes.Shape.HasRank && sizes.Shape.Rank == 1 && sizes.Shape[0] >= 0 ? (int)sizes.Shape[0]
        : throw OperatorCall.NotSupported("the number of dimensions of its sparse input is not known at conversion");

    // How far apart neighbours along each dimension lie.
    private static Term[] Steps(Draft draft, Term sizes, int rank)
    {
        Term[] steps = new Term[rank];
        steps[^1] = draft.Integers([1]);
        for (int axis = rank - 2; axis >= 0; axis--)
        {
            steps[axis] = draft.Mul(steps[axis + 1], Size(draft, sizes, axis + 1));
        }

        return steps;
    }
}
