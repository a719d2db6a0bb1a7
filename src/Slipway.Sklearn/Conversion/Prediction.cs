using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Conversion;

/// <summary>
/// What an estimator answers, as edges of the graph. Which are there depends on the estimator; absent ones are null. <c>N</c> is the number of rows.
/// </summary>
internal sealed record Prediction
{
    /// <summary>Classes of a classifier.</summary>
    public ClassLabels? Classes { get; init; }

    /// <summary>Position of the predicted class, <c>[N]</c> INT64; for classifiers.</summary>
    public Edge? ClassIndex { get; init; }

    /// <summary>Probability of each class, <c>[N, K]</c> FP64.</summary>
    public Edge? Probabilities { get; init; }

    /// <summary>Decision function, <c>[N, 1]</c> or <c>[N, K]</c> FP64.</summary>
    public Edge? Decision { get; init; }

    /// <summary>Several labels for each row, <c>[N, labels]</c> INT64, 1 for those that apply; <see cref="Probabilities"/> then has a column for each.</summary>
    public Edge? Labels { get; init; }

    /// <summary>Classifications of several outputs, in order; null where there is one. Everything else is null then.</summary>
    public IReadOnlyList<Prediction>? Outputs { get; init; }

    /// <summary>Predicted value, <c>[N, targets]</c> FP64; for regressors.</summary>
    public Edge? Value { get; init; }

    /// <summary>Cluster, <c>[N]</c> INT64; for clusterers.</summary>
    public Edge? Cluster { get; init; }

    /// <summary>1 for inliers, -1 for outliers, <c>[N]</c> INT64; for outlier detectors.</summary>
    public Edge? Inlier { get; init; }

    /// <summary>Score of each sample, <c>[N, 1]</c> FP64.</summary>
    public Edge? Score { get; init; }
}
