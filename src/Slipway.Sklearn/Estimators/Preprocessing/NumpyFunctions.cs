using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>Functions of NumPy (and a few of SciPy) that a transformer may name; no other function of a file is understood.</summary>
internal static class NumpyFunctions
{
    /// <summary>Emits the function, element by element.</summary>
    /// <param name="owner">Whom errors name.</param>
    /// <param name="function">The function as the file has it.</param>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="x">The numbers.</param>
    /// <param name="arguments">Further arguments by name (kw_args), which only some functions take.</param>
    public static Edge Emit(Estimator owner, object? function, GraphBuilder graph, Edge x, PickleDict? arguments = null)
    {
        if (function is not PickleGlobal { Module: var module, Name: var name } || !(module is "numpy" or "scipy.special._ufuncs" || module.StartsWith("numpy.", StringComparison.Ordinal)))
        {
            throw owner.NotSupported("a function of your own");
        }

        if (arguments is { Entries.Count: > 0 })
        {
            return WithArguments(owner, name, graph, x, arguments);
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
            "arctan" => InverseFunctions.Arctangent(graph, x),
            "arcsin" => InverseFunctions.Arcsine(graph, x),
            "arccos" => InverseFunctions.Arccosine(graph, x),
            "arctanh" => graph.Mul(graph.Sub(Log1p(graph, x), Log1p(graph, graph.Neg(x))), graph.Scalar(0.5)),
            "arccosh" => graph.Log(graph.Add(x, graph.Mul(graph.Sqrt(graph.Sub(x, graph.Scalar(1))), graph.Sqrt(graph.Add(x, graph.Scalar(1)))))),
            "arcsinh" => graph.Mul(graph.Sign(x), graph.Log(graph.Add(graph.Abs(x), graph.Sqrt(graph.Add(graph.Mul(x, x), graph.Scalar(1)))))),
            "floor" => graph.Floor(x),
            "ceil" => graph.Ceil(x),
            "rint" or "round" or "round_" or "around" => graph.Round(x),
            "isnan" => graph.Cast(graph.IsNaN(x), OnnxDataType.Double),
            "isfinite" => graph.Cast(graph.Less(graph.Abs(x), graph.Scalar(double.PositiveInfinity)), OnnxDataType.Double),
            "isinf" => graph.Cast(graph.Equal(graph.Abs(x), graph.Scalar(double.PositiveInfinity)), OnnxDataType.Double),
            "logical_not" => graph.Cast(graph.Equal(x, graph.Scalar(0)), OnnxDataType.Double),
            "nan_to_num" => Finite(graph, x, 0),
            "trunc" or "fix" => graph.Mul(graph.Sign(x), graph.Floor(graph.Abs(x))),
            "deg2rad" or "radians" => graph.Mul(x, graph.Scalar(Math.PI / 180)),
            "rad2deg" or "degrees" => graph.Mul(x, graph.Scalar(180 / Math.PI)),
            "expit" => EmitLinear.Sigmoid(graph, x),
            "logit" => graph.Log(graph.Div(x, graph.Sub(graph.Scalar(1), x))),
            _ => throw owner.NotSupported($"the function {module}.{name}"),
        };
    }

    private static Edge WithArguments(Estimator owner, string name, GraphBuilder graph, Edge x, PickleDict arguments)
    {
        double? Number(string argument) => arguments.TryGet(argument, out object? value) && PickleNumbers.TryToDouble(value, out double number) ? number : null;
        bool Only(params string[] known) => arguments.Entries.All(entry => entry.Key is string key && known.Contains(key) && (entry.Value is null || Number(key) is not null));
        switch (name)
        {
            case "clip" when Only("a_min", "a_max"):
                Edge raised = Number("a_min") is { } low ? graph.Max(x, graph.Scalar(low)) : x;
                return Number("a_max") is { } high ? graph.Min(raised, graph.Scalar(high)) : raised;
            case "nan_to_num" when Only("nan"):
                return Finite(graph, x, Number("nan") ?? 0);
            default:
                throw owner.NotSupported($"arguments of the function {name} (kw_args)");
        }
    }

    // The largest numbers there are stand for infinities.
    private static Edge Finite(GraphBuilder graph, Edge x, double otherwise) =>
        graph.Where(graph.IsNaN(x), graph.Scalar(otherwise), graph.Min(graph.Max(x, graph.Scalar(double.MinValue)), graph.Scalar(double.MaxValue)));

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
