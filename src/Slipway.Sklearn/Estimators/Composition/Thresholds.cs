using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Preprocessing;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Composition;

/// <summary>Binary classifiers whose label is decided by a threshold that was set or tuned apart from them (scikit-learn 1.5 and later).</summary>
internal sealed class Thresholds : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["FixedThresholdClassifier", "TunedThresholdClassifierCV"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Estimator inner = estimator.Child("estimator_", "estimator");
        Prediction prediction = scope.Predict(inner, x);
        string method = estimator.Text("_response_method") ?? estimator.Text("response_method") ?? "auto";
        bool byProbability = prediction.Probabilities is not null && method is "auto" or "predict_proba";
        Edge score = byProbability ? graph.Columns(prediction.Probabilities!.Value, [1]) : prediction.Decision ?? throw inner.NotSupported("a threshold on its answers");
        if (estimator.Has("pos_label") && prediction.Classes is { } classes && !classes.Names[1].Equals(Encoders.TextOf(estimator.Raw("pos_label")), StringComparison.Ordinal))
        {
            throw estimator.NotSupported("a pos_label that is not the second class");
        }

        object? given = estimator.Has("best_threshold_") ? estimator.Raw("best_threshold_") : estimator.Raw("threshold");
        double threshold = PickleNumbers.TryToDouble(given, out double number) ? number : byProbability ? 0.5 : 0;
        Edge positive = graph.GreaterOrEqual(score, graph.Scalar(threshold));
        return prediction with { ClassIndex = graph.Reshape(graph.Cast(positive, OnnxDataType.Int64), -1) };
    }
}
