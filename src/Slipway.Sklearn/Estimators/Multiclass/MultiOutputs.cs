using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Multiclass;

/// <summary>One estimator for each of several targets or labels: side by side, or as a chain in which each sees the answers of those before.</summary>
internal sealed class MultiOutputs : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["MultiOutputRegressor", "MultiOutputClassifier", "RegressorChain", "ClassifierChain"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        return estimator.ClassName switch
        {
            "MultiOutputRegressor" => new Prediction { Value = scope.Graph.Concat([.. members.Select(member => ValueOf(member, x, scope))], -1) },
            "MultiOutputClassifier" => new Prediction { Outputs = [.. members.Select(member => scope.Predict(member, x))] },
            _ => Chain(estimator, members, x, scope),
        };
    }

    private static Edge ValueOf(Estimator member, FeatureTable x, ConversionScope scope) => scope.Predict(member, x).Value ?? throw member.NotSupported("regression with several targets");

    private static Prediction Chain(Estimator estimator, IReadOnlyList<Estimator> members, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        if (estimator.Has("chain_method") && estimator.Text("chain_method") != "predict")
        {
            throw estimator.NotSupported("a chain_method besides 'predict'");
        }

        long[] order = estimator.Integers("order_");
        Edge features = x.ToMatrix(scope);
        Edge[] answers = new Edge[members.Count];
        Edge?[] probabilities = new Edge?[members.Count];
        Edge?[] decisions = new Edge?[members.Count];
        for (int i = 0; i < members.Count; i++)
        {
            Prediction answer = scope.Predict(members[i], FeatureTable.Of(features));
            Edge value = answer.Value ?? LabelOf(members[i], answer, graph);
            int target = (int)order[i];
            (answers[target], decisions[target]) = (value, answer.Decision);
            probabilities[target] = answer.Probabilities is { Width: 2 } p ? graph.Columns(p, [1]) : null;
            features = graph.Concat([features, value], -1);
        }

        Edge joined = graph.Concat(answers, -1);
        return estimator.ClassName == "RegressorChain"
            ? new Prediction { Value = joined }
            : new Prediction { Labels = graph.Cast(joined, OnnxDataType.Int64), Probabilities = Join(graph, probabilities), Decision = Join(graph, decisions) };
    }

    // Links of a chain of classifiers pass labels on as numbers.
    private static Edge LabelOf(Estimator member, Prediction answer, GraphBuilder graph)
    {
        if (answer.Classes is not { } classes || answer.ClassIndex is not { } index)
        {
            throw member.NotSupported("classifying in a chain");
        }

        Edge label = classes.Emit(graph, index);
        return label.Type == OnnxDataType.String
            ? throw member.NotSupported("classes of text in a chain")
            : graph.Cast(graph.Reshape(label, -1, 1), OnnxDataType.Double);
    }

    private static Edge? Join(GraphBuilder graph, IReadOnlyList<Edge?> columns) =>
        columns.All(static column => column is not null) ? graph.Concat([.. columns.Select(static column => column!.Value)], -1) : null;
}
