namespace Slipway.Formats.XGBoost;

/// <summary>An XGBoost model, whichever of its encodings it came from.</summary>
internal sealed record XGBoostModel
{
    /// <summary>Version of the library that wrote it, such as <c>1.7.4</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Name of the objective, such as <c>binary:logistic</c>.</summary>
    public required string Objective { get; init; }

    /// <summary>Number of features.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>Number of sums: classes or targets; 1 or more.</summary>
    public required int TargetCount { get; init; }

    /// <summary>What the sums start from, before any link: one number for all targets, or one for each.</summary>
    public required IReadOnlyList<double> BaseMargin { get; init; }

    /// <summary>Names of the features; empty when the model has none.</summary>
    public IReadOnlyList<string> FeatureNames { get; init; } = [];

    /// <summary>The trees that predict, in order; empty for a linear model.</summary>
    public IReadOnlyList<XGBoostTree> Trees { get; init; } = [];

    /// <summary>Weights of a linear model: a row of targets for each feature, and a row of biases; null for trees.</summary>
    public IReadOnlyList<double>? LinearWeights { get; init; }
}

/// <summary>One tree. Node 0 is the root.</summary>
internal sealed record XGBoostTree
{
    /// <summary>Target that the tree adds to.</summary>
    public int Target { get; init; }

    /// <summary>What the leaves are multiplied with.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Left children; -1 for a leaf.</summary>
    public required int[] Left { get; init; }

    /// <summary>Right children.</summary>
    public required int[] Right { get; init; }

    /// <summary>Features of the branches.</summary>
    public required int[] Feature { get; init; }

    /// <summary>Thresholds of the branches, values of the leaves; binary32.</summary>
    public required float[] Value { get; init; }

    /// <summary>For trees of several targets a value of each node for each target, node by node; null for others.</summary>
    public float[]? LeafVectors { get; init; }

    /// <summary>What each branch gained in training, which tells how important its feature is; null where the file does not say.</summary>
    public float[]? Gains { get; init; }

    /// <summary>Whether a missing value goes left.</summary>
    public required bool[] DefaultLeft { get; init; }

    /// <summary>For branches on categories those that go right.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>> Categories { get; init; } = new Dictionary<int, IReadOnlyList<int>>();
}
