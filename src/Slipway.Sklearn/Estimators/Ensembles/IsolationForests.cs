using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>Isolation forests (Liu, Ting &amp; Zhou 2008): how soon random splits single a row out.</summary>
internal sealed class IsolationForests : EstimatorConverter
{
    private const double EulerGamma = 0.5772156649015329;

    public override IReadOnlyList<string> ClassNames { get; } = ["IsolationForest"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        if (estimator.IsOlderThan(new Version(0, 22)))
        {
            throw estimator.NotSupported($"an isolation forest of scikit-learn {estimator.Version} (until 0.22 it counted paths otherwise)");
        }

        GraphBuilder graph = scope.Graph;
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        object?[] features = estimator.Objects("estimators_features_");
        TreeEnsemble ensemble = new(1);
        for (int i = 0; i < members.Count; i++)
        {
            TreeReading tree = TreeReading.Of(members[i]);
            long[]? columns = features[i] is Pickle.NumpyArray array ? array.ToInt64s() : null;
            tree.AppendTo(ensemble, columns, (node, depth) => ensemble.AddLeaf(0, depth + AveragePathLength(tree.SampleCounts[node])));
        }

        double samples = estimator.Has("_max_samples") ? estimator.Number("_max_samples") : estimator.Number("max_samples_");
        Edge depths = graph.Cast(ensemble.Emit(graph, TreeModels.AsFloat32(graph, x.ToMatrix(scope))), OnnxDataType.Double);
        double scale = -Math.Log(2) / (members.Count * AveragePathLength(samples));
        Edge score = graph.Neg(graph.Exp(graph.Mul(depths, graph.Scalar(scale))));
        Edge decision = graph.Sub(score, graph.Scalar(estimator.Number("offset_")));
        Edge inlier = graph.Where(graph.Less(decision, graph.Scalar(0)), graph.Scalar(-1, OnnxDataType.Int64), graph.Scalar(1, OnnxDataType.Int64));
        return new Prediction { Inlier = graph.Reshape(inlier, -1), Decision = decision, Score = score };
    }

    // Mean path length of an unsuccessful search in a binary search tree of n rows (the paper's equation 1).
    private static double AveragePathLength(double n) => n switch
    {
        <= 1 => 0,
        2 => 1,
        _ => (2 * (Math.Log(n - 1) + EulerGamma)) - (2 * (n - 1) / n),
    };
}
