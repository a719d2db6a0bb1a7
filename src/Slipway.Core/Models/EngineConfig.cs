namespace Slipway.Core;

/// <summary>How the engine runs a model.</summary>
public sealed record EngineConfig
{
    /// <summary>Execution providers by name, most wanted first (<c>cuda</c>, <c>tensorrt</c>, <c>openvino</c>, …). Empty: the CPU.</summary>
    public IReadOnlyList<ExecutionProviderConfig> ExecutionProviders { get; init; } = [];

    /// <summary>Threads inside one run; 0 (default): the pool shared by all models. A number gives the model a pool of its own.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>Graph optimisation. Default: all.</summary>
    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;

    /// <summary>Whether the engine writes a profile of every run (Chrome trace format) into the data folder. Default false.</summary>
    public bool Profiling { get; init; }

    /// <summary>Further session options of the engine, passed through by name.</summary>
    public IReadOnlyDictionary<string, string> SessionOptions { get; init; } = new Dictionary<string, string>();
}
