namespace Slipway.OnnxRuntime;

/// <summary>Settings of the engine, for the whole process.</summary>
public sealed class OnnxRuntimeOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "engine";

    /// <summary>Threads of the pool inside runs that all models share. Default 0: one per core. 1 runs every model on the calling thread alone.</summary>
    public int IntraOpThreads { get; set; }

    /// <summary>
    /// Threads of the pool between operators, used by models whose <c>execution_mode</c> is <c>parallel</c>. Default 1: few models gain from more,
    /// and the threads are there for the life of the process.
    /// </summary>
    public int InterOpThreads { get; set; } = 1;

    /// <summary>
    /// Whether idle threads of the shared pools spin before they sleep. Default false: a server's own threads need the cores; spinning gains
    /// microseconds where the machine does nothing else.
    /// </summary>
    public bool AllowSpinning { get; set; }

    /// <summary>Whether denormal floats count as zero in the shared pool's threads. Default false: answers stay those of the model.</summary>
    public bool FlushDenormals { get; set; }

    /// <summary>Folder for optimised copies of models, which load faster the next time. Default null: none are kept.</summary>
    public string? OptimizedModelFolder { get; set; }

    /// <summary>Folder for profiles of models that ask for profiling. Default null: such models are refused.</summary>
    public string? ProfilingFolder { get; set; }

    /// <summary>Whether models of the same bytes and engine options share one session. Default true: the second one costs next to nothing.</summary>
    public bool ShareSessions { get; set; } = true;
}
