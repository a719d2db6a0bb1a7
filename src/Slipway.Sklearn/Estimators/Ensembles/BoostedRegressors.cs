using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Ensembles;

/// <summary>AdaBoost for regression (Drucker 1997): the weighted median of the members.</summary>
internal sealed class BoostedRegressors : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["AdaBoostRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        IReadOnlyList<Estimator> members = estimator.Children("estimators_");
        double[] weights = estimator.Vector("estimator_weights_")[..members.Count];
        int count = members.Count;
        Edge values = graph.Concat([.. members.Select(member => scope.Predict(member, x).Value ?? throw member.NotSupported("regression"))], -1);
        Edge[] sorted = graph.Nodes(
            "TopK", "", [values, graph.Constant([(long)count])],
            [(OnnxDataType.Double, new TensorShape(-1, count)), (OnnxDataType.Int64, new TensorShape(-1, count))],
            NodeAttribute.Of("axis", 1), NodeAttribute.Of("largest", 0), NodeAttribute.Of("sorted", 1));
        Edge ordered = graph.Gather(graph.Constant(weights), sorted[1], 0);
        Edge sums = graph.Node("CumSum", [ordered, graph.Scalar(1, OnnxDataType.Int64)], OnnxDataType.Double, ordered.Shape);
        Edge half = graph.Mul(graph.Columns(sums, [count - 1]), graph.Scalar(0.5));
        Edge median = graph.ArgMax(graph.Cast(graph.GreaterOrEqual(sums, half), OnnxDataType.Int64), keepDimension: true);
        return new Prediction { Value = graph.Node("GatherElements", [sorted[0], median], OnnxDataType.Double, new TensorShape(-1, 1), NodeAttribute.Of("axis", 1)) };
    }
}
