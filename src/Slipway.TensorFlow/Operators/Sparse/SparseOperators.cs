using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Sparse;

/// <summary>Tensors that are given by positions and values: made whole, put into another shape, filled up.</summary>
internal static class SparseOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("SparseToDense", ToDense),
        KnownOperator.Of("SparseTensorDenseMatMul", MatMul),
        KnownOperator.Of("SparseTensorDenseAdd", static call => GatherOperators.ScatterNode(call.Draft, call.Tensor(3), call.Tensor(0), call.Tensor(1), "add")),
        KnownOperator.Of("SparseDenseCwiseMul", static call => call.Draft.Mul(call.Tensor(1), Partners(call))),
        KnownOperator.Of("SparseDenseCwiseDiv", static call => call.Draft.Div(call.Tensor(1), Partners(call))),
        KnownOperator.Of("SparseDenseCwiseAdd", static call => call.Draft.Add(call.Tensor(1), Partners(call))),
        KnownOperator.Of("SparseReduceSum", ReduceSum),
        new("SparseReorder", Reorder),
        new("SparseReshape", Reshape),
        new("SparseFillEmptyRows", FillEmptyRows),
        new("SparseConcat", Join),
    ];

    private static Term ToDense(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term positions = draft.Long(call.Tensor(0));
        Term shape = draft.Long(call.Tensor(1));
        Term values = call.Tensor(2);
        Term absent = call.Tensor(3);
        int rank = OperatorCall.Rank(positions);

        // One position, positions in a vector, or one row each.
        positions = rank == 0 ? draft.Reshape(positions, 1, 1) : rank == 1 ? draft.Unsqueeze(positions, 1) : positions;
        Term count = draft.Slice(draft.Shape(positions), [new SliceRange(0, 0, 1, 1)]);
        Term spread = draft.Expand(values, count);
        return GatherOperators.ScatterNode(draft, draft.Expand(absent, shape), positions, spread, "none");
    }

    private static Term MatMul(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term values = call.Tensor(1);
        Term zeros = draft.Expand(draft.Scalar(0, values.Type), draft.Long(call.Tensor(2)));
        Term a = Turn(draft, Draft.WithShape(GatherOperators.ScatterNode(draft, zeros, call.Tensor(0), values, "add"), zeros.Shape.HasRank ? zeros.Shape : PartialShape.OfRank(2)), call.Flag("adjoint_a"));
        Term b = Turn(draft, call.Tensor(3), call.Flag("adjoint_b"));
        return draft.Node("MatMul", [a, b], a.Type, ShapeRules.MatMul(a.Shape, b.Shape));
    }

    private static Term Turn(Draft draft, Term matrix, bool transpose) => transpose ? draft.Transpose(matrix, 1, 0) : matrix;

    private static Term Whole(Draft draft, Term positions, Term values, Term sizes) =>
        GatherOperators.ScatterNode(draft, draft.Expand(draft.Scalar(0, values.Type), draft.Long(sizes)), positions, values, "add");

    // The values of a whole tensor that lie where the sparse one has some.
    private static Term Partners(OperatorCall call)
    {
        Draft draft = call.Draft;
        return GatherOperators.GatherNd(draft, draft.Expand(call.Tensor(3), draft.Long(call.Tensor(2))), call.Tensor(0), 0);
    }

    private static Term ReduceSum(OperatorCall call)
    {
        Draft draft = call.Draft;
        int rank = SparseParts.RankOf(call.Tensor(0), call.Tensor(2));
        Term whole = Draft.WithShape(Whole(draft, call.Tensor(0), call.Tensor(1), call.Tensor(2)), PartialShape.OfRank(rank));
        long[] named = call.Integers(3, "list of dimensions");
        long[] axes = named.Length == 0 ? [.. Enumerable.Range(0, rank).Select(static axis => (long)axis)] : [.. named.Select(axis => (long)ShapeRules.Axis(axis, rank)).Distinct().Order()];
        return draft.Reduce("ReduceSum", whole, axes, call.Flag("keep_dims"));
    }

    private static Value[] Reorder(OperatorCall call)
    {
        Term positions = call.Draft.Long(call.Tensor(0));
        return Sorted(call.Draft, positions, call.Tensor(1), call.Draft.Long(call.Tensor(2)), SparseParts.RankOf(positions, call.Tensor(2)));
    }

    private static Value[] Sorted(Draft draft, Term positions, Term values, Term sizes, int rank)
    {
        Term order = SparseParts.Order(draft, SparseParts.Flat(draft, positions, sizes, rank));
        return [draft.Gather(positions, order, 0), draft.Gather(values, order, 0)];
    }

    // One size may be left open: it is what the others leave.
    private static IReadOnlyList<Value> Reshape(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term positions = draft.Long(call.Tensor(0));
        Term sizes = draft.Long(call.Tensor(1));
        Term asked = draft.Long(call.Tensor(2));
        int rank = SparseParts.RankOf(positions, sizes);
        int newRank = asked.Shape.HasRank && asked.Shape.Rank == 1 && asked.Shape[0] >= 1 ? (int)asked.Shape[0] : throw OperatorCall.NotSupported("the number of dimensions that it gives is not known at conversion");
        Term all = draft.Reduce("ReduceProd", sizes, [0], keepDimensions: true);
        Term rest = draft.Max(draft.Abs(draft.Reduce("ReduceProd", asked, [0], keepDimensions: true)), draft.Integers([1]));
        Term result = draft.Where(draft.Less(asked, draft.Integers([0])), draft.Div(all, rest), asked);
        Term flat = SparseParts.Flat(draft, positions, sizes, rank);
        return [SparseParts.Positions(draft, flat, result, newRank), result];
    }

    // Rows without values get one, of the default; the rows are in order afterwards.
    private static IReadOnlyList<Value> FillEmptyRows(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term positions = draft.Long(call.Tensor(0));
        Term values = call.Tensor(1);
        Term sizes = draft.Long(call.Tensor(2));
        int rank = SparseParts.RankOf(positions, sizes);
        Term rows = SparseParts.Along(draft, positions, 0);
        Term empty = draft.Equal(SparseParts.Lengths(draft, rows, SparseParts.Size(draft, sizes, 0)), draft.Scalar(0, OnnxDataType.Int64));
        Term lacking = draft.Squeeze(draft.Node("NonZero", [empty], OnnxDataType.Int64, new PartialShape(1, -1)), 0);
        Term added = draft.Concat([draft.Unsqueeze(lacking, 1), .. Enumerable.Range(1, rank - 1).Select(_ => draft.Unsqueeze(draft.Mul(lacking, draft.Scalar(0, OnnxDataType.Int64)), 1))], 1);
        Term allRows = draft.Concat([rows, lacking], 0);
        Term count = draft.Shape(allRows);
        Term places = SparseParts.Count(draft, count);
        Term order = SparseParts.Order(draft, draft.Add(draft.Mul(allRows, count), places));
        Term filled = draft.Gather(draft.Concat([values, draft.Expand(draft.Cast(call.Tensor(3), values.Type), draft.Shape(lacking))], 0), order, 0);
        Term found = GatherOperators.ScatterNode(draft, draft.Expand(draft.Scalar(0, OnnxDataType.Int64), count), draft.Unsqueeze(order, 1), places, "none");
        Term origins = draft.Node("Slice", [found, draft.Integers([0]), draft.Shape(rows), draft.Integers([0])], OnnxDataType.Int64, new PartialShape(-1));
        return [draft.Gather(draft.Concat([positions, added], 0), order, 0), filled, empty, origins];
    }

    private static IReadOnlyList<Value> Join(OperatorCall call)
    {
        Draft draft = call.Draft;
        int count = call.Inputs.Count / 3;
        Term[] positions = [.. Enumerable.Range(0, count).Select(i => draft.Long(call.Tensor(i)))];
        Term[] values = [.. Enumerable.Range(count, count).Select(call.Tensor)];
        Term[] sizes = [.. Enumerable.Range(2 * count, count).Select(i => draft.Long(call.Tensor(i)))];
        int rank = SparseParts.RankOf(positions[0], sizes[0]);
        int axis = ShapeRules.Axis(call.Attribute("concat_dim", 0L), rank);
        Term passed = SparseParts.Size(draft, sizes[0], axis);
        for (int i = 1; i < count; i++)
        {
            positions[i] = draft.Add(positions[i], OneSize(draft, passed, axis, rank));
            passed = draft.Add(passed, SparseParts.Size(draft, sizes[i], axis));
        }

        Term whole = draft.Concat([.. Enumerable.Range(0, rank).Select(i => i == axis ? passed : SparseParts.Size(draft, sizes[0], i))], 0);
        return [.. Sorted(draft, draft.Concat(positions, 0), draft.Concat(values, 0), whole, rank), whole];
    }

    // A size at one dimension and zero at the others.
    private static Term OneSize(Draft draft, Term size, int axis, int rank) => draft.Mul(size, draft.Integers([.. Enumerable.Range(0, rank).Select(i => i == axis ? 1L : 0L)]));
}
