using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Boosters;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn;

/// <summary>How many features a model takes.</summary>
internal static class FeatureCounts
{
    private const int MaxDepth = 32;

    /// <summary>The number; null when nothing tells. What is made of other estimators often does not keep it itself: the first of its parts that knows tells.</summary>
    public static int? Of(Estimator estimator, int depth = 0)
    {
        if (estimator.FeatureCount is { } count)
        {
            return count;
        }

        if (depth > MaxDepth)
        {
            return null;
        }

        if (estimator.Module.StartsWith("xgboost.", StringComparison.Ordinal))
        {
            return XGBoostEstimators.ModelOf(estimator).FeatureCount;
        }

        if (estimator.Module.StartsWith("lightgbm.", StringComparison.Ordinal))
        {
            return LightGbmEstimators.ModelOf(estimator).FeatureNames.Count;
        }

        if (estimator.Module.StartsWith("catboost.", StringComparison.Ordinal))
        {
            return CatBoostEstimators.ColumnCount(estimator);
        }

        if (estimator.ClassName is "TfidfVectorizer" or "CountVectorizer" or "HashingVectorizer" or "IsotonicRegression")
        {
            return 1;
        }

        if (estimator.Has("coef_"))
        {
            return estimator.Matrix("coef_").Columns;
        }

        if (InnerEstimators.Of(estimator).Select(inner => Of(inner, depth + 1)).FirstOrDefault(static inner => inner is not null) is { } shared)
        {
            return shared;
        }

        if (LearnedWidth(estimator) is { } learned)
        {
            return learned;
        }

        foreach (string name in new[] { "steps", "transformer_list", "estimators_", "calibrated_classifiers_" })
        {
            // What is passed through or left out comes before it, at most.
            object? first = Estimator.Items(estimator.Raw(name))?.Select(static item => Estimator.Items(item) is [_, var part] ? part : item).FirstOrDefault(static part => part is PickleObject);
            if (estimator.AsChild(first, name) is { } child && KnownEstimators.All.Knows((PickleObject)first!) && Of(child, depth + 1) is { } width)
            {
                return width;
            }
        }

        foreach (string name in new[] { "best_estimator_", "estimator_", "regressor_", "estimator", "base_estimator" })
        {
            if (estimator.Raw(name) is PickleObject node && KnownEstimators.All.Knows(node) && estimator.AsChild(node, name) is { } child && Of(child, depth + 1) is { } width)
            {
                return width;
            }
        }

        return null;
    }

    // Before 0.23 estimators did not keep the number of features: what they learned has as many columns.
    private static int? LearnedWidth(Estimator estimator)
    {
        if (estimator.Raw("shape_fit_") is PickleTuple { Count: 2 } shape && PickleNumbers.TryToInt64(shape[1], out long fitted))
        {
            return (int)fitted;
        }

        string? name = estimator.ClassName switch
        {
            "StandardScaler" => estimator.Has("scale_") ? "scale_" : "mean_",
            "MinMaxScaler" or "MaxAbsScaler" or "RobustScaler" => "scale_",
            "PCA" or "IncrementalPCA" or "TruncatedSVD" or "FastICA" or "FactorAnalysis" => "components_",
            "KMeans" or "MiniBatchKMeans" => "cluster_centers_",
            "GaussianNB" => "theta_",
            "MultinomialNB" or "ComplementNB" or "BernoulliNB" => "feature_log_prob_",
            "KNeighborsClassifier" or "KNeighborsRegressor" => "_fit_X",
            "GaussianMixture" or "BayesianGaussianMixture" => "means_",
            "SimpleImputer" => "statistics_",
            "SparseCoder" => "dictionary",
            _ => null,
        };
        if (estimator.ClassName is "MLPClassifier" or "MLPRegressor")
        {
            return Estimator.Items(estimator.Raw("coefs_")) is [var first, ..] ? Estimator.AsMatrix(first)?.Rows : null;
        }

        if (estimator.ClassName is "OneHotEncoder" or "OrdinalEncoder")
        {
            return Estimator.Items(estimator.Raw("categories_"))?.Length;
        }

        return name is null || !estimator.Has(name) ? null
            : estimator.ClassName == "SimpleImputer" ? Estimator.Items(estimator.Raw(name))?.Length
            : Estimator.AsMatrix(estimator.Raw(name))?.Columns;
    }
}
