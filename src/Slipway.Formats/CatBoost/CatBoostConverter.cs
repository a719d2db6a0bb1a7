using System.Globalization;
using Slipway.Core;
using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.CatBoost;

/// <summary>Converts a CatBoost model to ONNX over one matrix <c>X [N, F]</c> of binary32, as CatBoost compares; sums are added in binary64.</summary>
internal static class CatBoostConverter
{
    /// <summary>The ONNX model file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static byte[] Convert(CatBoostModel model, string sourceDigest)
    {
        BoosterHead head = CatBoostLoss.Read(model.Loss);
        ClassLabels? classes = head.Classifies && model.Classes.Count == Math.Max(model.Dimensions, 2) ? ClassLabels.FromObjects(model.Classes) : null;
        GraphBuilder graph = new();
        int columns = model.Features.Max(static feature => feature.Column) + 1;
        Edge x = graph.Cast(graph.Input("X", OnnxDataType.Float, -1, columns), OnnxDataType.Double);
        TreeEnsemble ensemble = new(model.Dimensions);
        foreach (CatBoostTree tree in model.Trees)
        {
            ensemble.AddTree(tree.Nodes.Count, node => Node(tree.Nodes[node], model.Features), (node, _) => ensemble.AddLeaf(tree.Nodes[node].Values!));
        }

        Edge sums = graph.Cast(ensemble.Emit(graph, x), OnnxDataType.Double);
        sums = graph.Add(graph.Mul(sums, graph.Scalar(model.Scale)), graph.Constant([.. model.Bias], 1, model.Dimensions));
        TabularOutputs outputs = new(graph);
        head.Emit(graph, sums, OnnxDataType.Double, outputs, classes);
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["source"] = "CatBoost",
            ["source_digest"] = sourceDigest,
            ["objective"] = model.Loss,
            ["trees"] = model.Trees.Count.ToString(CultureInfo.InvariantCulture),
        };
        string[] names = [.. Enumerable.Range(0, columns).Select(column => model.Features.FirstOrDefault(feature => feature.Column == column)?.Name ?? "")];
        if (names.All(static name => name.Length > 0) && names.Distinct(StringComparer.Ordinal).Count() == names.Length)
        {
            metadata[ModelMetadataKeys.FeatureNames] = TabularOutputs.Names(names);
        }

        outputs.WriteTo(metadata);
        return graph.BuildModel("CatBoost", metadata);
    }

    private static TreeNode Node(CatBoostNode node, IReadOnlyList<CatBoostFeature> features) => node.Values is not null
        ? TreeNode.Leaf
        : TreeNode.Branch(features[node.Feature].Column, TreeBranchMode.Greater, node.Border, features[node.Feature].NanIsGreater, node.Greater, node.Other);
}
