using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

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
        Edge[] columns = [.. calibrators.Select((calibrator, i) => Calibrate(calibrator, graph, graph.Columns(scores, [i])))];
        return classes == 2
            ? EmitLinear.Complement(graph, columns[0])
            : EmitLinear.NormalizeRows(graph, graph.Concat(columns, -1), 1.0 / classes);
    }

    private static Edge Calibrate(Estimator calibrator, GraphBuilder graph, Edge score) => calibrator.ClassName switch
    {
        "_SigmoidCalibration" => graph.Sigmoid(graph.Neg(graph.Add(graph.Mul(score, graph.Scalar(calibrator.Number("a_"))), graph.Scalar(calibrator.Number("b_"))))),
        "IsotonicRegression" => Isotonic(calibrator, graph, score),
        _ => throw calibrator.NotSupported("this calibration"),
    };

    // Linear between thresholds: each step adds slope · clamp(x - start, 0, length).
    private static Edge Isotonic(Estimator calibrator, GraphBuilder graph, Edge score)
    {
        double[] xs = calibrator.Vector("X_thresholds_");
        double[] ys = calibrator.Vector("y_thresholds_");
        if (xs.Length == 1)
        {
            return graph.Add(graph.Mul(score, graph.Scalar(0)), graph.Scalar(ys[0]));
        }

        int steps = xs.Length - 1;
        double[] starts = new double[steps];
        double[] lengths = new double[steps];
        double[] slopes = new double[steps];
        for (int i = 0; i < steps; i++)
        {
            starts[i] = xs[i];
            lengths[i] = xs[i + 1] - xs[i];
            slopes[i] = lengths[i] > 0 ? (ys[i + 1] - ys[i]) / lengths[i] : 0;
        }

        Edge into = graph.Min(graph.Max(graph.Sub(score, EmitLinear.Row(graph, starts)), graph.Scalar(0)), EmitLinear.Row(graph, lengths));
        return graph.Add(graph.ReduceSum(graph.Mul(into, EmitLinear.Row(graph, slopes)), 1), graph.Scalar(ys[0]));
    }
}
