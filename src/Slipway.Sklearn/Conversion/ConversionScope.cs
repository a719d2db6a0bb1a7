using Slipway.Core;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Conversion;

/// <summary>The graph under construction and the converters that may be asked for parts of a model.</summary>
internal sealed class ConversionScope(GraphBuilder graph, EstimatorConverters converters)
{
    private const int MaxDepth = 64;
    private int _depth;

    /// <summary>The graph.</summary>
    public GraphBuilder Graph { get; } = graph;

    /// <summary>Whether the estimator is one that transforms features.</summary>
    public bool CanTransform(Estimator estimator) => converters.Find(estimator).CanTransform(estimator, this);

    /// <summary>Whether the estimator is one that predicts.</summary>
    public bool CanPredict(Estimator estimator) => converters.Find(estimator).CanPredict(estimator, this);

    /// <summary>Emits the transformation of an estimator inside the model.</summary>
    public FeatureTable Transform(Estimator estimator, FeatureTable x) =>
        Guard(estimator, () => converters.Find(estimator).Transform(estimator, x, this) is var result ? result.As(FeatureStorageRules.After(estimator, x.Storage, result.Storage)) : x);

    /// <summary>Emits the prediction of an estimator inside the model.</summary>
    public Prediction Predict(Estimator estimator, FeatureTable x) =>
        Guard(estimator, () => converters.Find(estimator).Predict(estimator, x, this));

    // A file may make an estimator contain itself.
    private T Guard<T>(Estimator estimator, Func<T> convert)
    {
        if (++_depth > MaxDepth)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"{estimator.Path[..Math.Min(100, estimator.Path.Length)]}…: estimators are nested more than {MaxDepth} deep");
        }

        T result = convert();
        _depth--;
        return result;
    }
}
