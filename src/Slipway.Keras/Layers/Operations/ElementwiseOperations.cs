using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers.Operations;

/// <summary>Functions of single values, and of two values each. Names are those of Keras 3.</summary>
internal static class ElementwiseOperations
{
    private const double Ln2 = 0.693147180559945309;
    private const double Ln10 = 2.302585092994045684;

    private static readonly string[] ByActivation =
        ["relu", "relu6", "sigmoid", "silu", "softplus", "softsign", "selu", "hard_sigmoid", "hard_silu", "hard_tanh", "log_sigmoid", "mish", "tanh_shrink", "squareplus", "soft_shrink", "hard_shrink", "sparse_plus"];

    public static IEnumerable<KeyValuePair<string, Func<OperationCall, IReadOnlyList<Edge>>>> All { get; } =
    [
        Binary("Add", static (g, a, b) => g.Add(a, b)),
        Binary("Subtract", static (g, a, b) => g.Sub(a, b)),
        Binary("Multiply", static (g, a, b) => g.Mul(a, b)),
        Binary("Divide", static (g, a, b) => g.Div(a, b), asFloat: true),
        Binary("TrueDivide", static (g, a, b) => g.Div(a, b), asFloat: true),
        Binary("FloorDivide", static (g, a, b) => g.Same("Floor", g.Div(a, b)), asFloat: true),
        Binary("Mod", static (g, a, b) => g.Sub(a, g.Mul(g.Same("Floor", g.Div(a, b)), b)), asFloat: true),
        Binary("Power", static (g, a, b) => g.Pow(a, b), asFloat: true),
        Binary("Maximum", static (g, a, b) => g.Max(a, b)),
        Binary("Minimum", static (g, a, b) => g.Min(a, b)),
        Binary("SquaredDifference", static (g, a, b) => g.Mul(g.Sub(a, b), g.Sub(a, b)), asFloat: true),
        Binary("Equal", static (g, a, b) => g.Equal(a, b)),
        Binary("NotEqual", static (g, a, b) => g.Not(g.Equal(a, b))),
        Binary("Greater", static (g, a, b) => g.Greater(a, b)),
        Binary("GreaterEqual", static (g, a, b) => g.GreaterOrEqual(a, b)),
        Binary("Less", static (g, a, b) => g.Less(a, b)),
        Binary("LessEqual", static (g, a, b) => g.Not(g.Greater(a, b))),
        One("LogicalAnd", static call => call.Graph.And(Truth(call, call.Tensor(0, "x1", "x")), Truth(call, call.Tensor(1, "x2", "y")))),
        One("LogicalOr", static call => call.Graph.Or(Truth(call, call.Tensor(0, "x1", "x")), Truth(call, call.Tensor(1, "x2", "y")))),
        One("LogicalNot", static call => call.Graph.Not(Truth(call, call.X))),
        .. new (string, string)[]
        {
            ("Sqrt", "Sqrt"), ("Exp", "Exp"), ("Log", "Log"), ("Sin", "Sin"), ("Cos", "Cos"), ("Tan", "Tan"), ("Arcsin", "Asin"), ("Arccos", "Acos"), ("Arctan", "Atan"),
            ("Sinh", "Sinh"), ("Cosh", "Cosh"), ("Tanh", "Tanh"), ("Arcsinh", "Asinh"), ("Arccosh", "Acosh"), ("Arctanh", "Atanh"), ("Floor", "Floor"), ("Ceil", "Ceil"), ("Reciprocal", "Reciprocal"), ("Erf", "Erf"),
        }.Select(static pair => One(pair.Item1, call => call.Graph.Same(pair.Item2, call.Float))),
        .. new (string, string)[] { ("Negative", "Neg"), ("Absolute", "Abs"), ("Abs", "Abs"), ("Sign", "Sign") }.Select(static pair => One(pair.Item1, call => call.Graph.Same(pair.Item2, call.Natural))),
        One("Square", static call => call.Graph.Mul(call.Natural, call.Natural)),
        One("Log1p", static call => Log1p(call.Graph, call.Float)),
        One("Expm1", static call => Expm1(call.Graph, call.Float)),
        One("Exp2", static call => call.Graph.Pow(call.Graph.Single(2), call.Float)),
        One("Trunc", static call => call.Graph.Mul(call.Graph.Sign(call.Float), call.Graph.Floor(call.Graph.Abs(call.Float)))),
        Binary("Logaddexp", static (g, a, b) => g.Add(g.Max(a, b), Log1p(g, g.Exp(g.Neg(g.Abs(g.Sub(a, b)))))), asFloat: true),
        Binary("Hypot", static (g, a, b) => g.Sqrt(g.Add(g.Mul(a, a), g.Mul(b, b))), asFloat: true),
        Binary("Arctan2", Angle, asFloat: true),
        One("LogicalXor", static call => call.Graph.Node(
            "Xor", [Truth(call, call.Tensor(0, "x1", "x")), Truth(call, call.Tensor(1, "x2", "y"))], OnnxDataType.Bool, call.Graph.And(Truth(call, call.Tensor(0, "x1", "x")), Truth(call, call.Tensor(1, "x2", "y"))).Shape)),
        One("Isinf", static call => call.Graph.Node("IsInf", [call.Float], OnnxDataType.Bool, call.X.Shape)),
        One("Isfinite", static call => call.Graph.Less(call.Graph.Abs(call.Float), call.Graph.Single(double.PositiveInfinity))),
        One("OnesLike", static call => call.Graph.Cast(call.Graph.Equal(call.X, call.X), OnnxDataType.Float)),
        One("SparseSigmoid", static call => Activations.ElementwiseOf(call.Call.Layer, "sparse_sigmoid", call.Graph)(call.Float)),
        One("Threshold", static call => call.Graph.Where(
            call.Graph.Greater(call.Float, call.Graph.Single(call.Number("threshold") ?? throw call.Call.Config.Missing("threshold"))), call.Float, call.Graph.Single(call.Number("default_value", "value") ?? 0))),
        One("Rsqrt", static call => call.Graph.Same("Reciprocal", call.Graph.Sqrt(call.Float))),
        One("Log2", static call => call.Graph.Mul(call.Graph.Log(call.Float), call.Graph.Single(1 / Ln2))),
        One("Log10", static call => call.Graph.Mul(call.Graph.Log(call.Float), call.Graph.Single(1 / Ln10))),
        One("Round", static call => call.Integers("decimals") is null or [0] ? call.Graph.Same("Round", call.Float) : throw call.Call.Layer.NotSupported("it rounds to decimals")),
        One("Isnan", static call => call.Graph.Node("IsNaN", [call.Float], OnnxDataType.Bool, call.X.Shape)),
        One("Clip", static call => call.Graph.Clip(call.Natural, call.Number("x_min", "clip_value_min", "min"), call.Number("x_max", "clip_value_max", "max"))),
        One("Identity", static call => call.X),
        One("StopGradient", static call => call.X),
        One("Copy", static call => call.X),
        One("Cast", Cast),
        One("ZerosLike", static call => call.Graph.Mul(call.Float, call.Graph.Single(0))),
        .. ByActivation.Select(static name => One(PascalCase(name), call => Activations.ElementwiseOf(call.Call.Layer, name, call.Graph)(call.Float))),
        One("Elu", static call => call.Graph.Same("Elu", call.Float, NodeAttribute.Of("alpha", (float)(call.Number("alpha") ?? 1)))),
        One("Celu", static call => call.Graph.Same("Celu", call.Float, NodeAttribute.Of("alpha", (float)(call.Number("alpha") ?? 1)))),
        One("LeakyRelu", static call => call.Graph.Same("LeakyRelu", call.Float, NodeAttribute.Of("alpha", (float)(call.Number("negative_slope", "alpha") ?? 0.2)))),
        One("Gelu", static call => Activations.Gelu(call.Graph, call.Float, call.Flag("approximate", call.Call.Layer.KerasMajor >= 3))),
        One("Softmax", static call => call.Graph.SoftmaxAlong(call.Float, call.Axis(call.X, -1))),
        One("LogSoftmax", static call => call.Graph.Same("LogSoftmax", call.Float, NodeAttribute.Of("axis", call.Axis(call.X, -1)))),
        One("Where", Where),
    ];

