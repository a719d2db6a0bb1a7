using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.LinearModels;

/// <summary>Logistic regression. One-vs-rest or multinomial as its options and version say: a binary multinomial model is sigmoid(2d), not sigmoid(d).</summary>
internal sealed class LogisticRegressionConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["LogisticRegression", "LogisticRegressionCV"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        Edge decision = EmitLinear.Affine(graph, x.ToMatrix(scope), estimator.Matrix("coef_"), estimator.Vector("intercept_"));
        return new Prediction
        {
            Classes = classes,
            ClassIndex = EmitLinear.ClassOfDecision(graph, decision),
            Decision = decision,
            Probabilities = Probabilities(estimator, graph, decision, classes.Count),
        };
    }

    private static Edge Probabilities(Estimator estimator, GraphBuilder graph, Edge decision, int classes)
    {
        bool oneVsRest = estimator.Text("multi_class") switch
        {
            "ovr" => true,

            // The default of 0.20 and 0.21, which announced another one.
            "warn" => true,
            "multinomial" => false,
            _ => classes == 2 || estimator.Text("solver") == "liblinear",
        };
        if (!oneVsRest)
        {
            return graph.Softmax(decision.Width == 1 ? graph.Concat([graph.Neg(decision), decision], -1) : decision);
        }

        Edge p = EmitLinear.Sigmoid(graph, decision);
        return decision.Width == 1 ? EmitLinear.Complement(graph, p) : graph.Div(p, graph.ReduceSum(p, 1));
    }
}
