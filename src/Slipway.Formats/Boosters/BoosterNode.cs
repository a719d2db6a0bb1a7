using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.Boosters;

/// <summary>One node of a boosted tree.</summary>
/// <param name="Node">The branch, or that it is a leaf.</param>
/// <param name="LeafValue">What a leaf adds to its target.</param>
internal readonly record struct BoosterNode(TreeNode Node, double LeafValue)
{
    /// <summary>A leaf.</summary>
    public static BoosterNode Leaf(double value) => new(TreeNode.Leaf, value);

    /// <summary>A branch on a number.</summary>
    public static BoosterNode Branch(int feature, TreeBranchMode mode, double value, bool missingTracksTrue, int trueChild, int falseChild) =>
        new(TreeNode.Branch(feature, mode, value, missingTracksTrue, trueChild, falseChild), 0);

    /// <summary>A branch on a set of categories, whose rows go to the true child.</summary>
    public static BoosterNode Membership(int feature, IReadOnlyList<int> members, bool missingTracksTrue, int trueChild, int falseChild) =>
        new(TreeNode.Membership(feature, members, missingTracksTrue, trueChild, falseChild), 0);
}
