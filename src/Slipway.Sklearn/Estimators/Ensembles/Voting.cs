using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>Voting: estimators trained on the same data, by their votes or the mean of their answers.</summary>
internal sealed class VotingConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["VotingClassifier", "VotingRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        double[] weights = estimator.Has("weights") ? Weights(estimator, members.Count) : [.. Enumerable.Repeat(1.0, members.Count)];
        double total = weights.Sum();
        if (estimator.ClassName == "VotingRegressor")
        {
            return new Prediction { Value = WeightedSum(graph, [.. members.Select(member => scope.Predict(member, x).Value ?? throw member.NotSupported("averaging"))], [.. weights.Select(w => w / total)]) };
        }

        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        Prediction[] votes = [.. members.Select(member => scope.Predict(member, x))];
        if (estimator.Text("voting") == "soft")
        {
            Edge mean = WeightedSum(
                graph, [.. votes.Select((vote, i) => vote.Probabilities ?? throw members[i].NotSupported("probabilities, which soft voting needs,"))], [.. weights.Select(w => w / total)]);
            return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(mean), Probabilities = mean };
        }

        // Members were fitted on positions 0 … K-1; the most weighted votes win, the first class among equals.
        Edge[] ballots = [.. votes.Select((vote, i) => OneHot(graph, vote.ClassIndex ?? throw members[i].NotSupported("voting"), classes.Count))];
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(WeightedSum(graph, ballots, weights)) };
    }

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => estimator.Flag("flatten_transform", true);

    // The members' answers side by side: probabilities when voting softly, positions of classes when not, values of regressors.
    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        bool soft = estimator.Text("voting") == "soft";
        return FeatureTable.Join([.. estimator.Children("estimators_").Select(member => scope.Predict(member, x) is var answer && (soft ? answer.Probabilities : answer.Value) is { } edge
            ? FeatureTable.Of(edge)
            : FeatureTable.Of(graph.Cast(graph.Reshape(answer.ClassIndex ?? throw member.NotSupported("voting"), -1, 1), OnnxDataType.Double)))]);
    }

    /// <summary><c>[N]</c> positions as <c>[N, count]</c> ones and zeros.</summary>
    public static Edge OneHot(GraphBuilder graph, Edge positions, int count)
    {
        long[] all = [.. Enumerable.Range(0, count).Select(static i => (long)i)];
        return graph.Cast(graph.Equal(graph.Reshape(positions, -1, 1), graph.Constant(all, 1, count)), OnnxDataType.Double);
    }

    /// <summary>Σ weight · edge.</summary>
    public static Edge WeightedSum(GraphBuilder graph, IReadOnlyList<Edge> edges, IReadOnlyList<double> weights)
    {
        Edge? sum = null;
        for (int i = 0; i < edges.Count; i++)
        {
            Edge term = weights[i] == 1 ? edges[i] : graph.Mul(edges[i], graph.Scalar(weights[i]));
            sum = sum is { } known ? graph.Add(known, term) : term;
        }

        return sum!.Value;
    }

    // Weights are given for all estimators; the dropped ones have none left.
    private static double[] Weights(Estimator estimator, int members)
    {
        object?[] given = estimator.Objects("weights");
        object?[] named = estimator.Objects("estimators");
        double[] kept = [.. Enumerable.Range(0, given.Length)
            .Where(i => i >= named.Length || Estimator.Items(named[i]) is not [_, "drop" or null])
            .Select(i => Pickle.PickleNumbers.TryToDouble(given[i], out double weight) ? weight : throw estimator.Missing("weights", "numbers"))];
        return kept.Length == members ? kept : throw estimator.Missing("weights", $"{members} numbers");
    }
}
