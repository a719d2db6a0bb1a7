using System.Globalization;
using Slipway.Core;
using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.CatBoost;

/// <summary>
/// Converts a CatBoost model to ONNX: over one matrix <c>X [N, F]</c> of binary32, as CatBoost compares, where all features are numbers; else over a column <c>[N, 1]</c> for each
/// feature that a tree asks for. Sums are added in binary64.
/// </summary>
internal static class CatBoostConverter
{
    /// <summary>The ONNX model file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static byte[] Convert(CatBoostModel model, string sourceDigest)
    {
        BoosterHead head = CatBoostLoss.Read(model.Loss);
        bool isMultilabel = CatBoostLoss.IsMultilabel(model.Loss);
        if (model.Features.Count == 0 || model.Features.DistinctBy(static feature => feature.Column).Count() < model.Features.Count)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the CatBoost model is damaged: it has no features, or several in one column");
        }

        GraphBuilder graph = new();
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["source"] = "CatBoost",
            ["source_digest"] = sourceDigest,
            ["objective"] = model.Loss,
            ["trees"] = model.Trees.Count.ToString(CultureInfo.InvariantCulture),
        };
        Edge sums = model.IsMixed ? MixedSums(graph, model) : MatrixSums(graph, model, metadata);
        TabularOutputs outputs = new(graph);
        head.Emit(graph, sums, OnnxDataType.Double, outputs, isMultilabel ? null : ClassesOf(model, head), isMultilabel);
        outputs.WriteTo(metadata);
        return graph.BuildModel("CatBoost", metadata);
    }

    /// <summary>Classes that the file names; null where they are 0, 1, 2 … or there are none.</summary>
    public static ClassLabels? ClassesOf(CatBoostModel model, BoosterHead head) =>
        head.Classifies && model.Classes.Count == Math.Max(model.Dimensions, 2) ? ClassLabels.FromObjects(model.Classes) : null;

    /// <summary>Sums of the leaves, scaled, <c>[N, dimensions]</c> binary64.</summary>
    /// <param name="x">Values of features, <c>[N, columns]</c> binary64, rounded to binary32 before.</param>
    /// <param name="columns">Column of <paramref name="x"/> for each feature of the model.</param>
    public static Edge Sums(GraphBuilder graph, Edge x, CatBoostModel model, IReadOnlyList<int> columns)
    {
        TreeEnsemble ensemble = new(model.Dimensions);
        foreach (CatBoostTree tree in model.Trees)
        {
            ensemble.AddTree(
                tree.NodeCount,
                node => Node(tree[node], model.Features, columns),
                (node, _) => ensemble.AddLeaf(tree.Values.Span.Slice(tree[node].Leaf * model.Dimensions, model.Dimensions)));
        }

        Edge sums = graph.Cast(ensemble.Emit(graph, x), OnnxDataType.Double);
        return graph.Add(graph.Mul(sums, graph.Scalar(model.Scale)), graph.Constant([.. model.Bias], 1, model.Dimensions));
    }

    private static Edge MatrixSums(GraphBuilder graph, CatBoostModel model, Dictionary<string, string> metadata)
    {
        int columns = model.Features.Max(static feature => feature.Column) + 1;
        Edge x = graph.Cast(graph.Input("X", OnnxDataType.Float, -1, columns), OnnxDataType.Double);
        string[] names = [.. Enumerable.Repeat("", columns)];
        foreach (CatBoostFeature feature in model.Features)
        {
            names[feature.Column] = feature.Name;
        }

        if (names.All(static name => name.Length > 0) && names.Distinct(StringComparer.Ordinal).Count() == names.Length)
        {
            metadata[ModelMetadataKeys.FeatureNames] = TabularOutputs.Names(names);
        }

        return Sums(graph, x, model, [.. model.Features.Select(static feature => feature.Column)]);
    }

    private static Edge MixedSums(GraphBuilder graph, CatBoostModel model)
    {
        HashSet<int> asked = [.. model.Trees.SelectMany(static tree => tree.Splits).Select(static split => split.Feature)];
        int[] used = [.. asked.OrderBy(feature => model.Features[feature].Column)];
        if (used.Length == 0)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the trees of the CatBoost model ask for no feature");
        }

        string[] names = [.. used.Select(feature => model.Features[feature].Name)];
        bool hasNames = names.All(static name => name.Length > 0) && names.Distinct(StringComparer.Ordinal).Count() == names.Length;
        int[] columns = new int[model.Features.Count];
        Edge[] parts = new Edge[used.Length];
        for (int i = 0; i < used.Length; i++)
        {
            CatBoostFeature feature = model.Features[used[i]];
            string name = hasNames ? names[i] : $"x{feature.Column}";
            columns[used[i]] = i;
            parts[i] = feature.Categories is { } categories
                ? Codes(graph, graph.Input(name, OnnxDataType.String, -1, 1), categories)
                : graph.Cast(graph.Input(name, OnnxDataType.Float, -1, 1), OnnxDataType.Double);
        }

        return Sums(graph, graph.Concat(parts, -1), model, columns);
    }

    // The position of a text among the categories, counted from 1; 0 for any other.
    private static Edge Codes(GraphBuilder graph, Edge column, IReadOnlyList<string> categories)
    {
        Edge matches = graph.Cast(graph.Equal(column, graph.Constant(categories, 1, categories.Count)), OnnxDataType.Double);
        double[] codes = [.. Enumerable.Range(1, categories.Count).Select(static code => (double)code)];
        return graph.MatMul(matches, graph.Constant(codes, codes.Length, 1));
    }

    private static TreeNode Node(CatBoostNode node, IReadOnlyList<CatBoostFeature> features, IReadOnlyList<int> columns)
    {
        if (node.Leaf >= 0)
        {
            return TreeNode.Leaf;
        }

        CatBoostFeature feature = features[node.Split.Feature];
        int column = columns[node.Split.Feature];
        return feature.Categories is null
            ? TreeNode.Branch(column, TreeBranchMode.Greater, node.Split.Border, feature.NanIsGreater, node.Pass, node.Fail)
            : TreeNode.Branch(column, TreeBranchMode.Equal, node.Split.Border + 1, false, node.Pass, node.Fail);
    }
}
