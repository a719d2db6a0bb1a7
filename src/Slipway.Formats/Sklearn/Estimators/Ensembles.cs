using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

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

/// <summary>Stacking: a final estimator over the answers of others.</summary>
internal sealed class StackingConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["StackingClassifier", "StackingRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        object?[] methods = estimator.Objects("stack_method_");
        List<FeatureTable> answers = [];
        for (int i = 0; i < members.Count; i++)
        {
            Prediction answer = scope.Predict(members[i], x);
            answers.Add(FeatureTable.Of(Answer(scope.Graph, answer, methods[i] as string) ?? throw members[i].NotSupported($"the method '{methods[i]}'")));
        }

        if (estimator.Flag("passthrough"))
        {
            answers.Add(x);
        }

        Prediction final = scope.Predict(estimator.Child("final_estimator_"), FeatureTable.Join(answers));
        return estimator.ClassName == "StackingRegressor" ? final : final with { Classes = ClassLabels.FromObjects(estimator.Objects("classes_")) };
    }

    // Of two classes one probability says it all: the first column is left out.
    private static Edge? Answer(GraphBuilder graph, Prediction answer, string? method) => method switch
    {
        "predict_proba" => answer.Probabilities is { Width: 2 } two ? graph.Columns(two, [1]) : answer.Probabilities,
        "decision_function" => answer.Decision,
        "predict" => answer.Value ?? (answer.ClassIndex is { } index ? graph.Cast(graph.Reshape(index, -1, 1), OnnxDataType.Double) : null),
        _ => null,
    };
}

/// <summary>Bagging: the mean over members that each see some of the features.</summary>
internal sealed class BaggingConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["BaggingClassifier", "BaggingRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        object?[] features = estimator.Objects("estimators_features_");
        Prediction[] answers = new Prediction[members.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            int[] columns = [.. (Estimator.Items(features[i]) ?? []).Select(item => Pickle.PickleNumbers.TryToInt64(item, out long column) ? (int)column : 0)];
            answers[i] = scope.Predict(members[i], x.Select(scope, columns));
        }

        double[] weights = [.. Enumerable.Repeat(1.0 / members.Count, members.Count)];
        if (estimator.ClassName == "BaggingRegressor")
        {
            return new Prediction { Value = VotingConverter.WeightedSum(graph, [.. answers.Select((answer, i) => answer.Value ?? throw members[i].NotSupported("averaging"))], weights) };
        }

        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        Edge mean = VotingConverter.WeightedSum(graph, [.. answers.Select((answer, i) => Placed(graph, answer, members[i], classes.Count))], weights);
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(mean), Probabilities = mean };
    }

    // A member that never saw a class has fewer columns; its classes are positions into the whole list.
    private static Edge Placed(GraphBuilder graph, Prediction answer, Estimator member, int count)
    {
        if (answer.Probabilities is not { } probabilities)
        {
            return VotingConverter.OneHot(graph, answer.ClassIndex ?? throw member.NotSupported("averaging"), count);
        }

        if (probabilities.Width == count)
        {
            return probabilities;
        }

        double[] placement = new double[probabilities.Width * count];
        IReadOnlyList<string> names = answer.Classes!.Names;
        for (int i = 0; i < names.Count; i++)
        {
            placement[(i * count) + int.Parse(names[i], System.Globalization.CultureInfo.InvariantCulture)] = 1;
        }

        return graph.MatMul(probabilities, graph.Constant(placement, probabilities.Width, count));
    }
}

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
