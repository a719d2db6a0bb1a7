using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Clustering;

/// <summary>Clusters with centres: the nearest one, or the distances to all.</summary>
internal sealed class Clusterers : EstimatorConverter
{
    private const int MaxBisections = 100_000;

    public override IReadOnlyList<string> ClassNames { get; } = ["KMeans", "MiniBatchKMeans", "BisectingKMeans", "MeanShift", "AffinityPropagation", "Birch"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => estimator.ClassName is not ("MeanShift" or "AffinityPropagation");

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) =>
        FeatureTable.Of(Distances.Emit(scope.Graph, x.ToMatrix(scope), Centres(estimator), "euclidean")!.Value);

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        if (estimator.ClassName == "BisectingKMeans")
        {
            return new Prediction { Cluster = graph.Reshape(Bisect(estimator, graph, matrix), -1) };
        }

        Edge nearest = graph.ArgMin(Distances.Emit(graph, matrix, Centres(estimator), "sqeuclidean")!.Value);
        return new Prediction { Cluster = estimator.ClassName == "Birch" ? graph.Gather(graph.Constant(estimator.Integers("subcluster_labels_")), nearest, 0) : nearest };
    }

    private static Matrix Centres(Estimator estimator)
    {
        Matrix centres = estimator.Matrix(estimator.ClassName == "Birch" ? "subcluster_centers_" : "cluster_centers_");
        return centres.Rows > 0 ? centres : throw estimator.NotSupported("a clustering that found no cluster");
    }

    // A row goes down the tree of bisections to the nearer of two centres each time.
    private static Edge Bisect(Estimator estimator, GraphBuilder graph, Edge x)
    {
        double[] shift = estimator.Has("_X_mean") ? estimator.Vector("_X_mean") : [];
        int visited = 0;
        Edge Label(Estimator node)
        {
            if (++visited > MaxBisections)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, "the tree of clusters leads back to itself");
            }

            if (!node.Has("left"))
            {
                return graph.Scalar(node.Integer("label"), OnnxDataType.Int64);
            }

            Estimator left = node.Child("left");
            Estimator right = node.Child("right");
            double[] centres = [.. Centre(left, shift), .. Centre(right, shift)];
            Edge both = Distances.Emit(graph, x, new Matrix(centres, 2, centres.Length / 2), "sqeuclidean")!.Value;
            Edge isLeft = graph.LessOrEqual(graph.Columns(both, [0]), graph.Columns(both, [1]));
            return graph.Where(isLeft, Label(left), Label(right));
        }

        Edge label = Label(estimator.Child("_bisecting_tree"));
        return label.Rank == 0 ? graph.Add(label, graph.Cast(graph.Mul(graph.Columns(x, [0]), graph.Scalar(0)), OnnxDataType.Int64)) : label;
    }

    private static IEnumerable<double> Centre(Estimator node, double[] shift) =>
        (node.Raw("center") as NumpyArray ?? throw node.Missing("center", "an array")).ToDoubles().Select((value, i) => shift.Length > i ? value + shift[i] : value);
}
