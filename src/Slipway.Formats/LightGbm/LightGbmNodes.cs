using Slipway.Core;
using Slipway.Formats.Boosters;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.LightGbm;

/// <summary>What a branch on numbers takes for missing; numbers are LightGBM's.</summary>
internal enum LightGbmMissing
{
    /// <summary>Nothing: NaN counts as zero.</summary>
    None = 0,

    /// <summary>Zero, and NaN with it.</summary>
    Zero = 1,

    /// <summary>NaN.</summary>
    NaN = 2,
}

/// <summary>Turns LightGBM's branches and leaves into one list of nodes: branches first, then leaves.</summary>
internal static class LightGbmNodes
{
    public static bool IsCategorical(int decisionType) => (decisionType & 1) != 0;

    public static LightGbmMissing MissingOf(int decisionType) => (LightGbmMissing)((decisionType >> 2) & 3);

    /// <summary>The nodes of a tree.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: a child or a set of categories is not there.</exception>
    public static List<BoosterNode> Of(LightGbmTree tree, LightGbmColumns columns)
    {
        int branches = tree.SplitFeature.Length;
        List<BoosterNode> nodes = new(branches + tree.LeafValue.Length);
        for (int i = 0; i < branches; i++)
        {
            nodes.Add(Branch(tree, i, Child(tree.LeftChild[i], branches), Child(tree.RightChild[i], branches), columns));
        }

        nodes.AddRange(tree.LeafValue.Select(BoosterNode.Leaf));
        return nodes;
    }

    private static BoosterNode Branch(LightGbmTree tree, int index, int left, int right, LightGbmColumns columns)
    {
        int feature = tree.SplitFeature[index];
        int decision = tree.DecisionType[index];
        double threshold = tree.Threshold[index];
        if (IsCategorical(decision))
        {
            return BoosterNode.Membership(feature, Categories(tree, threshold), missingTracksTrue: false, left, right);
        }

        bool defaultLeft = (decision & 2) != 0;
        return MissingOf(decision) switch
        {
            LightGbmMissing.None => BoosterNode.Branch(feature, TreeBranchMode.LessOrEqual, threshold, 0 <= threshold, left, right),
            LightGbmMissing.Zero => BoosterNode.Branch(
                columns.ZeroIsMissingColumn(feature), TreeBranchMode.LessOrEqual, threshold, defaultLeft, left, right),
            LightGbmMissing.NaN => BoosterNode.Branch(feature, TreeBranchMode.LessOrEqual, threshold, defaultLeft, left, right),
            _ => throw new SlipwayException(ErrorCode.InvalidModel, $"the LightGBM model is damaged: decision type {decision}"),
        };
    }

    private static List<int> Categories(LightGbmTree tree, double position)
    {
        int set = (int)position;
        if (set < 0 || set >= tree.CategoryBoundaries.Length - 1
            || tree.CategoryBoundaries[set] < 0 || tree.CategoryBoundaries[set + 1] > tree.CategoryBits.Length)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the LightGBM model is damaged: a branch asks for a set of categories that is not there");
        }

        List<int> members = [];
        for (int word = tree.CategoryBoundaries[set]; word < tree.CategoryBoundaries[set + 1]; word++)
        {
            for (int bit = 0; bit < 32; bit++)
            {
                if ((tree.CategoryBits[word] >> bit & 1) != 0)
                {
                    members.Add(((word - tree.CategoryBoundaries[set]) * 32) + bit);
                }
            }
        }

        return members;
    }

    private static int Child(int child, int branches) => child < 0 ? branches + ~child : child < branches ? child : -1;
}
