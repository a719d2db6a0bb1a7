using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Mathematics;

/// <summary>Functions that ONNX has no operator for, and running products.</summary>
internal static class SpecialFunctionOperators
{
    private const long MaxRunning = 65_536;

    // erfc(x) = t exp(-x² + p(t)), t = 1 / (1 + |x| / 2), for positive x: W. Press et al., Numerical Recipes, 6.2; relative error below 1.2e-7.
    private static readonly double[] ErfcPolynomial = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];

    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("Erfc", static call => Erfc(call.Draft, call.Tensor(0))),
        KnownOperator.Of("Xdivy", static call => ZeroWhereZero(call, call.Draft.Div(call.Tensor(0), call.Tensor(1)))),
        KnownOperator.Of("Xlog1py", static call => ZeroWhereZero(
            call, call.Draft.Mul(call.Tensor(0), call.Draft.Unary("Log", call.Draft.Add(call.Tensor(1), call.Draft.Scalar(1, call.Tensor(1).Type)))))),
        KnownOperator.Of("Invert", static call => call.Draft.Unary("BitwiseNot", call.Tensor(0))),
        KnownOperator.Of("Cumprod", Cumprod, "along a dimension of known size"),
        KnownOperator.Of("Print", static call => call.Tensor(0)),
    ];

    private static Term ZeroWhereZero(OperatorCall call, Term value)
    {
        Term first = call.Tensor(0);
        return call.Draft.Where(call.Draft.Equal(first, call.Draft.Scalar(0, first.Type)), call.Draft.Scalar(0, value.Type), value);
    }

    private static Term Erfc(Draft draft, Term x)
    {
        if (x.Type != OnnxDataType.Float)
        {
            throw OperatorCall.NotSupported($"it computes in {x.Type}; only single precision is converted");
        }

        Term One(double value) => draft.Scalar(value, x.Type);
        Term size = draft.Abs(x);
        Term t = draft.Unary("Reciprocal", draft.Add(One(1), draft.Mul(One(0.5), size)));
        Term sum = ErfcPolynomial.Reverse().Select(One).Aggregate((inner, next) => draft.Add(next, draft.Mul(t, inner)));
        Term positive = draft.Mul(t, draft.Unary("Exp", draft.Sub(sum, draft.Square(size))));
        return draft.Where(draft.Less(x, One(0)), draft.Sub(One(2), positive), positive);
    }

    // Each round multiplies by what is as far behind as was put together before: 1, 2, 4 … places.
    private static Term Cumprod(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term value = call.Tensor(0);
        int axis = OperatorCall.Axis(call.Integer(1, "axis"), value);
        long size = OperatorCall.Rank(value) > axis ? value.Shape[axis] : -1;
        if (size is < 0 or > MaxRunning)
        {
            throw OperatorCall.NotSupported("the size of the dimension is not known at conversion, or large");
        }

        bool reverse = call.Flag("reverse");
        Term Shifted(Term term, long by)
        {
            Term kept = draft.Slice(term, [reverse ? new SliceRange(axis, by, long.MaxValue, 1) : new SliceRange(axis, 0, size - by, 1)]);
            long[] none = new long[value.Shape.Rank];
            long[] width = new long[value.Shape.Rank];
            width[axis] = by;
            return PadOperators.Constant(draft, kept, reverse ? none : width, reverse ? width : none, draft.Scalar(1, value.Type));
        }

        Term product = call.Flag("exclusive") && size > 0 ? Shifted(value, 1) : value;
        for (long by = 1; by < size; by *= 2)
        {
            product = draft.Mul(product, Shifted(product, by));
        }

        return product;
    }
}
