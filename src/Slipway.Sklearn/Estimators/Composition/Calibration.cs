using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Ensembles;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Composition;

/// <summary>Calibrated classifiers: scores of one or several members through Platt's sigmoid or isotonic regression, averaged.</summary>
internal sealed class Calibration : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["CalibratedClassifierCV"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        IReadOnlyList<Estimator> members = estimator.Children("calibrated_classifiers_");
        Edge[] answers = [.. members.Select(member => Member(member, x, scope, classes.Count))];
        Edge mean = VotingConverter.WeightedSum(graph, answers, [.. Enumerable.Repeat(1.0 / answers.Length, answers.Length)]);
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(mean), Probabilities = mean };
    }

    private static Edge Member(Estimator member, FeatureTable x, ConversionScope scope, int classes)
    {
        GraphBuilder graph = scope.Graph;
        Estimator inner = member.Child("estimator", "base_estimator");
        Prediction prediction = scope.Predict(inner, x);
        Edge scores = prediction.Decision
            ?? (prediction.Probabilities is { } p ? classes == 2 ? graph.Columns(p, [1]) : p : throw inner.NotSupported("calibrating"));
        IReadOnlyList<Estimator> calibrators = member.Children(member.Has("calibrators") ? "calibrators" : "calibrators_");
        if (calibrators.Count != (classes == 2 ? 1 : classes))
        {
            throw member.NotSupported($"a part that was calibrated on fewer than {classes} classes");
        }

        Edge[] columns = [.. calibrators.Select((calibrator, i) => Calibrate(calibrator, graph, graph.Columns(scores, [i])))];
        return classes == 2
            ? EmitLinear.Complement(graph, columns[0])
            : EmitLinear.NormalizeRows(graph, graph.Concat(columns, -1), 1.0 / classes);
    }

    private static Edge Calibrate(Estimator calibrator, GraphBuilder graph, Edge score) => calibrator.ClassName switch
    {
        "_SigmoidCalibration" => EmitLinear.Sigmoid(graph, graph.Neg(graph.Add(graph.Mul(score, graph.Scalar(calibrator.Number("a_"))), graph.Scalar(calibrator.Number("b_"))))),
        "IsotonicRegression" => Isotonic.Emit(calibrator, graph, score),
        _ => throw calibrator.NotSupported("this calibration"),
    };
}
