using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>Numbers as bins (KBinsDiscretizer), by position or one column a bin.</summary>
internal sealed class Discretizers : EstimatorConverter
{
    private static readonly Version WithoutTolerance = new(1, 1);

    public override IReadOnlyList<string> ClassNames { get; } = ["KBinsDiscretizer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        object?[] edges = estimator.Objects("bin_edges_");
        bool hasTolerance = estimator.Version > new Version(0, 0) && estimator.Version < WithoutTolerance;
        Edge[] columns = new Edge[edges.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            double[] bounds = (Estimator.AsMatrix(edges[i]) ?? throw estimator.Missing("bin_edges_", "arrays of numbers")).Values;
            Edge column = graph.Columns(matrix, [i]);
            if (hasTolerance)
            {
                column = graph.Add(column, graph.Add(graph.Scalar(1e-8), graph.Mul(graph.Abs(column), graph.Scalar(1e-5))));
            }

            double[] inner = bounds.Length > 2 ? bounds[1..^1] : [];
            Edge bin = inner.Length == 0
                ? graph.Mul(graph.Cast(graph.IsNaN(column), OnnxDataType.Double), graph.Scalar(0))
                : graph.ReduceSum(graph.Cast(graph.GreaterOrEqual(column, EmitLinear.Row(graph, inner)), OnnxDataType.Double), 1);
            columns[i] = estimator.Text("encode") == "ordinal" ? bin : OneHot(graph, bin, Math.Max(bounds.Length - 1, 1));
        }

        return FeatureTable.Of(graph.Concat(columns, -1));
    }

    private static Edge OneHot(GraphBuilder graph, Edge bin, int bins) => graph.Cast(
        graph.Equal(bin, EmitLinear.Row(graph, [.. Enumerable.Range(0, bins).Select(static i => (double)i)])), OnnxDataType.Double);
}
