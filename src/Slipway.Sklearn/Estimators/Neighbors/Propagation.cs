using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Neighbors;

/// <summary>Labels spread over training rows with and without one (LabelPropagation, LabelSpreading); a new row takes those of the rows near it.</summary>
internal sealed class Propagation : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["LabelPropagation", "LabelSpreading"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        Matrix training = estimator.Matrix("X_");
        Matrix labels = estimator.Matrix("label_distributions_");
        Edge table = graph.Constant(labels.Values, labels.Rows, labels.Columns);
        Edge sums;
        switch (estimator.Text("kernel"))
        {
            case "rbf":
                sums = graph.MatMul(Kernels.Emit(estimator, graph, matrix, training, "rbf", estimator.Number("gamma", 20), 0, 0), table);
                break;
            case "knn":
                int k = (int)estimator.Integer("n_neighbors");
                Edge[] nearest = graph.Nodes(
                    "TopK", "", [Distances.Emit(graph, matrix, training, "sqeuclidean")!.Value, graph.Constant([(long)k])],
                    [(OnnxDataType.Double, new TensorShape(-1, k)), (OnnxDataType.Int64, new TensorShape(-1, k))], NodeAttribute.Of("axis", 1), NodeAttribute.Of("largest", 0));
                sums = graph.ReduceSum(graph.Gather(table, nearest[1], 0), 1, keepDimension: false);
                break;
            default:
                throw estimator.NotSupported("a kernel of your own");
        }

        Edge probabilities = graph.Div(sums, graph.ReduceSum(sums, 1));
        return new Prediction { Classes = ClassLabels.FromObjects(estimator.Objects("classes_")), ClassIndex = graph.ArgMax(probabilities), Probabilities = probabilities };
    }
}
