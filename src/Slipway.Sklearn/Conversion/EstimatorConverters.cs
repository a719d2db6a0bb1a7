using System.Collections.Frozen;
using Slipway.Core;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Conversion;

/// <summary>Finds the converter of an estimator by its class.</summary>
internal sealed class EstimatorConverters
{
    private readonly FrozenDictionary<string, EstimatorConverter> _byClass;

    public EstimatorConverters(IEnumerable<EstimatorConverter> converters)
    {
        _byClass = converters.SelectMany(static converter => converter.ClassNames.Select(name => (name: Key(converter.Package, name), converter)))
            .ToFrozenDictionary(static pair => pair.name, static pair => pair.converter, StringComparer.Ordinal);
    }

    /// <summary>Every class that is converted and that a user may name, ordinal order.</summary>
    public IReadOnlyList<string> ClassNames => [.. _byClass.Keys.Where(static name => name[0] != '_').Order(StringComparer.Ordinal)];

    // Classes that are known and can't be converted: why, and what to do.
    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["MiniBatchNMF"] = "what it makes of a row depends on which rows come with it; use NMF with solver='cd', TruncatedSVD or PCA",
        ["FeatureHasher"] = "it takes features that are not known beforehand; use DictVectorizer",
        ["DBSCAN"] = "it can't say anything of new rows; train a classifier on its labels",
        ["OPTICS"] = "it can't say anything of new rows; train a classifier on its labels",
        ["HDBSCAN"] = "it can't say anything of new rows; train a classifier on its labels",
        ["AgglomerativeClustering"] = "it can't say anything of new rows; train a classifier on its labels",
        ["SpectralClustering"] = "it can't say anything of new rows; train a classifier on its labels",
        ["TSNE"] = "it can't say anything of new rows; use PCA",
        ["MDS"] = "it can't say anything of new rows; use PCA",
        ["LabelEncoder"] = "it is for targets, not for features; use OrdinalEncoder",
        ["LabelBinarizer"] = "it is for targets, not for features; use OneHotEncoder",
        ["MultiLabelBinarizer"] = "it is for targets, not for features",
        ["SpectralEmbedding"] = "it can't say anything of new rows; use Isomap or KernelPCA",
        ["SpectralBiclustering"] = "it can't say anything of new rows",
        ["SpectralCoclustering"] = "it can't say anything of new rows",
        ["NearestNeighbors"] = "it finds neighbours and predicts nothing; use KNeighborsClassifier or KNeighborsRegressor",
        ["KNeighborsTransformer"] = "it answers with a graph of neighbours; keep neighbours and estimator in one, as KNeighborsClassifier does",
        ["RadiusNeighborsTransformer"] = "it answers with a graph of neighbours; keep neighbours and estimator in one, as RadiusNeighborsClassifier does",
        ["PatchExtractor"] = "it takes pictures, not rows",
        ["EmpiricalCovariance"] = "it describes the training rows and predicts nothing; use EllipticEnvelope",
        ["GraphicalLasso"] = "it describes the training rows and predicts nothing; use EllipticEnvelope",
        ["GraphicalLassoCV"] = "it describes the training rows and predicts nothing; use EllipticEnvelope",
        ["LedoitWolf"] = "it describes the training rows and predicts nothing; use EllipticEnvelope",
        ["MinCovDet"] = "it describes the training rows and predicts nothing; use EllipticEnvelope",
        ["OAS"] = "it describes the training rows and predicts nothing; use EllipticEnvelope",
        ["ShrunkCovariance"] = "it describes the training rows and predicts nothing; use EllipticEnvelope",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether the class of an object has a converter.</summary>
    public bool Knows(PickleObject target) => _byClass.ContainsKey(Key(target.Type.Module.Split('.')[0], target.Type.Name));

    /// <summary>The converter.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> names the class and where it is.</exception>
    public EstimatorConverter Find(Estimator estimator)
    {
        string package = estimator.Module.Split('.')[0];
        return _byClass.TryGetValue(Key(package, estimator.ClassName), out EstimatorConverter? converter)
            ? converter
            : throw new SlipwayException(ErrorCode.NotSupported, package == "sklearn" && Reasons.TryGetValue(estimator.ClassName, out string? reason)
                ? $"{estimator.Path} is a {estimator.ClassName}, which is not converted: {reason}"
                : package is "sklearn" or "xgboost" or "lightgbm" or "catboost"
                ? $"{estimator.Path} is a {estimator.ClassName}, which is not converted yet; export the model to ONNX instead"
                : $"{estimator.Path} is a {estimator.Module}.{estimator.ClassName}, which is not part of scikit-learn; its own format may be supported");
    }

    private static string Key(string package, string className) => package == "sklearn" ? className : $"{package}.{className}";
}
