using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators;

/// <summary>Matrices that are given by positions and values, made whole.</summary>
internal static class SparseOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("SparseToDense", ToDense),
        KnownOperator.Of("SparseTensorDenseMatMul", MatMul),
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
}
