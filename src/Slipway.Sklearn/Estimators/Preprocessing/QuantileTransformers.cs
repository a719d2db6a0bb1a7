using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>Features mapped to their quantiles, uniform or normal (QuantileTransformer).</summary>
internal sealed class QuantileTransformers : EstimatorConverter
{
    // What scikit-learn keeps quantiles away from 0 and 1 by.
    private const double Threshold = 1e-7;

    // norm.ppf(Threshold - 2⁻⁵²): where scikit-learn cuts normal quantiles.
    private const double NormalLimit = 5.199337582605575;

    public override IReadOnlyList<string> ClassNames { get; } = ["QuantileTransformer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) =>
        FeatureTable.Of(EachColumn(estimator, scope.Graph, x.ToMatrix(scope), Forward));

    /// <summary>From quantiles back to features, as TransformedTargetRegressor needs it.</summary>
    public static Edge Inverse(Estimator estimator, GraphBuilder graph, Edge values) => EachColumn(estimator, graph, values, Backward);

    private static Edge EachColumn(Estimator estimator, GraphBuilder graph, Edge matrix, Func<GraphBuilder, Edge, double[], double[], bool, Edge> map)
    {
        Matrix quantiles = estimator.Matrix("quantiles_").Transposed();
        double[] references = estimator.Vector("references_");
        bool isNormal = estimator.Text("output_distribution") == "normal";
        return graph.Concat([.. Enumerable.Range(0, quantiles.Rows).Select(i => map(graph, graph.Columns(matrix, [i]), quantiles.Row(i).ToArray(), references, isNormal))], -1);
    }

    private static Edge Forward(GraphBuilder graph, Edge x, double[] quantiles, double[] references, bool isNormal)
    {
        // Where quantiles repeat the mean of the two ends counts: once interpolated upwards, once downwards.
        double[] down = [.. quantiles.Reverse().Select(static value => -value)];
        double[] downReferences = [.. references.Reverse().Select(static value => -value)];
        Edge mean = graph.Mul(
            graph.Sub(Interpolation.Emit(graph, x, quantiles, references), Interpolation.Emit(graph, graph.Neg(x), down, downReferences)), graph.Scalar(0.5));
        Edge isLow;
        Edge isHigh;
        if (isNormal)
        {
            isLow = graph.Less(graph.Sub(x, graph.Scalar(Threshold)), graph.Scalar(quantiles[0]));
            isHigh = graph.Greater(graph.Add(x, graph.Scalar(Threshold)), graph.Scalar(quantiles[^1]));
        }
        else
        {
            isLow = graph.Equal(x, graph.Scalar(quantiles[0]));
            isHigh = graph.Equal(x, graph.Scalar(quantiles[^1]));
        }

        Edge share = graph.Where(isLow, graph.Scalar(0), graph.Where(isHigh, graph.Scalar(1), mean));
        if (!isNormal)
        {
            return share;
        }

        Edge within = graph.Min(graph.Max(share, graph.Scalar(1e-8)), graph.Scalar(1 - 1e-8));
        Edge normal = graph.Min(graph.Max(SpecialFunctions.NormalQuantile(graph, within), graph.Scalar(-NormalLimit)), graph.Scalar(NormalLimit));
        return graph.Where(graph.IsNaN(x), x, normal);
    }

    private static Edge Backward(GraphBuilder graph, Edge y, double[] quantiles, double[] references, bool isNormal)
    {
        Edge share = isNormal
            ? graph.Mul(graph.Add(graph.Scalar(1), SpecialFunctions.Erf(graph, graph.Mul(y, graph.Scalar(Math.Sqrt(0.5))))), graph.Scalar(0.5))
            : y;
        Edge value = Interpolation.Emit(graph, share, references, quantiles);
        Edge low = isNormal ? graph.Less(graph.Sub(share, graph.Scalar(Threshold)), graph.Scalar(0)) : graph.Equal(share, graph.Scalar(0));
        Edge high = isNormal ? graph.Greater(graph.Add(share, graph.Scalar(Threshold)), graph.Scalar(1)) : graph.Equal(share, graph.Scalar(1));
        return graph.Where(low, graph.Scalar(quantiles[0]), graph.Where(high, graph.Scalar(quantiles[^1]), value));
    }
}
