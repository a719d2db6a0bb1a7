using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>Functions that neither .NET nor the engine has in binary64.</summary>
internal static class SpecialFunctions
{
    // W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23 (1969), lowest power last.
    private static readonly double[] ErfSmallAbove = [1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
    private static readonly double[] ErfSmallBelow = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];

    private static readonly double[] ErfcMiddleAbove =
    [
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3,
        2.05107837782607147e3, 1.23033935479799725e3,
    ];

    private static readonly double[] ErfcMiddleBelow =
    [
        1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
        1.23033935480374942e3,
    ];

    // The inverse of the normal distribution: P. J. Acklam's rational approximation, which two steps of Halley's method make exact to rounding.
    private static readonly double[] QuantileCentreAbove =
        [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00];

    private static readonly double[] QuantileCentreBelow =
        [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01, 1];

    private static readonly double[] QuantileTailAbove =
        [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00];

    private static readonly double[] QuantileTailBelow = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1];

    /// <summary>The derivative of ln Γ at a positive number: upwards to 10 and then the asymptotic series (Abramowitz &amp; Stegun 6.3.18).</summary>
    public static double Digamma(double x)
    {
        double sum = 0;
        for (; x < 10; x++)
        {
            sum -= 1 / x;
        }

        double square = 1 / (x * x);
        return sum + Math.Log(x) - (0.5 / x) - (square * ((1.0 / 12) - (square * ((1.0 / 120) - (square * ((1.0 / 252) - (square * ((1.0 / 240) - (square / 132)))))))));
    }

    /// <summary>The error function.</summary>
    public static Edge Erf(GraphBuilder graph, Edge x)
    {
        Edge magnitude = graph.Abs(x);
        Edge little = graph.Min(magnitude, graph.Scalar(0.46875));
        Edge square = graph.Mul(little, little);
        Edge small = graph.Div(graph.Mul(little, Polynomial(graph, square, ErfSmallAbove)), Polynomial(graph, square, ErfSmallBelow));

        // Beyond 6 the function is 1 to rounding.
        Edge middle = graph.Min(graph.Max(magnitude, graph.Scalar(0.46875)), graph.Scalar(6));
        Edge tail = graph.Div(
            graph.Mul(graph.Exp(graph.Neg(graph.Mul(middle, middle))), Polynomial(graph, middle, ErfcMiddleAbove)), Polynomial(graph, middle, ErfcMiddleBelow));
        Edge value = graph.Where(graph.LessOrEqual(magnitude, graph.Scalar(0.46875)), small, graph.Sub(graph.Scalar(1), tail));
        return graph.Mul(graph.Sign(x), value);
    }

    /// <summary>The value below which the standard normal distribution has the share <paramref name="p"/>, which lies between 1e-8 and 1 - 1e-8.</summary>
    public static Edge NormalQuantile(GraphBuilder graph, Edge p)
    {
        // Both halves alike: work in the lower one, where p keeps its digits.
        Edge isUpper = graph.Greater(p, graph.Scalar(0.5));
        Edge lower = graph.Where(isUpper, graph.Sub(graph.Scalar(1), p), p);
        Edge q = graph.Sub(lower, graph.Scalar(0.5));
        Edge r = graph.Mul(q, q);
        Edge centre = graph.Div(graph.Mul(q, Polynomial(graph, r, QuantileCentreAbove)), Polynomial(graph, r, QuantileCentreBelow));
        Edge s = graph.Sqrt(graph.Mul(graph.Log(lower), graph.Scalar(-2)));
        Edge outside = graph.Div(Polynomial(graph, s, QuantileTailAbove), Polynomial(graph, s, QuantileTailBelow));
        Edge z = graph.Where(graph.Less(lower, graph.Scalar(0.02425)), outside, centre);
        for (int step = 0; step < 2; step++)
        {
            Edge error = graph.Sub(LowerTail(graph, z), lower);
            Edge u = graph.Mul(error, graph.Mul(graph.Scalar(Math.Sqrt(2 * Math.PI)), graph.Exp(graph.Mul(graph.Mul(z, z), graph.Scalar(0.5)))));
            z = graph.Sub(z, graph.Div(u, graph.Add(graph.Scalar(1), graph.Mul(graph.Mul(z, u), graph.Scalar(0.5)))));
        }

        return graph.Where(isUpper, graph.Neg(z), z);
    }

    // The normal distribution at z ≤ 0 without cancellation: half of erfc(-z/√2).
    private static Edge LowerTail(GraphBuilder graph, Edge z)
    {
        Edge x = graph.Mul(graph.Min(z, graph.Scalar(0)), graph.Scalar(-Math.Sqrt(0.5)));
        Edge far = graph.Max(x, graph.Scalar(0.46875));
        Edge tail = graph.Div(graph.Mul(graph.Exp(graph.Neg(graph.Mul(far, far))), Polynomial(graph, far, ErfcMiddleAbove)), Polynomial(graph, far, ErfcMiddleBelow));
        Edge near = graph.Sub(graph.Scalar(1), Erf(graph, x));
        return graph.Mul(graph.Where(graph.Less(x, graph.Scalar(0.46875)), near, tail), graph.Scalar(0.5));
    }

    private static Edge Polynomial(GraphBuilder graph, Edge x, double[] coefficients)
    {
        Edge sum = graph.Scalar(coefficients[0]);
        foreach (double coefficient in coefficients.AsSpan(1))
        {
            sum = graph.Add(graph.Mul(sum, x), graph.Scalar(coefficient));
        }

        return sum;
    }

    /// <summary>ln Γ(x) for x above 0 (Lanczos 1964; coefficients of Godfrey, to about 1e-15).</summary>
    public static double LogGamma(double x)
    {
        ReadOnlySpan<double> coefficients =
        [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        double sum = 0.99999999999980993;
        for (int i = 0; i < coefficients.Length; i++)
        {
            sum += coefficients[i] / (x + i);
        }

        double t = x + coefficients.Length - 1.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