    /// <summary>An operation with one result.</summary>
    public static KeyValuePair<string, Func<OperationCall, IReadOnlyList<Edge>>> One(string name, Func<OperationCall, Edge> emit) => new(name, call => [emit(call)]);

    private static KeyValuePair<string, Func<OperationCall, IReadOnlyList<Edge>>> Binary(string name, Func<GraphBuilder, Edge, Edge, Edge> emit, bool asFloat = false) => One(name, call =>
    {
        (Edge a, Edge b) = call.Pair(asFloat);
        return emit(call.Graph, a, b);
    });

    // log(1 + x) and e^x - 1, corrected for what the sum rounds away (N. Higham, Accuracy and Stability of Numerical Algorithms, 1.14.1).
    private static Edge Log1p(GraphBuilder graph, Edge x)
    {
        Edge one = graph.Single(1);
        Edge sum = graph.Add(x, one);
        Edge exact = graph.Or(graph.Equal(sum, one), graph.Node("IsInf", [x], OnnxDataType.Bool, x.Shape));
        return graph.Where(exact, x, graph.Div(graph.Mul(graph.Log(sum), x), graph.Sub(sum, one)));
    }

    private static Edge Expm1(GraphBuilder graph, Edge x)
    {
        Edge one = graph.Single(1);
        Edge power = graph.Exp(x);
        Edge difference = graph.Sub(power, one);
        Edge corrected = graph.Div(graph.Mul(difference, x), graph.Log(power));
        return graph.Where(graph.Equal(power, one), x, graph.Where(graph.Greater(graph.Abs(x), graph.Single(0.5)), difference, corrected));
    }

