using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Pickle;
using Slipway.Formats.Sklearn.Conversion;
using Slipway.Formats.Sklearn.Estimators;

namespace Slipway.Formats.Sklearn;

/// <summary>
/// Decides the inputs of a converted model: one FP64 matrix <c>X [N, F]</c> where all features are numbers, else one column <c>[N, 1]</c> a feature, text where the first
/// estimator that sees the feature wants text.
/// </summary>
internal static class SklearnInputs
{
    /// <summary>Name of the single input.</summary>
    public const string MatrixName = "X";

    private const int MaxDepth = 32;

    /// <summary>Adds the inputs to the graph.</summary>
    public static FeatureTable Declare(Estimator root, GraphBuilder graph)
    {
        if (root.ClassName is "DummyClassifier" or "DummyRegressor" && root.FeatureCount is null)
        {
            return FeatureTable.Of(graph.Input(MatrixName, OnnxDataType.Double, -1, -1));
        }

        if (DictionaryOf(root) is { } dictionary)
        {
            // Each key is a column, whatever it makes of it.
            IReadOnlyList<(string Key, bool IsText)> keys = DictVectorizers.Keys(dictionary);
            return FeatureTable.Of([.. keys.Select(key => graph.Input(key.Key, key.IsText ? OnnxDataType.String : OnnxDataType.Double, -1, 1))], [.. keys.Select(static key => key.Key)]);
        }

        int width = WidthOf(root) ?? throw FirstUnknown(root) ?? root.Missing("n_features_in_", "the number of features");
        bool[] isText = new bool[width];
        MarkText(root, [.. Enumerable.Range(0, width)], isText, root.FeatureNames);
        bool hasNames = root.FeatureNames.Count == width;
        bool[] isUsed = Used(root, width);
        if (!isText.Contains(true) && (!hasNames || !isUsed.Contains(false)))
        {
            return FeatureTable.Of(graph.Input(MatrixName, OnnxDataType.Double, -1, width));
        }

        IReadOnlyList<string> names = hasNames ? root.FeatureNames
            : width == 1 ? [MatrixName]
            : [.. Enumerable.Range(0, width).Select(static i => $"x{i}")];
        return FeatureTable.OfUsed([.. names.Select(Edge? (name, i) => isUsed[i] ? graph.Input(name, isText[i] ? OnnxDataType.String : OnnxDataType.Double, -1, 1) : null)], names);
    }

    // Where the number of features is not known, an estimator in front that is not converted is more often the reason than one that is not fitted.
    private static SlipwayException? FirstUnknown(Estimator estimator, int depth = 0)
    {
        try
        {
            KnownEstimators.All.Find(estimator);
        }
        catch (SlipwayException unknown)
        {
            return unknown;
        }

        return depth <= MaxDepth && estimator.ClassName == "Pipeline" && PipelineConverter.Steps(estimator) is [var first, ..] ? FirstUnknown(first, depth + 1) : null;
    }

    // A ColumnTransformer that comes first may leave columns of the data frame out, of which nothing is known then, not even whether they are numbers.
    private static bool[] Used(Estimator estimator, int width, int depth = 0)
    {
        bool[] used = new bool[width];
        switch (estimator.ClassName)
        {
            case "Pipeline" when depth <= MaxDepth && PipelineConverter.Steps(estimator) is [var first, ..]:
                return Used(first, width, depth + 1);
            case "GridSearchCV" or "RandomizedSearchCV" or "HalvingGridSearchCV" or "HalvingRandomSearchCV" when depth <= MaxDepth:
                return Used(estimator.Child("best_estimator_"), width, depth + 1);
            case "ColumnTransformer":
                IReadOnlyList<string> names = estimator.FeatureNames;
                foreach (int column in ColumnTransformerConverter.Parts(estimator, name => names.ToList().IndexOf(name), width).SelectMany(static part => part.Columns))
                {
                    used[column] = true;
                }

                // One that looks at nothing at all would leave a model without inputs.
                return used.Contains(true) ? used : [.. used.Select(static _ => true)];
            default:
                Array.Fill(used, true);
                return used;
        }
    }

