namespace Slipway.Sklearn.Conversion;

/// <summary>
/// Converts estimators of one family. An estimator predicts, transforms, or both; what it can't do it leaves out. Stateless.
/// </summary>
internal abstract class EstimatorConverter
{
    /// <summary>Package that the classes are of.</summary>
    public virtual string Package => "sklearn";

    /// <summary>Class names that this converter is for, without modules.</summary>
    public abstract IReadOnlyList<string> ClassNames { get; }

    /// <summary>Whether the estimator transforms features.</summary>
    public virtual bool CanTransform(Estimator estimator, ConversionScope scope) => false;

    /// <summary>Whether the estimator predicts.</summary>
    public virtual bool CanPredict(Estimator estimator, ConversionScope scope) => false;

    /// <summary>Emits the transformation of <paramref name="x"/>.</summary>
    public virtual FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) => throw estimator.NotSupported("transforming");

    /// <summary>Emits the prediction for <paramref name="x"/>.</summary>
    public virtual Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope) => throw estimator.NotSupported("predicting");
}
