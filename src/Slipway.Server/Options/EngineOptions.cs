namespace Slipway.Server.Options;

/// <summary>The engine, for the whole process.</summary>
public sealed class EngineOptions
{
    /// <summary>Threads inside one run, shared by all models. Default 0: one per core.</summary>
    public int Threads { get; set; }

    /// <summary>Whether idle engine threads spin before they sleep. Default false: on shared cores spinning costs more than it gains.</summary>
    public bool Spinning { get; set; }

    /// <summary>
    /// Models that are expected to run shorter than this run on the thread that brought the request. Default 200 µs; 0: all run on threads of their own.
    /// </summary>
    public TimeSpan InlineThreshold { get; set; } = TimeSpan.FromMicroseconds(200);

    /// <summary>Most runs of all models together. Default 0: no bound but each model's instances.</summary>
    public int MaxConcurrentRuns { get; set; }

    /// <summary>Whether optimised copies of models are kept under the data folder, so that they load faster the next time. Default true; needs a data folder.</summary>
    public bool KeepOptimized { get; set; } = true;
}
