namespace Slipway.Server.Options;

/// <summary>The engine, for the whole process.</summary>
public sealed class EngineOptions
{
    /// <summary>Threads inside one run, shared by all models. Default 0: one per core.</summary>
    public int Threads { get; set; }

    /// <summary>Whether idle engine threads spin before they sleep. Default false: on shared cores spinning costs more than it gains.</summary>
    public bool Spinning { get; set; }

    /// <summary>Whether optimised copies of models are kept under the data folder, so that they load faster the next time. Default true; needs a data folder.</summary>
    public bool KeepOptimized { get; set; } = true;
}
