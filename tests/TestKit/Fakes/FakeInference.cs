using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.TestKit.Fakes;

/// <summary>
/// What protocols call, without an engine behind it: models are functions. Refuses what the real service refuses (unknown models, inputs and outputs) in its words.
/// </summary>
public sealed class FakeInference : IInferenceService, IModelCatalog, IModelControl, IModelStatistics
{
    private readonly List<FakeServable> _servables = [];

    public FakeInference(params FakeServable[] servables)
    {
        _servables.AddRange(servables);
    }

    public bool IsReady { get; set; } = true;

    public Dictionary<string, Dictionary<string, long>> Labels { get; } = [];

    /// <summary>Models that are known and were never loaded.</summary>
    public List<string> Unloaded { get; } = [];

    /// <summary>Runs before each request, in place of the model when it throws.</summary>
    public Func<InferenceRequest, CancellationToken, ValueTask>? Before { get; set; }

    /// <summary>The last request, its tensors copied.</summary>
    public InferenceRequest? Last { get; private set; }

    /// <summary>Calls of <see cref="IModelControl"/>, in order.</summary>
    public List<string> ControlCalls { get; } = [];

    public ModelConfig? LastConfig { get; private set; }

    public async ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        Last = Copy(request);
        if (Before is not null)
        {
            await Before(request, cancellationToken);
        }

