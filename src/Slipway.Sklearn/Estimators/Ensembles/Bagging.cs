using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Ensembles;

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
        bool decides = answers.All(answer => answer.Decision is { } d && d.Width == answers[0].Decision!.Value.Width);
        Edge? decision = decides ? VotingConverter.WeightedSum(graph, [.. answers.Select(static answer => answer.Decision!.Value)], weights) : null;
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(mean), Probabilities = mean, Decision = decision };
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
