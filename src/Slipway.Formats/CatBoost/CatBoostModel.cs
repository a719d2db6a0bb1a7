namespace Slipway.Formats.CatBoost;

/// <summary>A CatBoost model of numeric features.</summary>
internal sealed record CatBoostModel
{
    /// <summary>Name of the loss it was trained for, such as <c>Logloss</c>; empty when the file does not say.</summary>
    public required string Loss { get; init; }

    /// <summary>Features in the order of the columns.</summary>
    public required IReadOnlyList<CatBoostFeature> Features { get; init; }

    /// <summary>Sums that a row has: 1, or the classes or targets.</summary>
    public required int Dimensions { get; init; }

    /// <summary>What sums are multiplied with.</summary>
    public required double Scale { get; init; }

    /// <summary>What is added to each sum afterwards.</summary>
    public required IReadOnlyList<double> Bias { get; init; }

    /// <summary>Classes in the order of the sums, as numbers or text; empty when there are none.</summary>
    public IReadOnlyList<object?> Classes { get; init; } = [];

    /// <summary>The trees.</summary>
    public required IReadOnlyList<CatBoostTree> Trees { get; init; }
}

/// <summary>A numeric feature.</summary>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="Column">Its column in the matrix of all features.</param>
/// <param name="NanIsGreater">Whether a missing value counts as greater than every border; otherwise as none.</param>
internal sealed record CatBoostFeature(string Name, int Column, bool NanIsGreater);

/// <summary>A tree as a list of nodes, the root first.</summary>
/// <param name="Nodes">Branches and leaves.</param>
internal sealed record CatBoostTree(IReadOnlyList<CatBoostNode> Nodes);

/// <summary>A node: a leaf with a value for each dimension, or a branch that goes to <paramref name="Greater"/> when the feature is above the border.</summary>
internal readonly record struct CatBoostNode(double[]? Values, int Feature, float Border, int Greater, int Other);
