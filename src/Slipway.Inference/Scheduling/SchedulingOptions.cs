namespace Slipway.Inference.Scheduling;

/// <summary>How requests come to run. Set by the host.</summary>
public sealed class SchedulingOptions
{
    /// <summary>
    /// Models that are expected to run shorter than this run on the thread that brought the request, when one of the model's instances is free; longer ones
    /// on threads of their own. 0: never. Default 200 µs: several times what handing over to another thread costs, and too short to starve the server's own threads.
    /// </summary>
    public TimeSpan InlineThreshold { get; set; } = TimeSpan.FromMicroseconds(200);

    /// <summary>Most runs of all models together; 0 (default): no bound beyond each model's instances.</summary>
    public int MaxConcurrentRuns { get; set; }

    /// <summary>How long a thread that runs models stays without work before it ends. Default 10 s.</summary>
    public TimeSpan RunThreadIdleTime { get; set; } = TimeSpan.FromSeconds(10);
}
