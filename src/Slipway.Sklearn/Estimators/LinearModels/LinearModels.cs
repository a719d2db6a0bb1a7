using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.LinearModels;

/// <summary>Linear regressors and the generalised linear ones: x · coefᵀ + intercept, through the inverse link.</summary>
internal sealed class LinearRegressors : EstimatorConverter
{
    private static readonly string[] LogLink = ["PoissonRegressor", "GammaRegressor"];

    public override IReadOnlyList<string> ClassNames { get; } =
    [
        "LinearRegression", "Ridge", "RidgeCV", "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV", "Lars", "LarsCV", "LassoLars", "LassoLarsCV", "LassoLarsIC",
        "OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV", "BayesianRidge", "ARDRegression", "HuberRegressor", "SGDRegressor", "PassiveAggressiveRegressor",
        "LinearSVR", "TheilSenRegressor", "QuantileRegressor", "MultiTaskLasso", "MultiTaskLassoCV", "MultiTaskElasticNet", "MultiTaskElasticNetCV",
        "PoissonRegressor", "GammaRegressor", "TweedieRegressor",
    ];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        Edge value = EmitLinear.Affine(scope.Graph, x.ToMatrix(scope), estimator.Matrix("coef_"), estimator.Vector("intercept_"));
        return new Prediction { Value = HasLogLink(estimator) ? scope.Graph.Exp(value) : value };
    }

    // TweedieRegressor's "auto" link is the identity for power ≤ 0 and the logarithm above.
    private static bool HasLogLink(Estimator estimator) =>
        LogLink.Contains(estimator.ClassName, StringComparer.Ordinal)
        || (estimator.ClassName == "TweedieRegressor" && (estimator.Text("link") is "log" || (estimator.Text("link") is "auto" or null && estimator.Number("power", 0) > 0)));
}
