using Slipway.Core;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.Boosters;

/// <summary>A boosted tree: nodes with the root first.</summary>
internal sealed class BoosterTree(IReadOnlyList<BoosterNode> nodes)
{
    /// <summary>The nodes.</summary>
    public IReadOnlyList<BoosterNode> Nodes => nodes;

    /// <summary>Adds the tree to an ensemble.</summary>
    /// <param name="ensemble">Takes the nodes.</param>
    /// <param name="target">Target that the leaves add to.</param>
    /// <param name="scale">What leaf values are multiplied with.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: a child is no node, is shared, or the tree is too deep.</exception>
    public void AppendTo(TreeEnsemble ensemble, int target, double scale) =>
        ensemble.AddTree(nodes.Count, node => nodes[node].Node, (node, _) => ensemble.AddLeaf(target, nodes[node].LeafValue * scale));
}
