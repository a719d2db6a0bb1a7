using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Multiclass;

/// <summary>Classifiers out of binary ones for pairs of classes, or for the digits of a code.</summary>
internal sealed class PairwiseClassifiers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["OneVsOneClassifier", "OutputCodeClassifier"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        if (estimator.ClassName == "OutputCodeClassifier")
        {
            Edge digits = graph.Concat([.. members.Select(member => BinaryAnswers.Score(member, BinaryAnswers.Of(member, x, scope), graph))], -1);
            Edge distances = Distances.Emit(graph, digits, estimator.Matrix("code_book_"), "euclidean")!.Value;
            return new Prediction { Classes = classes, ClassIndex = graph.ArgMin(distances) };
        }

        int k = classes.Count;
        if (members.Count != k * (k - 1) / 2)
        {
            throw estimator.Missing("estimators_", $"an estimator for each pair of {k} classes");
        }

        object?[]? features = Estimator.Items(estimator.Raw("pairwise_indices_"));
        if (features is { Length: > 0 } && features.Any(static item => item is not null))
        {
            throw estimator.NotSupported("a precomputed kernel");
        }

        Prediction[] answers = [.. members.Select(member => BinaryAnswers.Of(member, x, scope))];
        Edge positions = graph.Concat([.. answers.Select((answer, i) => graph.Cast(graph.Reshape(answer.ClassIndex ?? throw members[i].NotSupported("voting"), -1, 1), OnnxDataType.Double))], -1);
        Edge confidences = graph.Concat([.. answers.Select((answer, i) => BinaryAnswers.Score(members[i], answer, graph))], -1);
        Edge decision = Decide(graph, positions, confidences, k);
        if (k > 2)
        {
            return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(decision), Decision = decision };
        }

        Edge single = graph.Columns(decision, [1]);
        double threshold = answers[0].Decision is not null || answers[0].Value is not null ? 0 : 0.5;
        return new Prediction
        {
            Classes = classes,
            ClassIndex = graph.Reshape(graph.Cast(graph.Greater(single, graph.Scalar(threshold)), OnnxDataType.Int64), -1),
            Decision = single,
        };
    }

    // Votes, and the summed confidences squeezed into less than half a vote.
    private static Edge Decide(GraphBuilder graph, Edge positions, Edge confidences, int k)
    {
        int pairs = k * (k - 1) / 2;
        double[] signed = new double[pairs * k];
        double[] forFirst = new double[k];
        int pair = 0;
        for (int i = 0; i < k; i++)
        {
            for (int j = i + 1; j < k; j++, pair++)
            {
                (signed[(pair * k) + j], signed[(pair * k) + i]) = (1, -1);
                forFirst[i]++;
            }
        }

        // A prediction of 1 takes the vote from the first class of the pair and gives it to the second.
        Edge weights = graph.Constant(signed, pairs, k);
        Edge votes = graph.Add(graph.MatMul(positions, weights), EmitLinear.Row(graph, forFirst));
        Edge sum = graph.MatMul(confidences, weights);
        return graph.Add(votes, graph.Div(sum, graph.Mul(graph.Scalar(3), graph.Add(graph.Abs(sum), graph.Scalar(1)))));
    }
}
