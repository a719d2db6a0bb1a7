using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

/// <summary>k-means: the nearest centre, or the distances to all.</summary>
internal sealed class Clusterers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["KMeans", "MiniBatchKMeans", "BisectingKMeans"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => estimator.ClassName != "BisectingKMeans";

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) =>
        FeatureTable.Of(scope.Graph.Sqrt(EmitLinear.SquaredDistances(scope.Graph, x.ToMatrix(scope), estimator.Matrix("cluster_centers_"))));

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope) =>
        new() { Cluster = scope.Graph.ArgMin(EmitLinear.SquaredDistances(scope.Graph, x.ToMatrix(scope), estimator.Matrix("cluster_centers_"))) };
}