        FakeServable servable = Find(request.ModelName, request.Version);
        if (servable.Info.BySignature(request.SignatureName) is null)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, $"Serving signature key \"{request.SignatureName}\" not found.");
        }

        foreach (Tensor input in request.Inputs)
        {
            Check(servable, input);
        }

        if (request.Inputs.Count != servable.Info.Signature.Inputs.Count)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"expected {servable.Info.Signature.Inputs.Count} inputs but got {request.Inputs.Count} inputs for model '{request.ModelName}'");
        }

        Tensor[] all = [.. servable.Run(request)];
        IEnumerable<Tensor> wanted = request.RequestedOutputs.Count == 0
            ? all
            : request.RequestedOutputs.Select(name => all.FirstOrDefault(tensor => tensor.Name == name)
                ?? throw new SlipwayException(ErrorCode.InvalidRequest, $"unexpected inference output '{name}' for model '{request.ModelName}'"));
        return new InferenceResponse { Servable = servable.Info, Outputs = [.. wanted] };
    }

    public IReadOnlyList<ModelSnapshot> GetModels() => [.. Names().Order(StringComparer.Ordinal).Select(Snapshot)];

    public bool TryGetModel(string name, [NotNullWhen(true)] out ModelSnapshot? model)
    {
        model = Names().Contains(name) ? Snapshot(name) : null;
        return model is not null;
    }

    public ValueTask<ServableInfo> GetServableAsync(string name, VersionSelector version, CancellationToken cancellationToken) => new(Find(name, version).Info);

    public Task LoadAsync(string name, ModelConfig? config, CancellationToken cancellationToken)
    {
        ControlCalls.Add($"load {name}");
        LastConfig = config;
        Known(name);
        foreach (FakeServable servable in _servables.Where(servable => servable.Info.ModelName == name))
        {
            servable.State = ServableState.Ready;
        }

        return Task.CompletedTask;
    }

    public Task UnloadAsync(string name, CancellationToken cancellationToken)
    {
        ControlCalls.Add($"unload {name}");
        Known(name);
        foreach (FakeServable servable in _servables.Where(servable => servable.Info.ModelName == name))
        {
            servable.State = ServableState.Unloaded;
            servable.Reason = "unloaded";
        }

        return Task.CompletedTask;
    }

    public Task SetLabelsAsync(string name, IReadOnlyDictionary<string, long> labels, CancellationToken cancellationToken)
    {
        Known(name);
        Labels[name] = new Dictionary<string, long>(labels);
        return Task.CompletedTask;
    }

    public IReadOnlyList<VersionStatistics> GetStatistics(string? name, long? version)
    {
        if (name is not null)
        {
            Known(name);
        }

        return
        [
            .. _servables
                .Where(servable => servable.State == ServableState.Ready && (name ?? servable.Info.ModelName) == servable.Info.ModelName
                    && (version ?? servable.Info.Version) == servable.Info.Version)
                .Select(static servable => new VersionStatistics(servable.Info.ModelName, servable.Info.Version)
                {
                    LastInference = DateTimeOffset.UnixEpoch.AddMilliseconds(1234),
                    InferenceCount = 7,
                    ExecutionCount = 3,
                    Success = new DurationCount(5, 500),
                    Fail = new DurationCount(1, 50),
                    Queue = new DurationCount(5, 100),
                    ComputeInput = new DurationCount(4, 10),
                    Compute = new DurationCount(4, 300),
                    ComputeOutput = new DurationCount(4, 20),
                    CacheHit = new DurationCount(1, 5),
                    CacheMiss = new DurationCount(4, 8),
                    Batches = [new BatchStatistics(2, new DurationCount(3, 10), new DurationCount(3, 300), new DurationCount(3, 20))],
                    MemoryBytes = 4096,
                }),
        ];
    }

    private static void Check(FakeServable servable, Tensor input)
    {
        string model = servable.Info.ModelName;
        int index = servable.Info.Signature.IndexOfInput(input.Name);
        if (index < 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"unexpected inference input '{input.Name}' for model '{model}'");
        }

        TensorSignature expected = servable.Info.Signature.Inputs[index];
        if (expected.DataType != input.DataType)
        {
            throw new SlipwayException(
                ErrorCode.InvalidRequest,
                $"inference input '{input.Name}' data-type is '{input.DataType.ToName()}', but model '{model}' expects '{expected.DataType.ToName()}'");
        }

        if (!input.Shape.Fits(expected.Shape))
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch, $"unexpected shape for input '{input.Name}' for model '{model}'. Expected {expected.Shape}, got {input.Shape}");
        }
    }

    private static InferenceRequest Copy(InferenceRequest request) => new()
    {
        ModelName = request.ModelName,
        Version = request.Version,
        SignatureName = request.SignatureName,
        Id = request.Id,
        Inputs = [.. request.Inputs.Select(static tensor => new Tensor(tensor.Name, tensor.DataType, tensor.Shape, tensor.Data.ToArray()))],
        RequestedOutputs = request.RequestedOutputs,
        Parameters = request.Parameters,
        Priority = request.Priority,
        QueueTimeout = request.QueueTimeout,
        Deadline = request.Deadline,
        Caller = request.Caller,
        EntityKey = request.EntityKey,
    };

    private IEnumerable<string> Names() => _servables.Select(static servable => servable.Info.ModelName).Concat(Unloaded).Distinct();

    private ModelSnapshot Snapshot(string name) => new(
        name,
        _servables.Find(servable => servable.Info.ModelName == name)?.Info.Config ?? ModelConfig.Default,
        [
            .. _servables.Where(servable => servable.Info.ModelName == name).OrderByDescending(static servable => servable.Info.Version)
                .Select(static servable => new VersionSnapshot(servable.Info.Version, servable.State)
                {
                    Reason = servable.Reason,
                    IsWanted = servable.IsWanted,
                    LoadsOnDemand = servable.IsWanted && servable.State != ServableState.Failed && servable.Info.Config.Load == LoadPolicy.OnDemand,
                    Error = servable.State == ServableState.Failed ? ErrorCode.InvalidModel : null,
                    Servable = servable.State == ServableState.Ready ? servable.Info : null,
                }),
        ],
        Labels.GetValueOrDefault(name) ?? []);

    private void Known(string name)
    {
        if (!Names().Contains(name))
        {
            throw new SlipwayException(ErrorCode.ModelNotFound, $"Request for unknown model: '{name}' is not found");
        }
    }

    private FakeServable Find(string name, VersionSelector selector)
    {
        Known(name);
        long? number = selector.Number;
        if (selector.Label is { } label)
        {
            number = Labels.TryGetValue(name, out Dictionary<string, long>? labels) && labels.TryGetValue(label, out long version)
                ? version
                : throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{name}' has no version '{label}'");
        }

        FakeServable[] versions = [.. _servables.Where(servable => servable.Info.ModelName == name)];
        FakeServable[] meant = [.. versions.Where(servable => (number ?? servable.Info.Version) == servable.Info.Version)];
        if (meant.Length == 0 && versions.Length > 0)
        {
            throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{name}' has no version {number}");
        }

        return meant.Where(static servable => servable.State == ServableState.Ready).MaxBy(static servable => servable.Info.Version)
            ?? throw new SlipwayException(ErrorCode.ModelNotReady, $"model '{name}' is not ready");
    }
}
