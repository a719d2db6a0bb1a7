using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Mathematics;

/// <summary>Products of matrices, and the bias that follows them.</summary>
internal static class MatrixOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("MatMul", static call => Product(call, "transpose_a", "transpose_b", rank: 2)),
        KnownOperator.Of("BatchMatMul", static call => Product(call, "adj_x", "adj_y", rank: null)),
        KnownOperator.Of("BatchMatMulV2", static call => Product(call, "adj_x", "adj_y", rank: null)),
        KnownOperator.Of("BatchMatMulV3", static call => Product(call, "adj_x", "adj_y", rank: null)),
        KnownOperator.Of("Einsum", Einsum),
        KnownOperator.Of("BiasAdd", BiasAdd),
        KnownOperator.Of("BiasAddV1", static call => call.Draft.Add(call.Tensor(0), call.Tensor(1))),
        KnownOperator.Of("L2Loss", L2Loss),
    ];

    private static Term Product(OperatorCall call, string transposeA, string transposeB, int? rank)
    {
        Term a = Turn(call, call.Tensor(0), call.Flag(transposeA), rank);
        Term b = Turn(call, call.Tensor(1), call.Flag(transposeB), rank);
        PartialShape shape = ShapeRules.MatMul(rank is { } r && !a.Shape.HasRank ? PartialShape.OfRank(r) : a.Shape, rank is { } s && !b.Shape.HasRank ? PartialShape.OfRank(s) : b.Shape);
        return call.Draft.Node("MatMul", [a, b], a.Type, shape);
    }

    // The last two dimensions change places.
    private static Term Turn(OperatorCall call, Term matrix, bool transpose, int? rank)
    {
        if (!transpose)
        {
            return matrix;
        }

        int dimensions = rank ?? OperatorCall.Rank(matrix);
        long[] order = [.. Enumerable.Range(0, dimensions).Select(static axis => (long)axis)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return call.Draft.Transpose(matrix, order);
    }

    // Letters may be of either case in both; blanks are ONNX's to ignore.
    private static Term Einsum(OperatorCall call)
    {
        string equation = call.Attribute("equation", "");
        Term[] operands = call.Tensors();
        return call.Draft.Node("Einsum", operands, operands[0].Type, EinsumShape(equation, operands), NodeAttribute.Of("equation", equation));
    }

    private static PartialShape EinsumShape(string equation, Term[] operands)
    {
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length != 2 || equation.Contains('.', StringComparison.Ordinal) || terms.Length != operands.Length)
        {
            return PartialShape.Unknown;
        }

        Dictionary<char, long> sizes = [];
        for (int i = 0; i < terms.Length; i++)
        {
            if (!operands[i].Shape.HasRank)
            {
                continue;
            }

            if (operands[i].Shape.Rank != terms[i].Length)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"operand {i + 1} of '{equation}' has {operands[i].Shape.Rank} dimensions");
            }

            for (int axis = 0; axis < terms[i].Length; axis++)
            {
                long known = sizes.GetValueOrDefault(terms[i][axis], -1);
                sizes[terms[i][axis]] = operands[i].Shape[axis] is -1 or 1 && known >= 0 ? known : operands[i].Shape[axis];
            }
        }

        return new PartialShape([.. sides[1].Select(letter => sizes.GetValueOrDefault(letter, -1))]);
    }

    private static Term BiasAdd(OperatorCall call)
    {
        Term value = call.Tensor(0);
        Term bias = call.Tensor(1);
        if (call.Attribute("data_format", "NHWC") != "NCHW" || !value.Shape.HasRank || value.Shape.Rank == 2)
        {
            return call.Draft.Add(value, bias);
        }

        return call.Draft.Add(value, call.Draft.Reshape(bias, [-1, .. Enumerable.Repeat(1L, value.Shape.Rank - 2)]));
    }

    private static Term L2Loss(OperatorCall call)
    {
        Term value = call.Tensor(0);
        long[] axes = [.. Enumerable.Range(0, OperatorCall.Rank(value)).Select(static axis => (long)axis)];
        return call.Draft.Mul(call.Draft.Reduce("ReduceSum", call.Draft.Square(value), axes, keepDimensions: false), call.Draft.Scalar(0.5, value.Type));
    }
}
