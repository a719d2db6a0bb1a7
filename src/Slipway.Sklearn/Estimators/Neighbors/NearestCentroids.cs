using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Neighbors;

/// <summary>The class whose centroid is nearest.</summary>
internal sealed class NearestCentroids : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["NearestCentroid"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        // Since 1.6 classes may have priors, which move the border between two centroids.
        if (estimator.Has("class_prior_") && estimator.Vector("class_prior_") is { } priors && priors.Any(prior => Math.Abs(prior - (1.0 / priors.Length)) > 1e-8))
        {
            throw estimator.NotSupported("priors that are not uniform");
        }

        string metric = estimator.Text("metric") ?? "euclidean";
        Edge distances = Distances.Emit(scope.Graph, x.ToMatrix(scope), estimator.Matrix("centroids_"), metric) ?? throw estimator.NotSupported($"the metric '{metric}'");
        return new Prediction { Classes = ClassLabels.FromObjects(estimator.Objects("classes_")), ClassIndex = scope.Graph.ArgMin(distances) };
    }
}
