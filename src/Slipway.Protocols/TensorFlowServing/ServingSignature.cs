namespace Slipway.Protocols.TensorFlowServing;

/// <summary>
/// The signature that every model offers to TensorFlow Serving's clients: its inputs and outputs under their own names. Classify and Regress work on the same
/// one, by the rules of <see cref="ExampleInputs"/>, <see cref="ClassifyOutputs"/> and <see cref="RegressOutput"/>.
/// </summary>
internal static class ServingSignature
{
    /// <summary>The signature's name, and what an empty name means.</summary>
    public const string Default = "serving_default";

    /// <summary>Method of a signature for Predict.</summary>
    public const string PredictMethod = "tensorflow/serving/predict";

    /// <summary>Method of a signature for Classify.</summary>
    public const string ClassifyMethod = "tensorflow/serving/classify";

    /// <summary>Method of a signature for Regress.</summary>
    public const string RegressMethod = "tensorflow/serving/regress";

    /// <summary>Whether a caller's signature name means <see cref="Default"/>.</summary>
    public static bool IsKnown(string name) => name.Length == 0 || name == Default;
}