    // The step that takes dictionaries, where that is the first thing that happens to a row.
    private static Estimator? DictionaryOf(Estimator estimator, int depth = 0) => estimator.ClassName switch
    {
        _ when depth > MaxDepth => null,
        "DictVectorizer" => estimator,
        "Pipeline" when PipelineConverter.Steps(estimator) is [var first, ..] => DictionaryOf(first, depth + 1),
        "GridSearchCV" or "RandomizedSearchCV" or "HalvingGridSearchCV" or "HalvingRandomSearchCV" => DictionaryOf(estimator.Child("best_estimator_"), depth + 1),
        _ => null,
    };

    // What is made of other estimators often does not keep the number of features itself: the first of its parts that knows tells.
    private static int? WidthOf(Estimator estimator, int depth = 0)
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

        if (LearnedWidth(estimator) is { } learned)
        {
            return learned;
        }

        foreach (string name in new[] { "steps", "transformer_list", "estimators_", "calibrated_classifiers_" })
        {
            // What is passed through or left out comes before it, at most.
            object? first = Estimator.Items(estimator.Raw(name))?.Select(static item => Estimator.Items(item) is [_, var part] ? part : item).FirstOrDefault(static part => part is PickleObject);
            if (estimator.AsChild(first, name) is { } child && KnownEstimators.All.Knows((PickleObject)first!) && WidthOf(child, depth + 1) is { } width)
            {
                return width;
            }
        }

        foreach (string name in new[] { "best_estimator_", "estimator_", "regressor_", "estimator", "base_estimator" })
        {
            if (estimator.Raw(name) is PickleObject node && KnownEstimators.All.Knows(node) && estimator.AsChild(node, name) is { } child && WidthOf(child, depth + 1) is { } width)
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

    private static void MarkText(Estimator estimator, int[] columns, bool[] isText, IReadOnlyList<string> names)
    {
        switch (estimator.ClassName)
        {
            case "Pipeline":
                foreach (Estimator step in PipelineConverter.Steps(estimator))
                {
                    MarkText(step, columns, isText, names);
                    if (step.ClassName is not ("SimpleImputer" or "FunctionTransformer"))
                    {
                        break;
                    }
                }

                break;

            case "GridSearchCV" or "RandomizedSearchCV" or "HalvingGridSearchCV" or "HalvingRandomSearchCV":
                MarkText(estimator.Child("best_estimator_"), columns, isText, names);
                break;

            case "ColumnTransformer":
                IReadOnlyList<string> own = estimator.FeatureNames.Count > 0 ? estimator.FeatureNames : names;
                foreach ((Estimator? transformer, int[] part, _) in ColumnTransformerConverter.Parts(estimator, name => own.ToList().IndexOf(name), columns.Length))
                {
                    if (transformer is not null)
                    {
                        MarkText(transformer, [.. part.Select(column => columns[column])], isText, []);
                    }
                }

                break;

            case "HistGradientBoostingClassifier" or "HistGradientBoostingRegressor" when estimator.Has("_preprocessor"):
                MarkText(estimator.Child("_preprocessor"), columns, isText, names);
                break;

            case "FeatureUnion":
                foreach (Estimator part in FeatureUnionConverter.Parts(estimator))
                {
                    MarkText(part, columns, isText, names);
                }

                break;

            case "OneHotEncoder" or "OrdinalEncoder" or "TargetEncoder":
                IReadOnlyList<object?[]> categories = Encoders.Categories(estimator);
                for (int i = 0; i < Math.Min(categories.Count, columns.Length); i++)
                {
                    isText[columns[i]] |= categories[i].Any(static category => category is string);
                }

                break;

            case "SimpleImputer":
                object?[] statistics = estimator.Objects("statistics_");
                for (int i = 0; i < Math.Min(statistics.Length, columns.Length); i++)
                {
                    isText[columns[i]] |= statistics[i] is string;
                }

                break;

            case "TfidfVectorizer" or "CountVectorizer" or "HashingVectorizer":
                foreach (int column in columns)
                {
                    isText[column] = true;
                }

                break;

            default:
                break;
        }
    }
}
