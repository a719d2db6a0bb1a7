using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.KernelMethods;
using Slipway.Sklearn.Estimators.Neighbors;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Manifold;

/// <summary>Isomap (Tenenbaum, de Silva &amp; Langford 2000): a row is linked to its nearest training rows, and its shortest paths to all of them are projected as distances are.</summary>
internal sealed class Isomaps : EstimatorConverter
{
    private const long MaxNumbers = 1L << 24;

    public override IReadOnlyList<string> ClassNames { get; } = ["Isomap"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        if (!estimator.Has("n_neighbors"))
        {
            throw estimator.NotSupported("neighbours in a radius");
        }

        GraphBuilder graph = scope.Graph;
        Matrix paths = estimator.Matrix("dist_matrix_");
        if (paths.Values.LongLength > MaxNumbers)
        {
            throw estimator.NotSupported($"paths between more than {(int)Math.Sqrt(MaxNumbers)} training rows");
        }

        int k = (int)estimator.Integer("n_neighbors");
        Edge[] nearest = NearestNeighbors.Nearest(estimator.Child("nbrs_"), graph, x.ToMatrix(scope), k);
        Edge known = graph.Constant(paths.Values, paths.Rows, paths.Columns);
        Edge both = graph.Concat([nearest[0], graph.Cast(nearest[1], OnnxDataType.Double)], -1);
        Edge shortest = EmitRows.Emit(graph, both, (long)k * paths.Columns, paths.Columns, (inner, rows) =>
        {
            long[] first = [.. Enumerable.Range(0, k).Select(static i => (long)i)];
            Edge distances = inner.Reshape(inner.Columns(rows, first), -1, k, 1);
            Edge positions = inner.Cast(inner.Columns(rows, [.. first.Select(i => i + k)]), OnnxDataType.Int64);
            return inner.ReduceMin(inner.Add(inner.Gather(known, positions, 0), distances), 1, keepDimension: false);
        });
        Edge kernel = graph.Mul(graph.Mul(shortest, shortest), graph.Scalar(-0.5));
        return FeatureTable.Of(KernelModels.Components(estimator.Child("kernel_pca_"), graph, kernel));
    }
}
