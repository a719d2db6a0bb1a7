using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Composition;

namespace Slipway.Sklearn;

/// <summary>Estimators inside another one that are given the very columns that it is given.</summary>
internal static class InnerEstimators
{
    private const int MaxDepth = 32;

    /// <summary>The estimators, in order; none for one that looks at its columns itself, and for pipelines, whose steps change them on their way.</summary>
    public static IReadOnlyList<Estimator> Of(Estimator estimator) => estimator.ClassName switch
    {
        "GridSearchCV" or "RandomizedSearchCV" or "HalvingGridSearchCV" or "HalvingRandomSearchCV" => [estimator.Child("best_estimator_")],
        "FeatureUnion" => [.. FeatureUnionConverter.Parts(estimator)],
        "VotingClassifier" or "VotingRegressor" or "StackingClassifier" or "StackingRegressor" or "OneVsRestClassifier" or "OneVsOneClassifier" or "OutputCodeClassifier"
            or "MultiOutputClassifier" or "MultiOutputRegressor" => estimator.Children("estimators_"),
        "CalibratedClassifierCV" => [.. estimator.Children("calibrated_classifiers_").Select(static part => part.Child("estimator", "base_estimator"))],
        "TransformedTargetRegressor" => [estimator.Child("regressor_")],
        "FixedThresholdClassifier" or "TunedThresholdClassifierCV" or "FrozenEstimator" => [estimator.Child("estimator_", "estimator")],
        _ => [],
    };

    /// <summary>Names of the columns: the estimator's own, or those that one inside it was fitted on; empty when none keeps any.</summary>
    public static IReadOnlyList<string> NamesOf(Estimator estimator, int depth = 0)
    {
        if (estimator.FeatureNames is var own && (own.Count > 0 || depth > MaxDepth))
        {
            return own;
        }

        IReadOnlyList<Estimator> inner = estimator.ClassName == "Pipeline" && PipelineConverter.Steps(estimator) is [var first, ..] ? [first] : Of(estimator);
        return inner.Select(part => NamesOf(part, depth + 1)).FirstOrDefault(static names => names.Count > 0) ?? [];
    }
}
