using Slipway.Formats.Onnx.Building;

namespace Slipway.Formats.Boosters;

/// <summary>One node of a boosted tree: a branch on a number, a branch on a set of categories, or a leaf.</summary>
internal readonly record struct BoosterNode
{
    /// <summary>Whether the node is a leaf.</summary>
    public bool IsLeaf { get; private init; }

    /// <summary>What a leaf adds to its target.</summary>
    public double LeafValue { get; private init; }

    /// <summary>Column of the feature matrix that a branch looks at.</summary>
    public int Feature { get; private init; }

    /// <summary>How a branch on a number compares.</summary>
    public TreeBranchMode Mode { get; private init; }

    /// <summary>What a branch on a number compares with.</summary>
    public double Value { get; private init; }

    /// <summary>Categories whose rows go to the true child; null for a branch on a number.</summary>
    public IReadOnlyList<int>? Members { get; private init; }

    /// <summary>Whether NaN goes to the true child.</summary>
    public bool MissingTracksTrue { get; private init; }

    /// <summary>Node for rows that pass.</summary>
    public int TrueChild { get; private init; }

    /// <summary>Node for rows that don't.</summary>
    public int FalseChild { get; private init; }

    /// <summary>A leaf.</summary>
    public static BoosterNode Leaf(double value) => new() { IsLeaf = true, LeafValue = value };

    /// <summary>A branch on a number.</summary>
    public static BoosterNode Branch(int feature, TreeBranchMode mode, double value, bool missingTracksTrue, int trueChild, int falseChild) => new()
    {
        Feature = feature,
        Mode = mode,
        Value = value,
        MissingTracksTrue = missingTracksTrue,
        TrueChild = trueChild,
        FalseChild = falseChild,
    };

    /// <summary>A branch on a set of categories.</summary>
    public static BoosterNode Membership(int feature, IReadOnlyList<int> members, bool missingTracksTrue, int trueChild, int falseChild) => new()
    {
        Feature = feature,
        Members = members,
        MissingTracksTrue = missingTracksTrue,
        TrueChild = trueChild,
        FalseChild = falseChild,
    };
}
