using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Clustering;

/// <summary>Groups of features that are alike, each replaced by one number (FeatureAgglomeration): their mean, or another NumPy function of them.</summary>
internal sealed class FeatureGroups : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["FeatureAgglomeration"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        long[][] groups = [.. estimator.Integers("labels_").Index().GroupBy(static label => label.Item, static label => (long)label.Index).OrderBy(static group => group.Key).Select(static group => group.ToArray())];
        string function = estimator.Raw("pooling_func") is PickleGlobal { Module: "numpy", Name: var name } ? name : throw estimator.NotSupported("a pooling function of your own");
        Edge Parts(Func<Edge, Edge> pool) => graph.Concat([.. groups.Select(group => pool(graph.Columns(matrix, group)))], -1);
        return FeatureTable.Of(function switch
        {
            "mean" => Weighted(graph, matrix, groups, static count => 1.0 / count),
            "sum" => Weighted(graph, matrix, groups, static _ => 1),
            "max" or "amax" => Parts(group => graph.ReduceMax(group, 1)),
            "min" or "amin" => Parts(group => graph.ReduceMin(group, 1)),
            "median" => Parts(group => Median(graph, group)),
            _ => throw estimator.NotSupported($"pooling by numpy.{function}"),
        });
    }

    private static Edge Weighted(GraphBuilder graph, Edge x, long[][] groups, Func<int, double> weight)
    {
        double[] weights = new double[x.Width * groups.Length];
        for (int group = 0; group < groups.Length; group++)
        {
            foreach (long feature in groups[group])
            {
                weights[(feature * groups.Length) + group] = weight(groups[group].Length);
            }
        }

        return graph.MatMul(x, graph.Constant(weights, x.Width, groups.Length));
    }

    private static Edge Median(GraphBuilder graph, Edge group)
    {
        long count = group.Width;
        Edge[] sorted = graph.Nodes(
            "TopK", "", [group, graph.Constant([count])], [(OnnxDataType.Double, new TensorShape(-1, count)), (OnnxDataType.Int64, new TensorShape(-1, count))],
            NodeAttribute.Of("axis", 1), NodeAttribute.Of("largest", 0), NodeAttribute.Of("sorted", 1));
        long[] middle = count % 2 == 1 ? [count / 2] : [(count / 2) - 1, count / 2];
        return graph.ReduceMean(graph.Columns(sorted[0], middle), 1);
    }
}
