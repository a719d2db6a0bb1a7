using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Neighbors;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Manifold;

/// <summary>
/// Locally linear embedding (Roweis &amp; Saul 2000), whatever its method: a new row is the weighted mean of its neighbours that comes nearest to it, and so is its image of theirs.
/// </summary>
internal sealed class LocallyLinear : EstimatorConverter
{
    private const int MaxNeighbours = 512;

    public override IReadOnlyList<string> ClassNames { get; } = ["LocallyLinearEmbedding"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        int k = (int)estimator.Integer("n_neighbors");
        if (k is < 1 or > MaxNeighbours)
        {
            throw estimator.NotSupported($"more than {MaxNeighbours} neighbours");
        }

        Edge matrix = x.ToMatrix(scope);
        Estimator neighbours = estimator.Child("nbrs_");
        Matrix training = neighbours.Matrix("_fit_X");
        Matrix images = estimator.Matrix("embedding_");
        Edge positions = NearestNeighbors.Nearest(neighbours, graph, matrix, k)[1];
        Edge known = graph.Constant(training.Values, training.Rows, training.Columns);
        Edge places = graph.Constant(images.Values, images.Rows, images.Columns);
        double regularization = estimator.Number("reg", 1e-3);
        Edge both = graph.Concat([matrix, graph.Cast(positions, OnnxDataType.Double)], -1);
        long[] features = [.. Enumerable.Range(0, training.Columns).Select(static i => (long)i)];
        long[] nearest = [.. Enumerable.Range(training.Columns, k).Select(static i => (long)i)];
        return FeatureTable.Of(EmitRows.Emit(graph, both, (long)k * (training.Columns + k), images.Columns, (inner, rows) =>
        {
            Edge indices = inner.Cast(inner.Columns(rows, nearest), OnnxDataType.Int64);
            Edge towards = inner.Sub(inner.Gather(known, indices, 0), inner.Reshape(inner.Columns(rows, features), -1, 1, training.Columns));
            Edge weights = Weights(inner, towards, regularization);
            return inner.ReduceSum(inner.Mul(inner.Gather(places, indices, 0), weights), 1, keepDimension: false);
        }));
    }

    // Weights of the neighbours, [N, k, 1]: those of the least squares, which add up to one, after the diagonal was raised by a share of its sum.
    private static Edge Weights(GraphBuilder graph, Edge towards, double regularization)
    {
        int k = (int)towards.Shape[1];
        Edge products = graph.MatMul(towards, graph.Transpose(towards, 0, 2, 1));
        Edge trace = graph.ReduceSum(graph.ReduceSum(graph.Mul(towards, towards), 2), 1);
        Edge raise = graph.Where(graph.Greater(trace, graph.Scalar(0)), graph.Mul(trace, graph.Scalar(regularization)), graph.Scalar(regularization));
        double[] diagonal = [.. Enumerable.Range(0, k * k).Select(i => i % (k + 1) == 0 ? 1.0 : 0)];
        Edge system = graph.Add(products, graph.Mul(raise, graph.Constant(diagonal, 1, k, k)));
        double[] ones = [.. Enumerable.Repeat(1.0, k)];
        Edge right = graph.Add(graph.Mul(graph.Gather(system, graph.Constant([0L]), 2), graph.Scalar(0)), graph.Constant(ones, 1, k, 1));
        Edge solution = EmitSolve.PositiveDefinite(graph, system, right);
        return graph.Div(solution, graph.ReduceSum(solution, 1));
    }
}
