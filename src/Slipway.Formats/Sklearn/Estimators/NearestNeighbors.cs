using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

/// <summary>Nearest neighbours by comparing with every training row, as scikit-learn's brute force does: exact, and linear in the training set.</summary>
internal sealed class NearestNeighbors : EstimatorConverter
{
    private const long MaxNumbers = 1L << 24;

    public override IReadOnlyList<string> ClassNames { get; } = ["KNeighborsClassifier", "KNeighborsRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Matrix training = Estimator.AsMatrix(estimator.Raw("_fit_X")) ?? throw estimator.Missing("_fit_X", "the training rows");
        if (training.Values.LongLength > MaxNumbers)
        {
            throw estimator.NotSupported($"a training set of more than {MaxNumbers} numbers");
        }

        int k = (int)estimator.Integer("n_neighbors");
        Edge distances = Distances(estimator, graph, x.ToMatrix(scope), training);
        Edge[] nearest = graph.Nodes(
            "TopK", "", [distances, graph.Constant([(long)k])],
            [(OnnxDataType.Double, new TensorShape(-1, k)), (OnnxDataType.Int64, new TensorShape(-1, k))],
            NodeAttribute.Of("axis", 1), NodeAttribute.Of("largest", 0), NodeAttribute.Of("sorted", 1));
        Edge weights = Weights(estimator, graph, nearest[0]);
        return estimator.ClassName == "KNeighborsRegressor" ? Regress(estimator, graph, nearest[1], weights) : Classify(estimator, graph, nearest[1], weights);
    }

    private static Edge Distances(Estimator estimator, GraphBuilder graph, Edge x, Matrix training)
    {
        string metric = estimator.Text("effective_metric_") ?? "euclidean";
        if (metric is "euclidean" or "l2" or "sqeuclidean")
        {
            Edge squared = EmitLinear.SquaredDistances(graph, x, training);
            return metric == "sqeuclidean" ? squared : graph.Sqrt(squared);
        }

        Edge difference = graph.Abs(graph.Sub(graph.Reshape(x, -1, 1, training.Columns), graph.Constant(training.Values, 1, training.Rows, training.Columns)));
        return metric switch
        {
            "manhattan" or "l1" or "cityblock" => graph.ReduceSum(difference, 2, keepDimension: false),
            "chebyshev" => graph.ReduceMax(difference, 2, keepDimension: false),
            "minkowski" => Minkowski(estimator, graph, difference),
            _ => throw estimator.NotSupported($"the metric '{metric}'"),
        };
    }

    private static Edge Minkowski(Estimator estimator, GraphBuilder graph, Edge difference)
    {
        double p = estimator.Number("p", 2);
        return graph.Pow(graph.ReduceSum(graph.Pow(difference, graph.Scalar(p)), 2, keepDimension: false), graph.Scalar(1 / p));
    }

    private static Edge Weights(Estimator estimator, GraphBuilder graph, Edge distances)
    {
        switch (estimator.Text("weights"))
        {
            case "distance":
                // A neighbour at distance zero outweighs all that are not.
                Edge zero = graph.Cast(graph.Equal(distances, graph.Scalar(0)), OnnxDataType.Double);
                Edge anyZero = graph.Greater(graph.ReduceMax(zero, 1), graph.Scalar(0));
                Edge inverse = graph.Div(graph.Scalar(1), graph.Where(graph.Equal(distances, graph.Scalar(0)), graph.Scalar(1), distances));
                return graph.Where(anyZero, zero, inverse);
            case "uniform" or null when !estimator.Has("weights") || estimator.Text("weights") == "uniform":
                return graph.Add(graph.Mul(distances, graph.Scalar(0)), graph.Scalar(1));
            default:
                throw estimator.NotSupported("a weight function of your own");
        }
    }

    private static Prediction Classify(Estimator estimator, GraphBuilder graph, Edge neighbours, Edge weights)
    {
        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        long[] targets = estimator.Array("_y").ToInt64s();
        Edge classOf = graph.Gather(graph.Constant(targets), neighbours, 0);
        long[] all = [.. Enumerable.Range(0, classes.Count).Select(static i => (long)i)];
        Edge oneHot = graph.Cast(
            graph.Equal(graph.Reshape(classOf, -1, neighbours.Width, 1), graph.Constant(all, 1, 1, all.Length)), OnnxDataType.Double);
        Edge votes = graph.ReduceSum(graph.Mul(oneHot, graph.Reshape(weights, -1, neighbours.Width, 1)), 1, keepDimension: false);
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(votes), Probabilities = EmitLinear.NormalizeRows(graph, votes, 0) };
    }

    private static Prediction Regress(Estimator estimator, GraphBuilder graph, Edge neighbours, Edge weights)
    {
        Pickle.NumpyArray targets = estimator.Array("_y");
        int outputs = targets.Shape.Length > 1 ? (int)targets.Shape[1] : 1;
        Edge values = graph.Gather(graph.Constant(targets.ToDoubles(), targets.Count / outputs, outputs), neighbours, 0);
        Edge weighted = graph.ReduceSum(graph.Mul(values, graph.Reshape(weights, -1, neighbours.Width, 1)), 1, keepDimension: false);
        return new Prediction { Value = graph.Div(weighted, graph.ReduceSum(weights, 1)) };
    }
}
