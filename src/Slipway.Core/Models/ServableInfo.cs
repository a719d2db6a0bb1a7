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

    /// <summary>Largest number of rows in one request or batch; 0 when the first dimension is not a batch, <see cref="int.MaxValue"/> when there is no bound.</summary>
    public int MaxBatchSize { get; init; }
}
