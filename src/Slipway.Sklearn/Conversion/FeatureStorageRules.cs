namespace Slipway.Sklearn.Conversion;

/// <summary>Whether a transformer answers with a sparse matrix, by its class and options.</summary>
internal static class FeatureStorageRules
{
    /// <summary>How the result of <paramref name="estimator"/> is stored.</summary>
    /// <param name="before">How its features were stored.</param>
    /// <param name="result">How its converter left the result, which composed estimators know better than this table.</param>
    public static FeatureStorage After(Estimator estimator, FeatureStorage before, FeatureStorage result) => estimator.ClassName switch
    {
        "Pipeline" or "GridSearchCV" or "RandomizedSearchCV" or "HalvingGridSearchCV" or "HalvingRandomSearchCV" or "FrozenEstimator" or "FeatureUnion" => result,

        // It decides by the density of what it was fitted on; dense parts lose their zeros when they are joined to sparse ones.
        "ColumnTransformer" => estimator.Flag("sparse_output_") ? Max(FeatureStorage.Sparse, result) : FeatureStorage.Dense,

        "OneHotEncoder" => estimator.Flag(estimator.Has("sparse_output") ? "sparse_output" : "sparse", otherwise: true) ? FeatureStorage.Sparse : FeatureStorage.Dense,
        "KBinsDiscretizer" => estimator.Text("encode") == "onehot" ? FeatureStorage.Sparse : FeatureStorage.Dense,
        "RandomTreesEmbedding" => estimator.Flag("sparse_output", otherwise: true) ? FeatureStorage.Sparse : FeatureStorage.Dense,
        "SplineTransformer" => estimator.Flag("sparse_output") ? FeatureStorage.SparseWithZeros : FeatureStorage.Dense,
        "DictVectorizer" => estimator.Flag("sparse", otherwise: true) ? FeatureStorage.SparseWithZeros : FeatureStorage.Dense,
        "CountVectorizer" or "TfidfVectorizer" => FeatureStorage.Sparse,
        "TfidfTransformer" => Max(FeatureStorage.Sparse, before),

        // Two words of opposite sign in one column leave a zero behind.
        "HashingVectorizer" => estimator.Flag("alternate_sign", otherwise: true) ? FeatureStorage.SparseWithZeros : FeatureStorage.Sparse,

        // These multiply, or leave columns out: what was not zero stays so.
        "MaxAbsScaler" or "StandardScaler" or "RobustScaler" or "Normalizer" or "PolynomialFeatures" or "VarianceThreshold" or "SelectKBest" or "SelectPercentile" or "SelectFpr" or "SelectFdr"
            or "SelectFwe" or "GenericUnivariateSelect" or "SelectFromModel" or "SequentialFeatureSelector" or "RFE" or "RFECV" => before,
        "Binarizer" => before == FeatureStorage.Dense ? before : FeatureStorage.Sparse,

        "SparseRandomProjection" => before == FeatureStorage.Dense || estimator.Flag("dense_output") ? FeatureStorage.Dense : FeatureStorage.SparseWithZeros,
        "FunctionTransformer" when !estimator.Has("func") => before,
        "FunctionTransformer" or "SimpleImputer" or "QuantileTransformer" or "AdditiveChi2Sampler" => before == FeatureStorage.Dense ? FeatureStorage.Dense : FeatureStorage.SparseWithZeros,
        "MissingIndicator" => (estimator.Text("sparse") == "auto" ? before != FeatureStorage.Dense : estimator.Flag("sparse")) ? FeatureStorage.Sparse : FeatureStorage.Dense,
        _ => FeatureStorage.Dense,
    };

    private static FeatureStorage Max(FeatureStorage one, FeatureStorage other) => one > other ? one : other;
}
