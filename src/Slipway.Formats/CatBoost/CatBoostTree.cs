using System.Numerics;

namespace Slipway.Formats.CatBoost;

/// <summary>A tree whose nodes are numbered, the root first. Of a symmetric tree, whose splits are shared by a level, nothing but the splits is kept.</summary>
internal sealed class CatBoostTree
{
    /// <summary>Most levels of a symmetric tree, as in CatBoost.</summary>
    public const int MaxLevels = 16;

    private readonly IReadOnlyList<CatBoostSplit>? _levels;
    private readonly IReadOnlyList<CatBoostNode>? _nodes;

    /// <summary>A symmetric tree. The index of a leaf has a bit for each split, the first split's the lowest.</summary>
    /// <param name="levels">At most <see cref="MaxLevels"/>.</param>
    /// <param name="values">Values of the 2ⁿ leaves.</param>
    public CatBoostTree(IReadOnlyList<CatBoostSplit> levels, ReadOnlyMemory<double> values)
    {
        (_levels, Values) = (levels, values);
        NodeCount = (2 << levels.Count) - 1;
    }

    /// <summary>A tree of nodes.</summary>
    /// <param name="nodes">At least one.</param>
    /// <param name="values">Values of the leaves, those of one leaf after the other.</param>
    public CatBoostTree(IReadOnlyList<CatBoostNode> nodes, ReadOnlyMemory<double> values)
    {
        (_nodes, Values) = (nodes, values);
        NodeCount = nodes.Count;
    }

    /// <summary>Number of nodes.</summary>
    public int NodeCount { get; }

    /// <summary>Values of the leaves.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>Splits of the tree; some may be there more than once.</summary>
    public IEnumerable<CatBoostSplit> Splits => _levels ?? _nodes!.Where(static node => node.Leaf < 0).Select(static node => node.Split);

    /// <summary>A node.</summary>
    public CatBoostNode this[int node]
    {
        get
        {
            if (_levels is null)
            {
                return _nodes![node];
            }

            // Nodes of a level follow each other; each asks the split of that level, the last split first, so that leaves come out in the order of their index.
            int level = BitOperations.Log2((uint)node + 1);
            return level == _levels.Count
                ? CatBoostNode.OfLeaf(node - ((1 << level) - 1))
                : CatBoostNode.Branch(_levels[^(level + 1)], (2 * node) + 2, (2 * node) + 1);
        }
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
