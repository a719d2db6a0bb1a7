using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>Ensembles of imbalanced-learn, which draw their training rows otherwise than scikit-learn's and predict as those do, whose subclasses they are.</summary>
internal sealed class ImbalancedEnsembles : EstimatorConverter
{
    private static readonly TreeModels Forest = new();
    private static readonly BaggingConverter Bagging = new();

    public override string Package => "imblearn";

    public override IReadOnlyList<string> ClassNames { get; } = ["BalancedRandomForestClassifier", "BalancedBaggingClassifier", "EasyEnsembleClassifier"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope) =>
        estimator.ClassName == "BalancedRandomForestClassifier" ? Forest.Predict(estimator, x, scope) : Bagging.Predict(estimator, x, scope);
}
