namespace Slipway.Formats.CatBoost;

/// <summary>A tree as a list of nodes, the root first.</summary>
/// <param name="Nodes">Branches and leaves.</param>
/// <param name="Values">Values of the leaves, those of one leaf after the other.</param>
internal sealed record CatBoostTree(IReadOnlyList<CatBoostNode> Nodes, ReadOnlyMemory<double> Values)
{
    /// <summary>Most levels of a symmetric tree, as in CatBoost.</summary>
    public const int MaxLevels = 16;

    /// <summary>A symmetric tree, whose splits are shared by a level. The index of a leaf has a bit for each split, the first split's the lowest.</summary>
    /// <param name="splits">At most <see cref="MaxLevels"/>.</param>
    /// <param name="values">Values of the 2ⁿ leaves.</param>
    public static CatBoostTree Symmetric(IReadOnlyList<CatBoostSplit> splits, ReadOnlyMemory<double> values)
    {
        int leaves = 1 << splits.Count;
        List<CatBoostNode> nodes = new((2 * leaves) - 1);

        // Node i of a level asks the split of that level, the last split first, so that leaves come out in the order of their index.
        for (int level = 0; level < splits.Count; level++)
        {
            CatBoostSplit split = splits[^(level + 1)];
            int first = (1 << level) - 1;
            for (int i = 0; i < 1 << level; i++)
            {
                int below = (2 * (first + i)) + 1;
                nodes.Add(CatBoostNode.Branch(split, below + 1, below));
            }
        }

        for (int leaf = 0; leaf < leaves; leaf++)
        {
            nodes.Add(CatBoostNode.OfLeaf(leaf));
        }

        return new CatBoostTree(nodes, values);
    }
}

/// <summary>What a branch asks.</summary>
/// <param name="Feature">Position of the feature.</param>
/// <param name="Border">What a number has to be above; of text, the position of the category it has to be.</param>
internal readonly record struct CatBoostSplit(int Feature, float Border);

/// <summary>A node: a leaf, or a branch that goes to <paramref name="Pass"/> when its split holds and to <paramref name="Fail"/> when not.</summary>
/// <param name="Leaf">Number of the leaf in its tree; -1 for a branch.</param>
internal readonly record struct CatBoostNode(int Leaf, CatBoostSplit Split, int Pass, int Fail)
{
    /// <summary>A branch.</summary>
    public static CatBoostNode Branch(CatBoostSplit split, int pass, int fail) => new(-1, split, pass, fail);

    /// <summary>A leaf.</summary>
    public static CatBoostNode OfLeaf(int leaf) => new(leaf, default, -1, -1);
}
