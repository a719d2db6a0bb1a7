using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.LinearModels;

/// <summary>Linear classifiers that decide by the sign or the largest of x · coefᵀ + intercept; SGD with some losses also gives probabilities.</summary>
internal sealed class LinearClassifiers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } =
        ["RidgeClassifier", "RidgeClassifierCV", "LinearSVC", "Perceptron", "PassiveAggressiveClassifier", "SGDClassifier", "LinearDiscriminantAnalysis"];

    // Before, probabilities of several classes could be those of one against the rest.
    private static readonly Version SoftmaxOfDiscriminants = new(0, 23);

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override bool CanTransform(Estimator estimator, ConversionScope scope) =>
        estimator.ClassName == "LinearDiscriminantAnalysis" && estimator.Text("solver") != "lsqr";

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        ClassLabels classes = ClassLabels.FromObjects(
            estimator.Has("classes_") ? estimator.Objects("classes_") : estimator.Child("_label_binarizer").Objects("classes_"));
        Edge decision = EmitLinear.Affine(graph, x.ToMatrix(scope), estimator.Matrix("coef_"), estimator.Vector("intercept_"));
        if (estimator.Raw("_label_binarizer") is PickleObject binarizer && binarizer["y_type_"] is "multilabel-indicator")
        {
            return new Prediction { Labels = graph.Cast(graph.Greater(decision, graph.Scalar(0)), OnnxDataType.Int64), Decision = decision };
        }

        return new Prediction
        {
            Classes = classes,
            ClassIndex = EmitLinear.ClassOfDecision(graph, decision),
            Decision = decision,
            Probabilities = estimator.ClassName switch
            {
                "SGDClassifier" => OfSgd(graph, decision, estimator.Text("loss"), classes.Count),
                "LinearDiscriminantAnalysis" when estimator.IsOlderThan(SoftmaxOfDiscriminants) && decision.Width > 1 =>
                    throw estimator.NotSupported($"probabilities of several classes by scikit-learn {estimator.Version} (older versions computed them otherwise)"),
                "LinearDiscriminantAnalysis" => decision.Width == 1 ? EmitLinear.Complement(graph, EmitLinear.Sigmoid(graph, decision)) : graph.Softmax(decision),
                _ => null,
            },
        };
    }

    // (x - xbar_) · scalings_, the first max_components_ columns; the eigen solver does not centre.
    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge centred = x.ToMatrix(scope);
        if (estimator.Text("solver") != "eigen")
        {
            centred = graph.Sub(centred, EmitLinear.Row(graph, estimator.Vector("xbar_")));
        }

        Matrix scalings = estimator.Matrix("scalings_");
        Edge projected = graph.MatMul(centred, graph.Constant(scalings.Values, scalings.Rows, scalings.Columns));
        long components = estimator.Has("_max_components") ? estimator.Integer("_max_components") : scalings.Columns;
        return FeatureTable.Of(graph.Columns(projected, [.. Enumerable.Range(0, (int)Math.Min(components, scalings.Columns)).Select(static i => (long)i)]));
    }

    private static Edge? OfSgd(GraphBuilder graph, Edge decision, string? loss, int classes)
    {
        Edge? p = loss switch
        {
            "log_loss" or "log" => EmitLinear.Sigmoid(graph, decision),
            "modified_huber" => graph.Div(graph.Add(graph.Max(graph.Min(decision, graph.Scalar(1)), graph.Scalar(-1)), graph.Scalar(1)), graph.Scalar(2)),
            _ => null,
        };
        return p is not { } edge ? null
            : decision.Width == 1 ? EmitLinear.Complement(graph, edge)
            : EmitLinear.NormalizeRows(graph, edge, whenZero: loss == "modified_huber" ? 1.0 / classes : double.NaN);
    }
}
