namespace Slipway.Core;

/// <summary>A loaded version, as callers need to know it.</summary>
/// <param name="ModelName">Name of the model.</param>
/// <param name="Version">Number of the version.</param>
/// <param name="Digest">SHA-256 of the version's files as lower-case hex: names the bytes that answer.</param>
/// <param name="Signature">Typed inputs and outputs.</param>
/// <param name="Config">Effective configuration.</param>
public sealed record ServableInfo(string ModelName, long Version, string Digest, ModelSignature Signature, ModelConfig Config)
{
    /// <summary>Platform name that Triton's clients know, e.g. <c>onnxruntime_onnx</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>What TensorFlow Serving's clients call the signature that is meant when none is named.</summary>
    public const string DefaultSignature = "serving_default";

    /// <summary>Name of the signature that <see cref="Signature"/> is; empty for models that have one without a name.</summary>
    public string SignatureName { get; init; } = "";

    /// <summary>
    /// The same version by its other signatures, by their names (<see cref="InferenceRequest.SignatureName"/>); each entry's own dictionary is empty. Empty for most models.
    /// </summary>
    public IReadOnlyDictionary<string, ServableInfo> Signatures { get; init; } = new Dictionary<string, ServableInfo>();

    /// <summary>
    /// The version by the signature named <paramref name="signature"/>; empty: this one. Null when it has none of that name. A model's signature without a name
    /// is called <see cref="DefaultSignature"/> as well.
    /// </summary>
    public ServableInfo? BySignature(string signature) =>
        signature.Length == 0 || signature == SignatureName || (SignatureName.Length == 0 && signature == DefaultSignature)
            ? this
            : Signatures.GetValueOrDefault(signature);

    /// <summary>Largest number of rows in one request or batch; 0 when the first dimension is not a batch, <see cref="int.MaxValue"/> when there is no bound.</summary>
    public int MaxBatchSize { get; init; }
}
