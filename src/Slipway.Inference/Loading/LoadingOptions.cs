namespace Slipway.Inference.Loading;

/// <summary>How models are brought into memory and how much of it they may take. Set by the host.</summary>
public sealed class LoadingOptions
{
    /// <summary>Models loaded at the same time; 1 to 1024. Default 1: a load already uses every core for a moment, and requests come first.</summary>
    public int ParallelLoads { get; set; } = 1;

    /// <summary>Most bytes that loaded models may take together, as measured at load; 0 (default): no bound. Only models loaded on demand are evicted.</summary>
    public long MaxResidentBytes { get; set; }

    /// <summary>Most versions in memory at once; 0 (default): no bound. Only models loaded on demand are evicted.</summary>
    public int MaxResidentModels { get; set; }

    /// <summary>How often a load is tried that fails for a reason that may pass (an unreadable store, not a damaged model); 1 or more. Default 5.</summary>
    public int LoadAttempts { get; set; } = 5;

    /// <summary>Pause before the second attempt; doubles with each further one, up to a minute. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);
}
