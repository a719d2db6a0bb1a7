using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>
/// Signatures as TensorFlow Serving's clients name them. A model without names of signatures offers one, its inputs and outputs under their own names. Classify and
/// Regress work on any signature, by the rules of <see cref="ExampleInputs"/>, <see cref="ClassifyOutputs"/> and <see cref="RegressOutput"/>.
/// </summary>
internal static class ServingSignature
{
    /// <summary>What an empty name means.</summary>
    public const string Default = ServableInfo.DefaultSignature;

    /// <summary>Method of a signature for Predict.</summary>
    public const string PredictMethod = "tensorflow/serving/predict";

    /// <summary>Method of a signature for Classify.</summary>
    public const string ClassifyMethod = "tensorflow/serving/classify";

    /// <summary>Method of a signature for Regress.</summary>
    public const string RegressMethod = "tensorflow/serving/regress";

    /// <summary>The name that a caller's signature name stands for.</summary>
    public static string Resolve(string name) => name.Length == 0 ? Default : name;

    /// <summary>The name of a version's signature for callers.</summary>
    public static string NameOf(ServableInfo servable) => Resolve(servable.SignatureName);

    /// <summary>The version by the signature that a Predict names; null when it has none of that name.</summary>
    public static ServableInfo? Find(ServableInfo servable, string name) => servable.BySignature(Resolve(name));

    /// <summary>The version by the signature that a Classify or Regress names.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when it has none of that name.</exception>
    public static ServableInfo FindForExamples(ServableInfo servable, string name)
    {
        // Clients name the signature that their exported model had; where a model has but one without a name, it does for all methods.
        bool isAnyName = servable.SignatureName.Length == 0 && name is "classify" or "classification" or "regress" or "regression";
        return isAnyName ? servable : Find(servable, name)
            ?? throw new SlipwayException(ErrorCode.InvalidRequest, $"No signature was found with the name: {name}");
    }
}
