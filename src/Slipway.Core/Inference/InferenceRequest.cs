namespace Slipway.Core;

/// <summary>
/// One request for a prediction, independent of the protocol that brought it. It owns its input tensors: the protocol that made it disposes it when
/// <see cref="IInferenceService.InferAsync"/> has completed, in success and in failure. Not thread-safe while it is being built; never changed afterwards.
/// </summary>
public sealed class InferenceRequest : IDisposable
{
    private static readonly IReadOnlyDictionary<string, ParameterValue> NoParameters = new Dictionary<string, ParameterValue>();

    /// <summary>Name of the model or endpoint.</summary>
    public required string ModelName { get; init; }

    /// <summary>Which version is meant. Default: the largest one ready.</summary>
    public VersionSelector Version { get; init; }

    /// <summary>Which of the version's signatures is meant, for models that have several (<see cref="ServableInfo.Signatures"/>). Empty (default): the model's own choice.</summary>
    public string SignatureName { get; init; } = "";

    /// <summary>The caller's own id of the request, echoed in the answer; empty when there is none.</summary>
    public string Id { get; init; } = "";

    /// <summary>Inputs; every name once, in any order.</summary>
    public required IReadOnlyList<Tensor> Inputs { get; init; }

    /// <summary>Names of the outputs wanted, each once, in the order wanted. Empty: the model's default ones (<see cref="ModelMetadataKeys.DefaultOutputs"/>), or all.</summary>
    public IReadOnlyList<string> RequestedOutputs { get; init; } = [];

    /// <summary>Parameters of the request that Slipway itself gives no meaning to.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Parameters { get; init; } = NoParameters;

    /// <summary>1 is the most urgent; 0 (default) is the model's default level.</summary>
    public int Priority { get; init; }

    /// <summary>Longest this request may wait in the queue; null (default): what the model's queue says.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>
    /// When the caller stops waiting, as a <see cref="TimeProvider.GetTimestamp"/> value of the server's clock; null when it waits for ever.
    /// Work that has expired is dropped before it runs.
    /// </summary>
    public long? Deadline { get; init; }

    /// <summary>Who asks, once authenticated; null when anonymous.</summary>
    public string? Caller { get; init; }

    /// <summary>Key of the entity that the prediction is about, for sticky assignment; null when none was given.</summary>
    public string? EntityKey { get; init; }

    /// <summary>Headers and claims that came with the request; null when it came without a transport.</summary>
    public ICallerAttributes? Attributes { get; init; }

    /// <summary>
    /// The same request to another model. It shares the inputs, which stay this request's: the result is not disposed, and not used after this one is.
    /// </summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">Which version of it.</param>
    public InferenceRequest To(string model, VersionSelector version) => With(model, version, Inputs);

    /// <summary>The same request with other inputs, which the result owns; to be disposed besides this one.</summary>
    public InferenceRequest WithInputs(IReadOnlyList<Tensor> inputs) => With(ModelName, Version, inputs);

    private InferenceRequest With(string model, VersionSelector version, IReadOnlyList<Tensor> inputs) => new()
    {
        ModelName = model,
        Version = version,
        SignatureName = SignatureName,
        Id = Id,
        Inputs = inputs,
        RequestedOutputs = RequestedOutputs,
        Parameters = Parameters,
        Priority = Priority,
        QueueTimeout = QueueTimeout,
        Deadline = Deadline,
        Caller = Caller,
        EntityKey = EntityKey,
        Attributes = Attributes,
    };

    /// <summary>Releases the inputs.</summary>
    public void Dispose()
    {
        for (int i = 0; i < Inputs.Count; i++)
        {
            Inputs[i].Dispose();
        }
    }
}
