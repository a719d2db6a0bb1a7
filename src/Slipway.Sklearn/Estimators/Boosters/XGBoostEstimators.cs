using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.XGBoost;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Ensembles;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Boosters;

/// <summary>
/// Pickled XGBoost models: the scikit-learn wrappers and the plain booster. The model inside is XGBoost's own document, read as a file of it would be.
/// </summary>
internal sealed class XGBoostEstimators : EstimatorConverter
{
    public override string Package => "xgboost";

    public override IReadOnlyList<string> ClassNames { get; } = ["XGBClassifier", "XGBRegressor", "XGBRanker", "XGBRFClassifier", "XGBRFRegressor", "Booster"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    /// <summary>The model of a wrapper or a booster: the plain booster predicts with all of its trees, the wrappers with those up to the best iteration.</summary>
    public static XGBoostModel ModelOf(Estimator estimator) => ModelOf(estimator, stopsAtBest: estimator.ClassName != "Booster");

    /// <summary>The model with all of its trees, or those up to the best iteration.</summary>
    public static XGBoostModel ModelOf(Estimator estimator, bool stopsAtBest)
    {
        Estimator booster = estimator.ClassName == "Booster" ? estimator : estimator.Child("_Booster");
        byte[] document = booster.Raw("handle") switch
        {
            PickleBytes bytes => bytes.Value.ToArray(),
            string text => System.Text.Encoding.Latin1.GetBytes(text),
            _ => throw booster.Missing("handle", "the bytes of a model"),
        };

        return XGBoostFormat.ReadPickled(document, stopsAtBest);
    }

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        XGBoostModel model = ModelOf(estimator);
        Edge matrix = x.ToMatrix(scope);
        if (matrix.Width != model.FeatureCount)
        {
            throw estimator.Missing("_Booster", $"a model of {matrix.Width} features");
        }

        Edge single = TreeModels.AsFloat32(graph, matrix);
        double missing = estimator.Number("missing", double.NaN);
        if (!double.IsNaN(missing))
        {
            single = graph.Where(graph.Equal(single, graph.Scalar((float)missing)), graph.Scalar(double.NaN), single);
        }

        if (x.Storage != FeatureStorage.Dense)
        {
            // Of a sparse matrix XGBoost sees what is stored; the rest is missing.
            single = x.Storage == FeatureStorage.Sparse
                ? graph.Where(graph.Equal(single, graph.Scalar(0)), graph.Scalar(double.NaN), single)
                : throw estimator.NotSupported("a sparse matrix that may store zeros (XGBoost takes what is not stored as missing)");
        }

        BoosterHead head = XGBoostObjective.Read(model.Objective);
        Edge sums = XGBoostConverter.Sums(graph, single, model);
        if (head.Classifies && estimator.ClassName is "XGBRegressor" or "XGBRFRegressor" or "XGBRanker")
        {
            return new Prediction { Value = head.Apply(graph, sums), Decision = sums };
        }

        ClassLabels? classes = estimator.Has("_le") ? ClassLabels.FromObjects(estimator.Child("_le").Objects("classes_"))
            : estimator.Has("classes_") && estimator.Raw("classes_") is NumpyArray { Shape.Length: 1 } ? ClassLabels.FromObjects(estimator.Objects("classes_"))
            : null;
        if (model.Objective == "binary:logitraw" && estimator.ClassName == "XGBClassifier")
        {
            // The wrapper takes the raw sum for a probability, and so decides at one half.
            return BoostedAnswers.Of(new BoosterHead(BoosterLink.Identity, true), graph, sums, classes, isMultilabel: false);
        }

        return BoostedAnswers.Of(head, graph, sums, classes, XGBoostObjective.IsMultilabel(model));
    }
}
