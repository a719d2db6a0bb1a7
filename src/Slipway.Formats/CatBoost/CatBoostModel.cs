namespace Slipway.Formats.CatBoost;

/// <summary>A CatBoost model of numeric features and of categories that its trees compare with directly.</summary>
internal sealed record CatBoostModel
{
    /// <summary>Name of the loss it was trained for, such as <c>Logloss</c>; empty when the file does not say.</summary>
    public required string Loss { get; init; }

    /// <summary>Features that splits name.</summary>
    public required IReadOnlyList<CatBoostFeature> Features { get; init; }

    /// <summary>Whether columns that are no numbers belong to a row, so that each feature that is used is an input of its own.</summary>
    public bool IsMixed { get; init; }

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

/// <summary>A feature.</summary>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="Column">Its column among all features.</param>
/// <param name="NanIsGreater">Whether a missing number counts as greater than every border; otherwise as none.</param>
/// <param name="Categories">Of text, the categories that splits ask for; null for a number.</param>
internal sealed record CatBoostFeature(string Name, int Column, bool NanIsGreater, IReadOnlyList<string>? Categories = null);
