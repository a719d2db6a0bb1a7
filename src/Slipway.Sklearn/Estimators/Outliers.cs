using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Neighbors;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators;

/// <summary>Outlier detectors by a formula: a robust ellipse, a linear one-class machine, local density compared with the neighbours' (Breunig et al. 2000).</summary>
internal sealed class Outliers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["EllipticEnvelope", "SGDOneClassSVM", "LocalOutlierFactor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        Edge score = estimator.ClassName switch
        {
            "EllipticEnvelope" => Mahalanobis(estimator, graph, matrix),
            "SGDOneClassSVM" => EmitLinear.Affine(graph, matrix, estimator.Matrix("coef_"), []),
            _ => LocalDensity(estimator, graph, matrix),
        };
        Edge decision = graph.Sub(score, graph.Scalar(estimator.Number("offset_")));
        return new Prediction { Inlier = Inlier(graph, graph.GreaterOrEqual(decision, graph.Scalar(0))), Decision = decision, Score = score };
    }

    /// <summary>1 where it holds, else -1.</summary>
    public static Edge Inlier(GraphBuilder graph, Edge condition) =>
        graph.Reshape(graph.Where(condition, graph.Scalar(1, OnnxDataType.Int64), graph.Scalar(-1, OnnxDataType.Int64)), -1);

    private static Edge Mahalanobis(Estimator estimator, GraphBuilder graph, Edge x)
    {
        Matrix precision = estimator.Matrix("precision_");
        Edge centred = graph.Sub(x, EmitLinear.Row(graph, estimator.Vector("location_")));
        Edge turned = graph.MatMul(centred, graph.Constant(precision.Values, precision.Rows, precision.Columns));
        return graph.Neg(graph.ReduceSum(graph.Mul(turned, centred), 1));
    }

    private static Edge LocalDensity(Estimator estimator, GraphBuilder graph, Edge x)
    {
        if (!estimator.Flag("novelty"))
        {
            throw estimator.NotSupported("scoring new rows, for which it has to be fitted with novelty=True,");
        }

        int k = (int)estimator.Integer("n_neighbors_");
        Edge[] nearest = NearestNeighbors.Nearest(estimator, graph, x, k);
        Matrix known = estimator.Matrix("_distances_fit_X_");
        double[] reach = [.. Enumerable.Range(0, known.Rows).Select(row => known[row, k - 1])];
        Edge reachability = graph.Max(nearest[0], graph.Gather(graph.Constant(reach), nearest[1], 0));
        Edge spacing = graph.Add(graph.ReduceMean(reachability, 1), graph.Scalar(1e-10));
        Edge densities = graph.Gather(graph.Constant(estimator.Vector("_lrd")), nearest[1], 0);
        return graph.Neg(graph.ReduceMean(graph.Mul(densities, spacing), 1));
    }
}
