using System.Text;
using Slipway.Formats.Boosters;
using Slipway.Formats.LightGbm;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Boosters;

/// <summary>Pickled LightGBM models: the scikit-learn wrappers and the plain booster. The model inside is LightGBM's own text, read as a file of it would be.</summary>
internal sealed class LightGbmEstimators : EstimatorConverter
{
    public override string Package => "lightgbm";

    public override IReadOnlyList<string> ClassNames { get; } = ["LGBMClassifier", "LGBMRegressor", "LGBMRanker", "LGBMModel", "Booster"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    /// <summary>The model of a wrapper or a booster, up to the best iteration where training found one.</summary>
    public static LightGbmModel ModelOf(Estimator estimator)
    {
        Estimator booster = estimator.ClassName == "Booster" ? estimator : estimator.Child("_Booster");
        string text = booster.Text(booster.Has("_handle") ? "_handle" : "handle") ?? throw booster.Missing("_handle", "the text of a model");
        LightGbmModel model = LightGbmReader.Read(Encoding.UTF8.GetBytes(text));
        long best = booster.Has("best_iteration") ? booster.Integer("best_iteration") : 0;
        return best > 0 && best * model.TreesPerIteration < model.Trees.Count ? model with { Trees = [.. model.Trees.Take((int)best * model.TreesPerIteration)] } : model;
    }

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        LightGbmModel model = ModelOf(estimator);
        Edge matrix = x.ToMatrix(scope);
        if (matrix.Width != model.FeatureNames.Count)
        {
            throw estimator.Missing("_Booster", $"a model of {matrix.Width} features");
        }

        BoosterHead head = LightGbmObjective.Read(model.Objective);
        Edge sums = LightGbmConverter.Sums(scope.Graph, matrix, model);
        if (estimator.ClassName == "LGBMClassifier" && !head.Classifies)
        {
            throw estimator.NotSupported("classifying with an objective of your own");
        }

        ClassLabels? classes = estimator.Has("_le") ? ClassLabels.FromObjects(estimator.Child("_le").Objects("classes_")) : null;
        return BoostedAnswers.Of(head, scope.Graph, sums, classes, isMultilabel: false);
    }
}
