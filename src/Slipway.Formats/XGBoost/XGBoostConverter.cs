using System.Globalization;
using Slipway.Core;
using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.XGBoost;

/// <summary>
/// Converts an XGBoost model to ONNX over one matrix <c>X [N, F]</c> of binary32, in which NaN is missing and categories are given as their codes. Comparisons are those of
/// XGBoost; sums are added in binary64, where XGBoost rounds after each tree, and answered in binary32.
/// </summary>
internal static class XGBoostConverter
{
    /// <summary>The ONNX model file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static byte[] Convert(XGBoostModel model, string sourceDigest)
    {
        BoosterHead head = XGBoostObjective.Read(model.Objective);
        GraphBuilder graph = new();
        Edge x = graph.Cast(graph.Input("X", OnnxDataType.Float, -1, model.FeatureCount), OnnxDataType.Double);
        Edge sums = Sums(graph, x, model);
        TabularOutputs outputs = new(graph);
        head.Emit(graph, sums, OnnxDataType.Float, outputs, isMultilabel: XGBoostObjective.IsMultilabel(model));
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["source"] = "XGBoost",
            ["source_version"] = model.Version,
            ["source_digest"] = sourceDigest,
            ["objective"] = model.Objective,
            ["trees"] = model.Trees.Count.ToString(CultureInfo.InvariantCulture),
        };
        if (model.FeatureNames.Count > 0)
        {
            metadata[ModelMetadataKeys.FeatureNames] = TabularOutputs.Names(model.FeatureNames);
        }

        outputs.WriteTo(metadata);
        return graph.BuildModel("XGBoost", metadata);
    }

    /// <summary>The sums before any link, <c>[N, targets]</c>, binary64.</summary>
    /// <param name="x">Features rounded to binary32, as binary64; NaN is missing.</param>
    public static Edge Sums(GraphBuilder graph, Edge x, XGBoostModel model) =>
        graph.Add(model.LinearWeights is { } weights ? Linear(graph, x, model, weights) : Trees(graph, x, model), BaseMargin(graph, model));

    private static Edge Trees(GraphBuilder graph, Edge x, XGBoostModel model)
    {
        TreeEnsemble ensemble = new(model.TargetCount);
        bool[] categorical = new bool[model.FeatureCount];
        bool[] numeric = new bool[model.FeatureCount];
        foreach (XGBoostTree tree in model.Trees)
        {
            List<BoosterNode> nodes = Nodes(tree, categorical, numeric);
            if (tree.LeafVectors is { } vectors)
            {
                double[] Leaf(int node) => [.. vectors.AsSpan(node * model.TargetCount, model.TargetCount).ToArray().Select(value => value * tree.Weight)];
                ensemble.AddTree(nodes.Count, node => nodes[node].Node, (node, _) => ensemble.AddLeaf(Leaf(node)));
                continue;
            }

            new BoosterTree(nodes).AppendTo(ensemble, tree.Target, tree.Weight);
        }

        if (categorical.Zip(numeric).Any(static used => used.First && used.Second))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the XGBoost model is damaged: a feature is a number and a category");
        }

        // A category is the whole number below; what is negative is none, and no set holds a negative one.
        Edge prepared = categorical.Contains(true) ? graph.Where(graph.Constant(categorical, 1, categorical.Length), graph.Floor(x), x) : x;
        return graph.Cast(ensemble.Emit(graph, prepared), OnnxDataType.Double);
    }

    private static List<BoosterNode> Nodes(XGBoostTree tree, bool[] categorical, bool[] numeric)
    {
        List<BoosterNode> nodes = new(tree.Left.Length);
        for (int i = 0; i < tree.Left.Length; i++)
        {
            if (tree.Left[i] < 0)
            {
                nodes.Add(BoosterNode.Leaf(tree.Value[i]));
                continue;
            }

            int feature = tree.Feature[i];
            if (feature < 0 || feature >= numeric.Length)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, "the XGBoost model is damaged: a tree splits on a feature that the model does not have");
            }

            if (tree.Categories.TryGetValue(i, out IReadOnlyList<int>? members))
            {
                // Listed categories go right: that is the true child here.
                categorical[feature] = true;
                nodes.Add(BoosterNode.Membership(feature, members, !tree.DefaultLeft[i], tree.Right[i], tree.Left[i]));
            }
            else
            {
                numeric[feature] = true;
                nodes.Add(BoosterNode.Branch(feature, TreeBranchMode.Less, tree.Value[i], tree.DefaultLeft[i], tree.Left[i], tree.Right[i]));
            }
        }

        return nodes;
    }

    // A missing value counts as zero here.
    private static Edge Linear(GraphBuilder graph, Edge x, XGBoostModel model, IReadOnlyList<double> weights)
    {
        int targets = model.TargetCount;
        if (weights.Count != (model.FeatureCount + 1L) * targets)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the XGBoost model is damaged: {weights.Count} weights for {model.FeatureCount} features and {targets} targets");
        }

        double[] all = [.. weights];
        Edge known = graph.Where(graph.IsNaN(x), graph.Scalar(0), x);
        Edge product = graph.MatMul(known, graph.Constant(all.AsSpan(0, model.FeatureCount * targets), model.FeatureCount, targets));
        return graph.Add(product, graph.Constant(all.AsSpan(model.FeatureCount * targets), 1, targets));
    }

    private static Edge BaseMargin(GraphBuilder graph, XGBoostModel model)
    {
        double[] margins = [.. model.BaseMargin];
        return margins.Length == 1 || margins.Length == model.TargetCount
            ? graph.Constant(margins, 1, margins.Length)
            : throw new SlipwayException(ErrorCode.InvalidModel, $"the XGBoost model is damaged: {margins.Length} base scores for {model.TargetCount} targets");
    }
}
