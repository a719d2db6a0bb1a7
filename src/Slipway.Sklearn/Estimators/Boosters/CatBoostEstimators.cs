using Slipway.Formats.Boosters;
using Slipway.Formats.CatBoost;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Ensembles;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Boosters;

/// <summary>Pickled CatBoost models. The model inside is CatBoost's own file, read as one would be.</summary>
internal sealed class CatBoostEstimators : EstimatorConverter
{
    public override string Package => "catboost";

    public override IReadOnlyList<string> ClassNames { get; } = ["CatBoost", "CatBoostClassifier", "CatBoostRanker", "CatBoostRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    /// <summary>Columns of the matrix that the model takes.</summary>
    public static int ColumnCount(Estimator estimator) => ModelOf(estimator).Features.Select(static feature => feature.Column + 1).DefaultIfEmpty().Max();

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        CatBoostModel model = ModelOf(estimator);
        if (model.IsMixed)
        {
            throw estimator.NotSupported("a CatBoost model of categories or texts inside a pickle (save it with save_model)");
        }

        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        if (matrix.Width < ColumnCount(estimator))
        {
            throw estimator.Missing("__model", $"a model of {matrix.Width} features");
        }

        BoosterHead head = CatBoostLoss.Read(model.Loss);
        if (estimator.ClassName == "CatBoostClassifier" && !head.Classifies)
        {
            throw estimator.NotSupported("classifying with an objective of your own");
        }

        Edge sums = CatBoostConverter.Sums(graph, TreeModels.AsFloat32(graph, matrix), model, [.. model.Features.Select(static feature => feature.Column)]);
        return BoostedAnswers.Of(head, graph, sums, CatBoostConverter.ClassesOf(model, head), CatBoostLoss.IsMultilabel(model.Loss));
    }

    private static CatBoostModel ModelOf(Estimator estimator) => CatBoostBinaryReader.Read(estimator.Raw("__model") switch
    {
        PickleBytes bytes => bytes.Value,
        string text => System.Text.Encoding.Latin1.GetBytes(text),
        _ => throw estimator.Missing("__model", "the bytes of a model"),
    });
}
