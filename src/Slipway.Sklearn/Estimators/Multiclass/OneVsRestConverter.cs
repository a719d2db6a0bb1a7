using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Multiclass;

/// <summary>One binary classifier a class: for one of several classes, or for several labels a row.</summary>
internal sealed class OneVsRestConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["OneVsRestClassifier"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Estimator binarizer = estimator.Child("label_binarizer_");
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        Prediction[] answers = [.. members.Select(member => BinaryAnswers.Of(member, x, scope))];
        Edge? decision = Join(graph, [.. answers.Select(static answer => answer.Decision)]);
        Edge? probabilities = Join(graph, [.. answers.Select(answer => answer.Probabilities is { } p ? graph.Columns(p, [1]) : (Edge?)null)]);
        Edge best = decision ?? probabilities ?? throw estimator.NotSupported("members without a score");
        if (binarizer.Text("y_type_") is { } type && type.StartsWith("multilabel", StringComparison.Ordinal))
        {
            return new Prediction
            {
                Labels = graph.Cast(graph.Greater(best, graph.Scalar(decision is null ? 0.5 : 0)), OnnxDataType.Int64),
                Decision = decision,
                Probabilities = probabilities,
            };
        }

        ClassLabels classes = ClassLabels.FromObjects(binarizer.Objects("classes_"));
        if (answers.Length == 1)
        {
            Edge positive = graph.Greater(best, graph.Scalar(decision is null ? 0.5 : 0));
            return new Prediction
            {
                Classes = classes,
                ClassIndex = graph.Reshape(graph.Cast(positive, OnnxDataType.Int64), -1),
                Decision = decision,
                Probabilities = probabilities is { } p ? EmitLinear.Complement(graph, p) : null,
            };
        }

        return new Prediction
        {
            Classes = classes,

            // Of equal scores the last one wins here, unlike everywhere else.
            ClassIndex = graph.Node(
                "ArgMax", [best], OnnxDataType.Int64, new TensorShape(best.Shape[0]),
                NodeAttribute.Of("axis", 1), NodeAttribute.Of("keepdims", 0), NodeAttribute.Of("select_last_index", 1)),
            Decision = decision,
            Probabilities = probabilities is { } all ? graph.Div(all, graph.ReduceSum(all, 1)) : null,
        };
    }

    private static Edge? Join(GraphBuilder graph, IReadOnlyList<Edge?> columns) =>
        columns.All(static column => column is not null) ? graph.Concat([.. columns.Select(static column => column!.Value)], -1) : null;
}
