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
}
