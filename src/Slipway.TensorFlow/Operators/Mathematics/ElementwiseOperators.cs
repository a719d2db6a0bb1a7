using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Mathematics;

/// <summary>Arithmetic, comparison and logic, element by element.</summary>
internal static class ElementwiseOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        Binary("Add", Arithmetic.Add),
        Binary("AddV2", Arithmetic.Add),
        Binary("Sub", Arithmetic.Sub),
        Binary("Mul", Arithmetic.Mul),
        Binary("RealDiv", Arithmetic.Div),
        Binary("Div", Divide),
        Binary("TruncateDiv", Arithmetic.Div),
        Binary("FloorDiv", FloorDivide),
        Binary("FloorMod", FloorModulo),
        Binary("Mod", TruncateModulo),
        Binary("TruncateMod", TruncateModulo),
        Binary("Maximum", Arithmetic.Max),
        Binary("Minimum", Arithmetic.Min),
        Binary("Pow", Arithmetic.Pow),
        Binary("SquaredDifference", static (draft, a, b) => draft.Square(draft.Sub(a, b))),
        Binary("DivNoNan", static (draft, a, b) => NoNan(draft, b, draft.Div(a, b))),
        Binary("MulNoNan", static (draft, a, b) => NoNan(draft, b, draft.Mul(a, b))),
        Binary("Xlogy", static (draft, a, b) => NoNan(draft, a, draft.Mul(a, draft.Unary("Log", b)))),
        Binary("Equal", Arithmetic.Equal),
        Binary("NotEqual", static (draft, a, b) => draft.Not(draft.Equal(a, b))),
        Binary("Less", Arithmetic.Less),
        Binary("LessEqual", Arithmetic.LessOrEqual),
        Binary("Greater", Arithmetic.Greater),
        Binary("GreaterEqual", Arithmetic.GreaterOrEqual),
        Binary("LogicalAnd", Arithmetic.And),
        Binary("LogicalOr", Arithmetic.Or),
        Binary("BitwiseAnd", static (draft, a, b) => draft.Binary("BitwiseAnd", a, b)),
        Binary("BitwiseOr", static (draft, a, b) => draft.Binary("BitwiseOr", a, b)),
        Binary("BitwiseXor", static (draft, a, b) => draft.Binary("BitwiseXor", a, b)),
        Binary("Atan2", Angle),
        Unary("LogicalNot", Arithmetic.Not),
        Unary("Neg", Arithmetic.Neg),
        Unary("Abs", Arithmetic.Abs),
        .. new[] { "Sign", "Exp", "Log", "Sqrt", "Floor", "Ceil", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Erf", "Reciprocal" }
            .Select(static name => Unary(name, (draft, a) => draft.Unary(name, a))),
        Unary("Inv", static (draft, a) => draft.Unary("Reciprocal", a)),
        Unary("Round", static (draft, a) => a.Type.IsFloating() ? draft.Unary("Round", a) : a),
        Unary("Rint", static (draft, a) => draft.Unary("Round", a)),
        Unary("Square", Square),
        Unary("Rsqrt", static (draft, a) => draft.Unary("Reciprocal", draft.Unary("Sqrt", a))),
        Unary("Log1p", Log1p),
        Unary("Expm1", Expm1),
        Unary("IsNan", static (draft, a) => draft.Unary("IsNaN", a, OnnxDataType.Bool)),
        Unary("IsInf", static (draft, a) => draft.Unary("IsInf", a, OnnxDataType.Bool)),
        Unary("IsFinite", static (draft, a) => draft.Not(draft.Or(draft.Unary("IsNaN", a, OnnxDataType.Bool), draft.Unary("IsInf", a, OnnxDataType.Bool)))),
        KnownOperator.Of("Cast", Cast, "not from or to text"),
        KnownOperator.Of("AddN", static call => call.Tensors().Aggregate((a, b) => call.Draft.Add(a, b))),
        KnownOperator.Of("AccumulateNV2", static call => call.Tensors().Aggregate((a, b) => call.Draft.Add(a, b))),
        KnownOperator.Of("ClipByValue", static call => call.Draft.Max(call.Draft.Min(call.Tensor(0), call.Tensor(2)), call.Tensor(1))),
        KnownOperator.Of("Select", Select),
        KnownOperator.Of("SelectV2", static call => call.Draft.Where(call.Tensor(0), call.Tensor(1), call.Tensor(2))),
        KnownOperator.Of("ApproximateEqual", static call => call.Draft.Less(
            call.Draft.Abs(call.Draft.Sub(call.Tensor(0), call.Tensor(1))), call.Draft.Scalar(call.Attribute("tolerance", 1e-5f), call.Tensor(0).Type))),
    ];

    /// <summary>a².</summary>
    public static Term Square(this Draft draft, Term a) => draft.Mul(a, a);

    // log(1 + a) corrected for what the addition rounds away (W. Kahan; N. Higham, Accuracy and Stability of Numerical Algorithms, 1.14.1).
    private static Term Log1p(Draft draft, Term a)
    {
        Term one = draft.Scalar(1, a.Type);
        Term sum = draft.Add(a, one);
        Term corrected = draft.Div(draft.Mul(draft.Unary("Log", sum), a), draft.Sub(sum, one));
        Term exact = draft.Or(draft.Equal(sum, one), draft.Unary("IsInf", a, OnnxDataType.Bool));
        return draft.Where(exact, a, corrected);
    }

    // exp(a) - 1 corrected likewise; beyond the range in which that is defined it is the plain difference.
    private static Term Expm1(Draft draft, Term a)
    {
        Term one = draft.Scalar(1, a.Type);
        Term power = draft.Unary("Exp", a);
        Term difference = draft.Sub(power, one);
        Term corrected = draft.Div(draft.Mul(difference, a), draft.Unary("Log", power));
        Term isFar = draft.Greater(draft.Abs(a), draft.Scalar(0.5, a.Type));
        return draft.Where(draft.Equal(power, one), a, draft.Where(isFar, difference, corrected));
    }

    private static KnownOperator Binary(string name, Func<Draft, Term, Term, Term> convert) => KnownOperator.Of(name, call => convert(call.Draft, call.Tensor(0), call.Tensor(1)));

    private static KnownOperator Unary(string name, Func<Draft, Term, Term> convert) => KnownOperator.Of(name, call => convert(call.Draft, call.Tensor(0)));

    // The old division of integers rounds towards minus infinity.
    private static Term Divide(Draft draft, Term a, Term b) => a.Type.IsFloating() ? draft.Div(a, b) : draft.FloorDiv(a, b);

    private static Term FloorDivide(Draft draft, Term a, Term b) => a.Type.IsFloating() ? draft.Unary("Floor", draft.Div(a, b)) : draft.FloorDiv(a, b);

    private static Term FloorModulo(Draft draft, Term a, Term b) => a.Type.IsFloating()
        ? FloorOfRemainder(draft, a, b)
        : draft.FloorMod(a, b);

    // fmod has the sign of the dividend: where that is not the divisor's, one divisor is added.
    private static Term FloorOfRemainder(Draft draft, Term a, Term b)
    {
        Term zero = draft.Scalar(0, a.Type);
        Term rest = TruncateModulo(draft, a, b);
        Term signsDiffer = draft.Less(draft.Mul(rest, b), zero);
        return draft.Where(signsDiffer, draft.Add(rest, b), rest);
    }

    private static Term TruncateModulo(Draft draft, Term a, Term b)
    {
        PartialShape shape = ShapeRules.Broadcast(a.Shape, b.Shape);
        return draft.Node("Mod", [a, b], a.Type, shape, NodeAttribute.Of("fmod", 1));
    }

    // The angle of the point (b, a): the arc tangent of their quotient, corrected by half a turn on the left and read off the axis where b is zero.
    private static Term Angle(Draft draft, Term a, Term b)
    {
        Term zero = draft.Scalar(0, a.Type);
        Term half = draft.Where(draft.Less(a, zero), draft.Scalar(-Math.PI, a.Type), draft.Scalar(Math.PI, a.Type));
        Term right = draft.Unary("Atan", draft.Div(a, b));
        Term sided = draft.Where(draft.Less(b, zero), draft.Add(right, half), right);
        Term axis = draft.Where(draft.Equal(a, zero), zero, draft.Div(half, draft.Scalar(2, a.Type)));
        return draft.Where(draft.Equal(b, zero), axis, sided);
    }

    private static Term NoNan(Draft draft, Term zeroWhere, Term value) =>
        draft.Where(draft.Equal(zeroWhere, draft.Scalar(0, zeroWhere.Type)), draft.Scalar(0, value.Type), value);

    private static Term Cast(OperatorCall call)
    {
        Term value = call.Tensor(0);
        OnnxDataType type = call.Attribute("DstT", TensorFlowType.Invalid).ToOnnx();
        return type == OnnxDataType.String || value.Type == OnnxDataType.String ? throw OperatorCall.NotSupported("text is not cast") : call.Draft.Cast(value, type);
    }

    // The old form takes whole rows by a vector of conditions.
    private static Term Select(OperatorCall call)
    {
        Term condition = call.Tensor(0);
        Term a = call.Tensor(1);
        if (OperatorCall.Rank(condition) == 1 && OperatorCall.Rank(a) > 1)
        {
            condition = call.Draft.Reshape(condition, [-1, .. Enumerable.Repeat(1L, a.Shape.Rank - 1)]);
        }

        return call.Draft.Where(condition, a, call.Tensor(2));
    }
}
