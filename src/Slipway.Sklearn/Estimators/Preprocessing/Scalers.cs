using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>Transformers that treat each feature, or each row, by a formula.</summary>
internal sealed class Scalers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } =
        ["StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler", "Normalizer", "Binarizer", "PowerTransformer", "FunctionTransformer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        if (estimator.ClassName == "FunctionTransformer" && IsIdentity(estimator.Raw("func")))
        {
            return x;
        }

        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        return FeatureTable.Of(estimator.ClassName switch
        {
            "StandardScaler" => Divide(graph, Subtract(graph, matrix, estimator, "mean_"), estimator),
            "RobustScaler" => Divide(graph, Subtract(graph, matrix, estimator, "center_"), estimator),
            "MaxAbsScaler" => Divide(graph, matrix, estimator),
            "MinMaxScaler" => MinMax(graph, matrix, estimator),
            "Normalizer" => Normalize(graph, matrix, estimator),
            "Binarizer" => graph.Cast(graph.Greater(matrix, graph.Scalar(estimator.Number("threshold", 0))), OnnxDataType.Double),
            "PowerTransformer" => Power(graph, matrix, estimator, scope),
            _ => NumpyFunctions.Emit(estimator, estimator.Raw("func"), graph, matrix, estimator.Raw("kw_args") as PickleDict),
        });
    }

    // None, or scikit-learn's own check of its input, which histogram boosting puts before its numeric features.
    private static bool IsIdentity(object? function) => function is null
        || function is PickleObject { Type.FullName: "functools.partial", Arguments.Items: [PickleGlobal { FullName: "sklearn.utils.validation.check_array" }, ..] };

    private static Edge Subtract(GraphBuilder graph, Edge x, Estimator estimator, string attribute) =>
        estimator.Has(attribute) && estimator.Flag(attribute == "mean_" ? "with_mean" : "with_centering", true) ? graph.Sub(x, EmitLinear.Row(graph, estimator.Vector(attribute))) : x;

    private static Edge Divide(GraphBuilder graph, Edge x, Estimator estimator) =>
        estimator.Has("scale_") ? graph.Div(x, EmitLinear.Row(graph, estimator.Vector("scale_"))) : x;

    private static Edge MinMax(GraphBuilder graph, Edge x, Estimator estimator)
    {
        Edge scaled = graph.Add(graph.Mul(x, EmitLinear.Row(graph, estimator.Vector("scale_"))), EmitLinear.Row(graph, estimator.Vector("min_")));
        if (!estimator.Flag("clip"))
        {
            return scaled;
        }

        object?[] range = estimator.Objects("feature_range");
        PickleNumbers.TryToDouble(range[0], out double low);
        PickleNumbers.TryToDouble(range[1], out double high);
        return graph.Min(graph.Max(scaled, graph.Scalar(low)), graph.Scalar(high));
    }

    private static Edge Normalize(GraphBuilder graph, Edge x, Estimator estimator)
    {
        Edge norm = estimator.Text("norm") switch
        {
            "l1" => graph.ReduceSum(graph.Abs(x), 1),
            "max" => graph.ReduceMax(graph.Abs(x), 1),
            _ => graph.Sqrt(graph.ReduceSum(graph.Mul(x, x), 1)),
        };
        return graph.Div(x, graph.Where(graph.Equal(norm, graph.Scalar(0)), graph.Scalar(1), norm));
    }

    // Yeo & Johnson (2000) and Box & Cox (1964), column by column, because the exponent decides the formula.
    private static Edge Power(GraphBuilder graph, Edge x, Estimator estimator, ConversionScope scope)
    {
        double[] lambdas = estimator.Vector("lambdas_");
        bool boxCox = estimator.Text("method") == "box-cox";
        Edge[] columns = new Edge[lambdas.Length];
        for (int i = 0; i < lambdas.Length; i++)
        {
            Edge column = graph.Columns(x, [i]);
            columns[i] = boxCox ? BoxCox(graph, column, lambdas[i]) : YeoJohnson(graph, column, lambdas[i]);
        }

        Edge powered = graph.Concat(columns, -1);
        return estimator.Flag("standardize", true) && estimator.Has("_scaler")
            ? scope.Transform(estimator.Child("_scaler"), FeatureTable.Of(powered)).ToMatrix(scope)
            : powered;
    }

    private static Edge BoxCox(GraphBuilder graph, Edge x, double lambda) => Math.Abs(lambda) < 1e-300
        ? graph.Log(x)
        : graph.Div(graph.Sub(graph.Pow(x, graph.Scalar(lambda)), graph.Scalar(1)), graph.Scalar(lambda));

    private static Edge YeoJohnson(GraphBuilder graph, Edge x, double lambda)
    {
        // The branch not taken must not be NaN's source: clamp each side to its own domain first.
        Edge zero = graph.Scalar(0);
        Edge upper = graph.Add(graph.Max(x, zero), graph.Scalar(1));
        Edge lower = graph.Sub(graph.Scalar(1), graph.Min(x, zero));
        const double epsilon = 2.220446049250313e-16;
        Edge positive = Math.Abs(lambda) < epsilon
            ? graph.Log(upper)
            : graph.Div(graph.Sub(graph.Pow(upper, graph.Scalar(lambda)), graph.Scalar(1)), graph.Scalar(lambda));
        Edge negative = Math.Abs(lambda - 2) <= epsilon
            ? graph.Neg(graph.Log(lower))
            : graph.Neg(graph.Div(graph.Sub(graph.Pow(lower, graph.Scalar(2 - lambda)), graph.Scalar(1)), graph.Scalar(2 - lambda)));
        return graph.Where(graph.GreaterOrEqual(x, zero), positive, graph.Where(graph.IsNaN(x), x, negative));
    }
}
