namespace Slipway.Formats.LightGbm;

/// <summary>A LightGBM model as its text file has it.</summary>
internal sealed record LightGbmModel
{
    /// <summary>Version of the file format, such as <c>v4</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Trees in one iteration, which is the number of classes for a model of several; tree <c>i</c> adds to target <c>i mod this</c>.</summary>
    public required int TreesPerIteration { get; init; }

    /// <summary>The objective with its parameters; empty for one of the user's own.</summary>
    public required string Objective { get; init; }

    /// <summary>Whether the sum is divided by the number of iterations (random forests).</summary>
    public required bool IsAveraged { get; init; }

    /// <summary>Names of the features, in order.</summary>
    public required IReadOnlyList<string> FeatureNames { get; init; }

    /// <summary>The trees, in order.</summary>
    public required IReadOnlyList<LightGbmTree> Trees { get; init; }
}

/// <summary>A tree: branches with their children, leaves, and sets of categories.</summary>
internal sealed record LightGbmTree
{
    /// <summary>Features of the branches.</summary>
    public required int[] SplitFeature { get; init; }

    /// <summary>Thresholds of branches on numbers, and positions in <see cref="CategoryBoundaries"/> of the others.</summary>
    public required double[] Threshold { get; init; }

    /// <summary>Bit 0: categories; bit 1: missing goes left; bits 2 and 3: what is missing.</summary>
    public required int[] DecisionType { get; init; }

    /// <summary>Left children: a branch, or <c>~leaf</c>.</summary>
    public required int[] LeftChild { get; init; }

    /// <summary>Right children.</summary>
    public required int[] RightChild { get; init; }

    /// <summary>Values of the leaves.</summary>
    public required double[] LeafValue { get; init; }

    /// <summary>Where each set of categories begins in <see cref="CategoryBits"/>.</summary>
    public required int[] CategoryBoundaries { get; init; }

    /// <summary>Sets of categories, a bit for each.</summary>
    public required uint[] CategoryBits { get; init; }

    /// <summary>Linear functions of the leaves; null where leaves are constants.</summary>
    public LightGbmLinearLeaves? Linear { get; init; }
}

/// <summary>A linear function of some features for each leaf. A row in which one of them is missing has the leaf's constant value instead.</summary>
/// <param name="Constants">Constant terms.</param>
/// <param name="Features">Features of each leaf.</param>
/// <param name="Coefficients">Their coefficients.</param>
internal sealed record LightGbmLinearLeaves(double[] Constants, int[][] Features, double[][] Coefficients);
