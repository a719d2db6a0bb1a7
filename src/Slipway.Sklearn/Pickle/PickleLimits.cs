namespace Slipway.Sklearn.Pickle;

/// <summary>Bounds of the pickle reader.</summary>
internal sealed record PickleLimits
{
    /// <summary>
    /// Most bytes of values made out of the file, beyond the file itself. Default 192 MiB: arrays stay views of the file, so that a real model needs little.
    /// </summary>
    public long MaxBytes { get; init; } = 192L << 20;

    /// <summary>Pickles inside pickles (joblib's object arrays). Default 8.</summary>
    public int MaxNesting { get; init; } = 8;

    /// <summary>Most bytes of a number written as text or of an arbitrary-size integer. Default 4096.</summary>
    public int MaxNumberBytes { get; init; } = 4096;
}
