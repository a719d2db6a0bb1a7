using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Composition;

/// <summary>Estimators that answer as the one they keep: self-training, regression on a consensus, a fixed threshold, a frozen estimator.</summary>
internal sealed class Delegating : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["SelfTrainingClassifier", "RANSACRegressor", "FrozenEstimator"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => scope.CanPredict(Inner(estimator));

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => estimator.ClassName == "FrozenEstimator" && scope.CanTransform(Inner(estimator));

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope) => scope.Predict(Inner(estimator), x);

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) => scope.Transform(Inner(estimator), x);

    private static Estimator Inner(Estimator estimator) => estimator.Child("base_estimator_", "estimator_", "estimator");
}
