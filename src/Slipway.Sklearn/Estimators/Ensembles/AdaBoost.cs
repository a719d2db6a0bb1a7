using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>AdaBoost (Freund &amp; Schapire 1997; multi-class by Zhu et al. 2009).</summary>
internal sealed class AdaBoostConverter : EstimatorConverter
{
    private static readonly Version SymmetricVotes = new(1, 3, 1);

    public override IReadOnlyList<string> ClassNames { get; } = ["AdaBoostClassifier"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        double[] weights = estimator.Vector("estimator_weights_")[..members.Count];
        double total = weights.Sum();
        int k = classes.Count;
        bool real = estimator.Text("algorithm") == "SAMME.R";
        Edge[] terms = new Edge[members.Count];
        for (int i = 0; i < terms.Length; i++)
        {
            Prediction answer = scope.Predict(members[i], x);
            terms[i] = real
                ? LogTerm(graph, answer.Probabilities ?? throw members[i].NotSupported("probabilities, which SAMME.R needs,"), k)
                : Vote(graph, answer.ClassIndex ?? throw members[i].NotSupported("voting"), k, estimator.Version >= SymmetricVotes);
        }

        Edge scores = VotingConverter.WeightedSum(graph, terms, [.. weights.Select(weight => (real ? 1 : weight) / total)]);
        Edge decision = k == 2 ? graph.Sub(graph.Columns(scores, [1]), graph.Columns(scores, [0])) : scores;
        Edge softened = k == 2
            ? graph.Div(graph.Concat([graph.Neg(decision), decision], -1), graph.Scalar(2))
            : graph.Div(decision, graph.Scalar(k - 1));
        return new Prediction
        {
            Classes = classes,
            ClassIndex = EmitLinear.ClassOfDecision(graph, decision),
            Decision = decision,
            Probabilities = graph.Softmax(softened),
        };
    }

    // 1 for the class voted for; the others get 0, or since the votes were made symmetric -1/(k-1).
    private static Edge Vote(GraphBuilder graph, Edge classIndex, int k, bool symmetric)
    {
        Edge oneHot = VotingConverter.OneHot(graph, classIndex, k);
        return symmetric ? graph.Sub(graph.Mul(oneHot, graph.Scalar(k / (k - 1.0))), graph.Scalar(1.0 / (k - 1))) : oneHot;
    }

    private static Edge LogTerm(GraphBuilder graph, Edge probabilities, int k)
    {
        Edge logs = graph.Log(graph.Max(probabilities, graph.Scalar(2.220446049250313e-16)));
        return graph.Mul(graph.Sub(logs, graph.ReduceMean(logs, 1)), graph.Scalar(k - 1));
    }
}
