using Slipway.Core;
using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.LightGbm;

/// <summary>
/// Trees whose leaves are linear functions (Shi et al. 2019): the tree operator finds the leaf of each row, a table of coefficients and one product do the rest.
/// </summary>
internal static class LightGbmLinearTrees
{
    // Numbers of all tables of coefficients together: 256 MiB.
    private const long MaxNumbers = 1L << 25;

    /// <summary>Emits what the linear trees add, <c>[N, trees of an iteration]</c>.</summary>
    /// <param name="x">The features as they are given.</param>
    /// <param name="prepared">The features as branches look at them.</param>
    public static Edge Emit(GraphBuilder graph, Edge x, Edge prepared, LightGbmModel model, LightGbmColumns columns)
    {
        int[] linear = [.. Enumerable.Range(0, model.Trees.Count).Where(i => model.Trees[i].Linear is not null)];
        int features = model.FeatureNames.Count;
        if (linear.Sum(i => (long)model.Trees[i].LeafValue.Length * features * 2) > MaxNumbers)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the LightGBM model has more linear leaves than are converted");
        }

        // Each tree is a target whose leaves weigh their own number.
        TreeEnsemble ensemble = new(linear.Length);
        foreach ((int target, int i) in linear.Index())
        {
            int branches = model.Trees[i].SplitFeature.Length;
            List<BoosterNode> nodes = LightGbmNodes.Of(model.Trees[i], columns);
            ensemble.AddTree(nodes.Count, node => nodes[node].Node, (node, _) => ensemble.AddLeaf(target, node - branches));
        }

        Edge leaves = graph.Cast(ensemble.Emit(graph, prepared), OnnxDataType.Int64);
        Edge missing = graph.Cast(graph.IsNaN(x), OnnxDataType.Double);
        Edge known = graph.Where(graph.IsNaN(x), graph.Scalar(0), x);
        Edge?[] sums = new Edge?[model.TreesPerIteration];
        foreach ((int position, int i) in linear.Index())
        {
            Edge leaf = graph.Reshape(graph.Columns(leaves, [position]), -1);
            Edge value = Value(graph, model.Trees[i], leaf, known, missing, features);
            int target = i % model.TreesPerIteration;
            sums[target] = sums[target] is { } sum ? graph.Add(sum, value) : value;
        }

        Edge none = graph.Mul(graph.Columns(missing, [0]), graph.Scalar(0));
        return graph.Concat([.. sums.Select(sum => sum ?? none)], -1);
    }

    private static Edge Value(GraphBuilder graph, LightGbmTree tree, Edge leaf, Edge known, Edge missing, int features)
    {
        LightGbmLinearLeaves linear = tree.Linear!;
        int count = tree.LeafValue.Length;
        double[] coefficients = new double[count * features];
        double[] uses = new double[count * features];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < linear.Features[i].Length; j++)
            {
                int at = (i * features) + linear.Features[i][j];
                (coefficients[at], uses[at]) = (coefficients[at] + linear.Coefficients[i][j], 1);
            }
        }

        Edge product = graph.ReduceSum(graph.Mul(known, graph.Gather(graph.Constant(coefficients, count, features), leaf, 0)), 1);
        Edge lacks = graph.Greater(graph.ReduceSum(graph.Mul(missing, graph.Gather(graph.Constant(uses, count, features), leaf, 0)), 1), graph.Scalar(0));
        Edge Of(double[] values) => graph.Reshape(graph.Gather(graph.Constant(values), leaf, 0), -1, 1);
        return graph.Where(lacks, Of(tree.LeafValue), graph.Add(product, Of(linear.Constants)));
    }
}
