using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Composition;
using Slipway.Sklearn.Estimators.Preprocessing;

namespace Slipway.Sklearn;

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

        int width = FeatureCounts.Of(root) ?? throw FirstUnknown(root) ?? root.Missing("n_features_in_", "the number of features");
        bool[] isText = new bool[width];
        IReadOnlyList<string> known = InnerEstimators.NamesOf(root);
        MarkText(root, [.. Enumerable.Range(0, width)], isText, known);
        bool hasNames = known.Count == width;
        bool[] isUsed = Used(root, width);
        if (!isText.Contains(true) && (!hasNames || !isUsed.Contains(false)))
        {
            return FeatureTable.Of(graph.Input(MatrixName, OnnxDataType.Double, -1, width));
        }

        IReadOnlyList<string> names = hasNames ? known
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
            case "ColumnTransformer":
                IReadOnlyList<string> names = estimator.FeatureNames;
                foreach (int column in ColumnTransformerConverter.Parts(estimator, name => names.ToList().IndexOf(name), width).SelectMany(static part => part.Columns))
                {
                    used[column] = true;
                }

                // One that looks at nothing at all would leave a model without inputs.
                return used.Contains(true) ? used : [.. used.Select(static _ => true)];
            default:
                foreach (Estimator inner in depth <= MaxDepth ? InnerEstimators.Of(estimator) : [])
                {
                    bool[] its = Used(inner, width, depth + 1);
                    for (int i = 0; i < width; i++)
                    {
                        used[i] |= its[i];
                    }
                }

                return used.Contains(true) ? used : [.. used.Select(static _ => true)];
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
                foreach (Estimator inner in InnerEstimators.Of(estimator))
                {
                    MarkText(inner, columns, isText, names);
                }

                break;
        }
    }
}
