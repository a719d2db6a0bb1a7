namespace Slipway.Core;

/// <summary>Keys of <see cref="ModelSignature.Metadata"/> that Slipway itself gives a meaning to. Stored in model files: never rename one.</summary>
public static class ModelMetadataKeys
{
    /// <summary>
    /// Names of the features of a single <c>[N, F]</c> input, in order, as a JSON array of strings. Rows are then matched by column name.
    /// </summary>
    public const string FeatureNames = "slipway.features";

    /// <summary>
    /// Names of the outputs given when none are asked for, as a JSON array of strings. Absent: all of them.
    /// </summary>
    public const string DefaultOutputs = "slipway.outputs";

    /// <summary>
    /// Names of the classes that the last dimension of an output runs over, as a JSON object of output name to array of strings.
    /// </summary>
    public const string OutputLabels = "slipway.labels";

    /// <summary>
    /// What an <c>MLmodel</c> file says of the model, as a JSON object: <c>flavor</c>, <c>predict_fn</c>, <c>model_class</c>, <c>model_type</c>, <c>missing_values</c> (whether the
    /// model takes them), <c>inputs</c> and <c>outputs</c> of the signature in MLflow's own form. Absent where there is no such file.
    /// </summary>
    public const string MLflow = "slipway.mlflow";

    /// <summary>
    /// Of a TensorFlow SavedModel: its signatures as it declares them, a <c>tensorflow.serving.SignatureDefMap</c> in Base64. For TensorFlow Serving's clients only:
    /// what a servable takes is said by its <see cref="ModelSignature"/>.
    /// </summary>
    public const string TensorFlowSignatures = "slipway.tensorflow.signatures";

    /// <summary>
    /// Of a signature that takes <c>tf.Example</c>: JSON <c>{"input": name of the tensor of examples, "defaults": {feature: values of a row that lacks it},
    /// "padded": {feature of rows of varying length: {"with": [the value that they are filled up with], "length": input that takes their lengths}}}</c>. The features themselves are the inputs.
    /// </summary>
    public const string Examples = "slipway.tensorflow.examples";
}
