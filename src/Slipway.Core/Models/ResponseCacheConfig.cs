namespace Slipway.Core;

/// <summary>Keeps answers of a deterministic model, so that the same inputs are not run twice.</summary>
public sealed record ResponseCacheConfig
{
    /// <summary>Most bytes of answers kept for this model. Default 64 MiB.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>How long an answer is kept; null (default): until it is pushed out.</summary>
    public TimeSpan? TimeToLive { get; init; }
}
