namespace Slipway.Formats.Onnx.Building;

/// <summary>One node of a tree as a model file has it: a branch on a number, a branch on a set of categories, or a leaf.</summary>
internal readonly record struct TreeNode
{
    /// <summary>Whether the node is a leaf.</summary>
    public bool IsLeaf { get; private init; }

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

    /// <summary>Node for rows that pass. Any number: the walk checks it.</summary>
    public int TrueChild { get; private init; }

    /// <summary>Node for rows that don't.</summary>
    public int FalseChild { get; private init; }

    /// <summary>A leaf.</summary>
    public static TreeNode Leaf { get; } = new() { IsLeaf = true };

    /// <summary>A branch on a number.</summary>
    public static TreeNode Branch(int feature, TreeBranchMode mode, double value, bool missingTracksTrue, int trueChild, int falseChild) => new()
    {
        Feature = feature,
        Mode = mode,
        Value = value,
        MissingTracksTrue = missingTracksTrue,
        TrueChild = trueChild,
        FalseChild = falseChild,
    };

    /// <summary>A branch on a set of categories.</summary>
    public static TreeNode Membership(int feature, IReadOnlyList<int> members, bool missingTracksTrue, int trueChild, int falseChild) => new()
    {
        Feature = feature,
        Members = members,
        MissingTracksTrue = missingTracksTrue,
        TrueChild = trueChild,
        FalseChild = falseChild,
    };
}
