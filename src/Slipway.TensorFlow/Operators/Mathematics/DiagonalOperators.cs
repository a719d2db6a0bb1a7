using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Mathematics;

/// <summary>Diagonals of matrices, and the bands along them.</summary>
internal static class DiagonalOperators
{
    private const int MaxSize = 4096;
    private const string Limits = "the main diagonal alone";

    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("MatrixBandPart", BandPart),
        KnownOperator.Of("MatrixDiag", static call => Diag(call, call.Tensor(0))),
        KnownOperator.Of("MatrixDiagV2", static call => Main(call, 1, 4) ? Diag(call, call.Tensor(0)) : throw Refusal(), Limits),
        KnownOperator.Of("MatrixDiagV3", static call => Main(call, 1, 4) ? Diag(call, call.Tensor(0)) : throw Refusal(), Limits),
        KnownOperator.Of("MatrixDiagPart", DiagPart),
        KnownOperator.Of("MatrixDiagPartV2", static call => Main(call, 1, null) ? DiagPart(call) : throw Refusal(), Limits),
        KnownOperator.Of("MatrixDiagPartV3", static call => Main(call, 1, null) ? DiagPart(call) : throw Refusal(), Limits),
        KnownOperator.Of("MatrixSetDiag", SetDiag),
        KnownOperator.Of("MatrixSetDiagV2", static call => Main(call, 2, null) ? SetDiag(call) : throw Refusal(), Limits),
        KnownOperator.Of("MatrixSetDiagV3", static call => Main(call, 2, null) ? SetDiag(call) : throw Refusal(), Limits),
        KnownOperator.Of("Diag", static call => OperatorCall.Rank(call.Tensor(0)) == 1 ? Diag(call, call.Tensor(0)) : throw OperatorCall.NotSupported("only vectors are converted")),
        KnownOperator.Of("DiagPart", static call => OperatorCall.Rank(call.Tensor(0)) == 2 ? DiagPart(call) : throw OperatorCall.NotSupported("only matrices are converted")),
    ];

    private static Core.SlipwayException Refusal() => OperatorCall.NotSupported("only the main diagonal of square matrices, with zeros beside it, is converted");

    // The diagonal's number is an input; for matrices that are made, so are their sizes and what is beside the diagonal.
    private static bool Main(OperatorCall call, int diagonal, int? padding) =>
        call.Integers(diagonal, "diagonal").All(static number => number == 0)
        && (padding is not { } at || (call.Constant(at, "padding").ToDoubles() is [0] && SizeIsOpen(call, 2) && SizeIsOpen(call, 3)));

    private static bool SizeIsOpen(OperatorCall call, int input) =>
        call.Integer(input, "size") is var size && (size == -1 || size == call.Tensor(0).Shape[OperatorCall.Rank(call.Tensor(0)) - 1]);

    private static Term BandPart(OperatorCall call)
    {
        Term value = call.Tensor(0);
        long below = call.Integer(1, "number of lower diagonals");
        long above = call.Integer(2, "number of upper diagonals");
        if (above >= 0)
        {
            value = call.Draft.Node("Trilu", [value, call.Draft.Scalar(above, OnnxDataType.Int64)], value.Type, value.Shape, NodeAttribute.Of("upper", 0));
        }

        return below < 0
            ? value
            : call.Draft.Node("Trilu", [value, call.Draft.Scalar(-below, OnnxDataType.Int64)], value.Type, value.Shape, NodeAttribute.Of("upper", 1));
    }

    private static Term Diag(OperatorCall call, Term value)
    {
        int rank = OperatorCall.Rank(value);
        Term onDiagonal = Identity(call, value.Shape[rank - 1], value.Shape[rank - 1]);
        return call.Draft.Where(onDiagonal, call.Draft.Unsqueeze(value, rank), call.Draft.Scalar(0, value.Type));
    }

    private static Term DiagPart(OperatorCall call)
    {
        Term value = call.Tensor(0);
        int rank = OperatorCall.Rank(value);
        if (value.Shape[rank - 1] != value.Shape[rank - 2])
        {
            throw OperatorCall.NotSupported("only square matrices are converted");
        }

        // Choosing, not multiplying: what is beside the diagonal may be infinite.
        Term onDiagonal = Identity(call, value.Shape[rank - 1], value.Shape[rank - 1]);
        return call.Draft.Reduce("ReduceSum", call.Draft.Where(onDiagonal, value, call.Draft.Scalar(0, value.Type)), [rank - 1], keepDimensions: false);
    }

    private static Term SetDiag(OperatorCall call)
    {
        Term value = call.Tensor(0);
        Term diagonal = call.Tensor(1);
        int rank = OperatorCall.Rank(value);
        long rows = value.Shape[rank - 2];
        long columns = value.Shape[rank - 1];

        // Along the shorter side, so that it goes with the longer one.
        Term spread = call.Draft.Unsqueeze(diagonal, columns <= rows ? rank - 2 : rank - 1);
        return call.Draft.Where(Identity(call, rows, columns), spread, value);
    }

    private static Term Identity(OperatorCall call, long rows, long columns)
    {
        if (rows is < 0 or > MaxSize || columns is < 0 or > MaxSize)
        {
            throw OperatorCall.NotSupported("the size of the matrices is not known at conversion, or large");
        }

        float[] ones = new float[rows * columns];
        for (int i = 0; i < Math.Min(rows, columns); i++)
        {
            ones[(i * columns) + i] = 1;
        }

        return call.Draft.Cast(call.Draft.Floats(ones, new PartialShape(rows, columns)), OnnxDataType.Bool);
    }
}
