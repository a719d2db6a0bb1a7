using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>Gradient boosting (Friedman 2001): a constant start plus the shrunken sum of regression trees, through the link of the loss.</summary>
internal sealed class GradientBoosting : EstimatorConverter
{
    // What the losses clip a starting probability by: the machine epsilon of binary32.
    private const double ProbabilityFloor = 1.1920928955078125e-7;

    // From here on the starting logarithms of several classes sum to zero.
    private static readonly Version SymmetricStart = new(1, 4);

    public override IReadOnlyList<string> ClassNames { get; } = ["GradientBoostingClassifier", "GradientBoostingRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        IReadOnlyList<Estimator> trees = estimator.Children("estimators_");
        bool classifies = estimator.ClassName == "GradientBoostingClassifier";
        ClassLabels? classes = classifies ? ClassLabels.FromObjects(estimator.Objects("classes_")) : null;
        int outputs = classes is { Count: > 2 } ? classes.Count : 1;
        double rate = estimator.Number("learning_rate", 0.1);
        TreeEnsemble ensemble = new(outputs);
        for (int i = 0; i < trees.Count; i++)
        {
            TreeReading tree = TreeReading.Of(trees[i]);
            int target = i % outputs;
            tree.AppendTo(ensemble, null, (node, _) => ensemble.AddLeaf(target, rate * tree.Values(node)[0]));
        }

        Edge matrix = x.ToMatrix(scope);
        Edge sums = graph.Cast(ensemble.Emit(graph, TreeModels.AsFloat32(graph, matrix)), OnnxDataType.Double);
        Edge raw = graph.Add(sums, Start(estimator, outputs) is { } constants ? EmitLinear.Row(graph, constants) : PredictedStart(estimator, FeatureTable.Of(TreeModels.AsFloat32(graph, matrix)), classes, scope));
        return classes is null ? new Prediction { Value = raw } : Classify(estimator, graph, raw, classes);
    }

    private static Prediction Classify(Estimator estimator, GraphBuilder graph, Edge raw, ClassLabels classes)
    {
        bool exponential = estimator.Text("loss") == "exponential";
        Edge probabilities = raw.Width == 1
            ? EmitLinear.Complement(graph, EmitLinear.Sigmoid(graph, exponential ? graph.Mul(raw, graph.Scalar(2)) : raw))
            : graph.Softmax(raw);
        return new Prediction
        {
            Classes = classes,
            ClassIndex = raw.Width == 1
                ? graph.Reshape(graph.Cast(graph.GreaterOrEqual(raw, graph.Scalar(0)), OnnxDataType.Int64), -1)
                : graph.ArgMax(raw),
            Decision = raw,
            Probabilities = probabilities,
        };
    }

    // Null when an estimator of its own predicts the start.
    private static double[]? Start(Estimator estimator, int outputs)
    {
        if (estimator.Text("init_") == "zero" || !estimator.Has("init_"))
        {
            return new double[outputs];
        }

        Estimator start = estimator.Child("init_");
        if (start.ClassName == "DummyRegressor")
        {
            return [start.Vector("constant_")[0]];
        }

        return start.ClassName == "DummyClassifier" && start.Raw("class_prior_") is NumpyArray && start.Text("strategy") == "prior"
            ? Logits(estimator, outputs, start.Vector("class_prior_"))
            : null;
    }

    private static double[] Logits(Estimator estimator, int outputs, double[] shares)
    {
        double[] prior = [.. shares.Select(static p => Math.Clamp(p, ProbabilityFloor, 1 - ProbabilityFloor))];
        if (outputs == 1)
        {
            double logit = Math.Log(prior[1] / (1 - prior[1]));
            return [estimator.Text("loss") == "exponential" ? logit / 2 : logit];
        }

        double[] logs = [.. prior.Select(static p => Math.Log(p))];
        double mean = estimator.Version >= SymmetricStart ? logs.Average() : 0;
        return [.. logs.Select(value => value - mean)];
    }

    private static Edge PredictedStart(Estimator estimator, FeatureTable x, ClassLabels? classes, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Estimator start = estimator.Child("init_");
        Prediction answer = scope.Predict(start, x);
        if (classes is null)
        {
            return answer.Value ?? throw start.NotSupported("starting a regression");
        }

        Edge p = graph.Min(graph.Max(answer.Probabilities ?? throw start.NotSupported("starting a classification"), graph.Scalar(ProbabilityFloor)), graph.Scalar(1 - ProbabilityFloor));
        if (classes.Count > 2)
        {
            Edge logs = graph.Log(p);
            return estimator.Version >= SymmetricStart ? graph.Sub(logs, graph.ReduceMean(logs, 1)) : logs;
        }

        Edge positive = graph.Columns(p, [1]);
        Edge logit = graph.Log(graph.Div(positive, graph.Sub(graph.Scalar(1), positive)));
        return estimator.Text("loss") == "exponential" ? graph.Mul(logit, graph.Scalar(0.5)) : logit;
    }
}
