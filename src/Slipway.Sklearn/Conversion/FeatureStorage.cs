namespace Slipway.Sklearn.Conversion;

/// <summary>
/// How scikit-learn keeps features on their way. It matters to estimators for which an element that is not stored is missing rather than zero (XGBoost). In ascending order of
/// what joining two of them makes.
/// </summary>
internal enum FeatureStorage
{
    /// <summary>An array: every element is there.</summary>
    Dense,

    /// <summary>A sparse matrix whose stored elements are not zero: what is zero is not there.</summary>
    Sparse,

    /// <summary>A sparse matrix that may store zeros as well: which zeros are there can't be told from the values.</summary>
    SparseWithZeros,
}
