using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>Power transforms backwards, column by column.</summary>
internal static class PowerInverse
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Emits the inverse of the transform before it was standardised.</summary>
    public static Edge Emit(Estimator transformer, GraphBuilder graph, Edge value)
    {
        double[] lambdas = transformer.Vector("lambdas_");
        bool isBoxCox = transformer.Text("method") == "box-cox";
        return graph.Concat([.. lambdas.Select((lambda, i) => graph.Columns(value, [i]) is var column && isBoxCox ? BoxCox(graph, column, lambda) : YeoJohnson(graph, column, lambda))], -1);
    }

    private static Edge BoxCox(GraphBuilder graph, Edge y, double lambda) => lambda == 0
        ? graph.Exp(y)
        : graph.Pow(graph.Add(graph.Mul(y, graph.Scalar(lambda)), graph.Scalar(1)), graph.Scalar(1 / lambda));

    private static Edge YeoJohnson(GraphBuilder graph, Edge y, double lambda)
    {
        // The branch not taken must not be NaN's source: clamp each side to its own domain first.
        Edge upper = graph.Max(y, graph.Scalar(0));
        Edge lower = graph.Min(y, graph.Scalar(0));
        Edge positive = Math.Abs(lambda) < Epsilon
            ? graph.Sub(graph.Exp(upper), graph.Scalar(1))
            : graph.Sub(graph.Pow(graph.Add(graph.Mul(upper, graph.Scalar(lambda)), graph.Scalar(1)), graph.Scalar(1 / lambda)), graph.Scalar(1));
        Edge negative = Math.Abs(lambda - 2) <= Epsilon
            ? graph.Sub(graph.Scalar(1), graph.Exp(graph.Neg(lower)))
            : graph.Sub(graph.Scalar(1), graph.Pow(graph.Sub(graph.Scalar(1), graph.Mul(lower, graph.Scalar(2 - lambda))), graph.Scalar(1 / (2 - lambda))));
        return graph.Where(graph.GreaterOrEqual(y, graph.Scalar(0)), positive, negative);
    }
}
