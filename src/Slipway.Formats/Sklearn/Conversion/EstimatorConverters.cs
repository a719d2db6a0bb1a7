using System.Collections.Frozen;
using Slipway.Core;

namespace Slipway.Formats.Sklearn.Conversion;

/// <summary>Finds the converter of an estimator by its class.</summary>
internal sealed class EstimatorConverters
{
    private readonly FrozenDictionary<string, EstimatorConverter> _byClass;

    public EstimatorConverters(IEnumerable<EstimatorConverter> converters)
    {
        _byClass = converters.SelectMany(static converter => converter.ClassNames.Select(name => (name, converter)))
            .ToFrozenDictionary(static pair => pair.name, static pair => pair.converter, StringComparer.Ordinal);
    }

    /// <summary>Every class that is converted, ordinal order.</summary>
    public IReadOnlyList<string> ClassNames => [.. _byClass.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The converter.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> names the class and where it is.</exception>
    public EstimatorConverter Find(Estimator estimator)
    {
        if (!estimator.Module.StartsWith("sklearn.", StringComparison.Ordinal))
        {
            throw new SlipwayException(
                ErrorCode.NotSupported, $"{estimator.Path} is a {estimator.Module}.{estimator.ClassName}, which is not part of scikit-learn; its own format may be supported");
        }

        return _byClass.TryGetValue(estimator.ClassName, out EstimatorConverter? converter)
            ? converter
            : throw new SlipwayException(ErrorCode.NotSupported, $"{estimator.Path} is a {estimator.ClassName}, which is not converted yet; export the model to ONNX instead");
    }
}
