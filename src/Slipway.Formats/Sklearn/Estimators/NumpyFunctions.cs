using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Pickle;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

/// <summary>Functions of NumPy (and a few of SciPy) that a transformer may name; no other function of a file is understood.</summary>
internal static class NumpyFunctions
{
    /// <summary>Emits the function, element by element.</summary>
    public static Edge Emit(Estimator owner, object? function, GraphBuilder graph, Edge x)
    {
        if (function is not PickleGlobal { Module: var module, Name: var name } || !(module is "numpy" or "scipy.special" || module.StartsWith("numpy.", StringComparison.Ordinal)))
        {
            throw owner.NotSupported("a function of your own");
        }

        return name switch
        {
            "log1p" => Log1p(graph, x),
            "log" => graph.Log(x),
            "log2" => graph.Div(graph.Log(x), graph.Scalar(Math.Log(2))),
            "log10" => graph.Div(graph.Log(x), graph.Scalar(Math.Log(10))),
            "exp" => graph.Exp(x),
            "exp2" => graph.Exp(graph.Mul(x, graph.Scalar(Math.Log(2)))),
            "expm1" => Expm1(graph, x),
            "sqrt" => graph.Sqrt(x),
            "cbrt" => graph.Mul(graph.Sign(x), graph.Pow(graph.Abs(x), graph.Scalar(1.0 / 3))),
            "square" => graph.Mul(x, x),
            "abs" or "absolute" or "fabs" => graph.Abs(x),
            "sign" => graph.Sign(x),
            "negative" => graph.Neg(x),
            "positive" => x,
            "reciprocal" => graph.Div(graph.Scalar(1), x),
            "sin" => graph.Sin(x),
            "cos" => graph.Cos(x),
            "tan" => graph.Div(graph.Sin(x), graph.Cos(x)),
            "tanh" => graph.Tanh(x),
            "sinh" => graph.Mul(graph.Sub(graph.Exp(x), graph.Exp(graph.Neg(x))), graph.Scalar(0.5)),
            "cosh" => graph.Mul(graph.Add(graph.Exp(x), graph.Exp(graph.Neg(x))), graph.Scalar(0.5)),
            "arcsinh" => graph.Mul(graph.Sign(x), graph.Log(graph.Add(graph.Abs(x), graph.Sqrt(graph.Add(graph.Mul(x, x), graph.Scalar(1)))))),
            "floor" => graph.Floor(x),
            "ceil" => graph.Ceil(x),
            "rint" => graph.Round(x),
            "trunc" or "fix" => graph.Mul(graph.Sign(x), graph.Floor(graph.Abs(x))),
            "deg2rad" or "radians" => graph.Mul(x, graph.Scalar(Math.PI / 180)),
            "rad2deg" or "degrees" => graph.Mul(x, graph.Scalar(180 / Math.PI)),
            "expit" => EmitLinear.Sigmoid(graph, x),
            "logit" => graph.Log(graph.Div(x, graph.Sub(graph.Scalar(1), x))),
            _ => throw owner.NotSupported($"the function {module}.{name}"),
        };
    }

    // Kahan's correction: what 1 + x loses is made good by the ratio of x to what is left of it.
    private static Edge Log1p(GraphBuilder graph, Edge x)
    {
        Edge grown = graph.Add(x, graph.Scalar(1));
        Edge left = graph.Sub(grown, graph.Scalar(1));
        Edge isTiny = graph.Equal(left, graph.Scalar(0));
        Edge isHuge = graph.Equal(left, x);
        Edge corrected = graph.Mul(graph.Log(grown), graph.Div(x, graph.Where(isTiny, graph.Scalar(1), left)));
        return graph.Where(isTiny, x, graph.Where(isHuge, graph.Log(grown), corrected));
    }

    private static Edge Expm1(GraphBuilder graph, Edge x)
    {
        Edge power = graph.Exp(x);
        Edge less = graph.Sub(power, graph.Scalar(1));
        Edge logarithm = graph.Log(power);
        Edge isTiny = graph.Equal(power, graph.Scalar(1));
        Edge isFar = graph.Greater(graph.Abs(x), graph.Scalar(1));
        Edge corrected = graph.Mul(less, graph.Div(x, graph.Where(isTiny, graph.Scalar(1), logarithm)));
        return graph.Where(isTiny, x, graph.Where(isFar, less, corrected));
    }
}