    // The angle of the point (b, a): the arc tangent of the quotient, half a turn away on the left, and read off the axis where b is zero.
    private static Edge Angle(GraphBuilder graph, Edge a, Edge b)
    {
        Edge zero = graph.Single(0);
        Edge half = graph.Where(graph.Less(a, zero), graph.Single(-Math.PI), graph.Single(Math.PI));
        Edge right = graph.Same("Atan", graph.Div(a, b));
        Edge sided = graph.Where(graph.Less(b, zero), graph.Add(right, half), right);
        Edge axis = graph.Where(graph.Equal(a, zero), zero, graph.Mul(half, graph.Single(0.5)));
        return graph.Where(graph.Equal(b, zero), axis, sided);
    }

    private static Edge Truth(OperationCall call, Edge x) => call.Graph.Cast(x, OnnxDataType.Bool);

    private static Edge Where(OperationCall call)
    {
        Edge condition = Truth(call, call.Tensor(0, "condition"));
        Edge Choice(int position, params string[] names) => call.Find(position, names) switch
        {
            { Tensors: [var tensor] } => call.Single(tensor.Edge),
            { Literal.ValueKind: System.Text.Json.JsonValueKind.Number } number => call.Graph.Single(number.Literal.GetDouble()),
            _ => throw call.Call.Layer.NotSupported("it chooses among what is neither a tensor nor a number"),
        };
        return call.Graph.Where(condition, Choice(1, "x1", "x"), Choice(2, "x2", "y"));
    }

    private static Edge Cast(OperationCall call) => call.Text("dtype") switch
    {
        "float32" or "float64" or "float16" or "bfloat16" => call.Float,
        "int32" => call.Graph.Cast(call.X, OnnxDataType.Int32),
        "int64" => call.Graph.Cast(call.X, OnnxDataType.Int64),
        "bool" => call.Graph.Cast(call.X, OnnxDataType.Bool),
        var other => throw call.Call.Layer.NotSupported($"it casts to '{other}'"),
    };

    private static string PascalCase(string name) => string.Concat(name.Split('_').Select(static part => char.ToUpperInvariant(part[0]) + part[1..]));
}
