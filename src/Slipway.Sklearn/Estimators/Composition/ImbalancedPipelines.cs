using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Composition;

/// <summary>Pipelines of imbalanced-learn: as scikit-learn's, but for the steps that only draw training rows, which do nothing to a row that is predicted.</summary>
internal sealed class ImbalancedPipelines : EstimatorConverter
{
    private static readonly string[] Samplers = ["imblearn.over_sampling", "imblearn.under_sampling", "imblearn.combine", "imblearn.base"];

    public override string Package => "imblearn";

    public override IReadOnlyList<string> ClassNames { get; } = ["Pipeline"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => Steps(estimator) is not [.., var last] || scope.CanTransform(last);

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => Steps(estimator) is [.., var last] && scope.CanPredict(last);

    /// <summary>Whether a step only draws training rows.</summary>
    public static bool IsSampler(Estimator step) => Array.Exists(Samplers, module => step.Module.StartsWith(module, StringComparison.Ordinal));

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) =>
        Steps(estimator).Aggregate(x, (features, step) => scope.Transform(step, features));

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        IReadOnlyList<Estimator> steps = Steps(estimator);
        return scope.Predict(steps[^1], steps.SkipLast(1).Aggregate(x, (features, step) => scope.Transform(step, features)));
    }

    private static List<Estimator> Steps(Estimator pipeline) => [.. PipelineConverter.Steps(pipeline).Where(static step => !IsSampler(step))];
}
