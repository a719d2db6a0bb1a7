namespace Slipway.Core;

/// <summary>
/// How a model is to be served: what <c>model.yaml</c> and <c>config.pbtxt</c> say, merged over the server's defaults. Immutable.
/// </summary>
public sealed record ModelConfig
{
    /// <summary>The configuration of a model that says nothing.</summary>
    public static ModelConfig Default { get; } = new();

    /// <summary>Which versions are served. Default: the largest one, as Triton and TensorFlow Serving do.</summary>
    public VersionPolicy VersionPolicy { get; init; } = VersionPolicy.LatestOne;

    /// <summary>Names for versions, set by the model's owner.</summary>
    public IReadOnlyDictionary<string, long> Labels { get; init; } = new Dictionary<string, long>();

    /// <summary>
    /// The version that answers requests that name none; null (default): the largest in service. Until it is in service the one that answered before goes on.
    /// </summary>
    public long? DefaultVersion { get; init; }

    /// <summary>When the model's versions are loaded. Default: at once.</summary>
    public LoadPolicy Load { get; init; } = LoadPolicy.Eager;

    /// <summary>
    /// Whether the first dimension is a batch. Null (default): found out from the signature and confirmed by a probe run at load.
    /// </summary>
    public bool? Batchable { get; init; }

    /// <summary>
    /// Most rows in one request or batch; a request with more is refused. 0 (default): no limit on a request, and batches as <see cref="Batching"/> says.
    /// </summary>
    public int MaxBatchSize { get; init; }

    /// <summary>Dynamic batching; null when requests are never run together.</summary>
    public BatchingConfig? Batching { get; init; }

    /// <summary>How many runs of the model may go on at once. Default 0: one per core.</summary>
    public int Instances { get; init; }

    /// <summary>Bounds of the queue in front of the model.</summary>
    public QueueConfig Queue { get; init; } = new();

    /// <summary>What is run before the version is ready. Empty and <see cref="WarmupEnabled"/>: one synthetic request made from the signature.</summary>
    public IReadOnlyList<WarmupRequest> Warmup { get; init; } = [];

    /// <summary>Whether the version is run before it is ready. Default true.</summary>
    public bool WarmupEnabled { get; init; } = true;

    /// <summary>Response cache; null (default) when answers are not kept.</summary>
    public ResponseCacheConfig? ResponseCache { get; init; }

    /// <summary>Engine options: execution providers, threads, optimisation.</summary>
    public EngineConfig Engine { get; init; } = new();

    /// <summary>Labels of output classes, by output name, where the model's owner gave them (Triton's <c>label_filename</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> OutputLabels { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>
    /// Inputs as the owner declared them, empty when the model's own signature stands alone. A declaration must agree with the model or the load fails.
    /// Shapes include the batch dimension.
    /// </summary>
    public IReadOnlyList<TensorSignature> DeclaredInputs { get; init; } = [];

    /// <summary>Outputs as the owner declared them; those left out are not offered. Empty: all of the model's.</summary>
    public IReadOnlyList<TensorSignature> DeclaredOutputs { get; init; } = [];

    /// <summary>Free-form parameters that the owner attached.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Extra labels on the model's metrics.</summary>
    public IReadOnlyDictionary<string, string> MetricTags { get; init; } = new Dictionary<string, string>();
}
