using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Protocols.Tests.Fakes;

/// <summary>Models that answer what a test tells them to; by default each input comes back as an output of the same name.</summary>
internal sealed class FakeModels : IInferenceService, IModelCatalog, IModelControl, IModelStatistics
{
    public ConcurrentDictionary<string, ModelSnapshot> Known { get; } = new(StringComparer.Ordinal);

    public Func<InferenceRequest, CancellationToken, ValueTask<IReadOnlyList<Tensor>>> Run { get; set; } = static (request, _) => ValueTask.FromResult(Echo(request));

    public bool IsReady { get; set; } = true;

    public InferenceRequestFacts? Last { get; private set; }

    public void Add(string name, long version = 1, ServableState state = ServableState.Ready, ModelSignature? signature = null, ModelConfig? config = null, int maxBatchSize = 0)
    {
        signature ??= new ModelSignature(
            [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2))],
            [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2))]);
        ServableInfo servable = new(name, version, new string('0', 64), signature, config ?? ModelConfig.Default)
        {
            Platform = "onnxruntime_onnx",
            MaxBatchSize = maxBatchSize,
        };
        VersionSnapshot snapshot = new(version, state) { Servable = state == ServableState.Ready ? servable : null, Reason = state == ServableState.Failed ? "broken" : null };
        IReadOnlyList<VersionSnapshot> older = Known.TryGetValue(name, out ModelSnapshot? known) ? known.Versions : [];
        Known[name] = new ModelSnapshot(
            name, servable.Config, [.. older.Append(snapshot).OrderByDescending(static v => v.Version)], servable.Config.Labels);
    }

    public IReadOnlyList<ModelSnapshot> GetModels() => [.. Known.Values.OrderBy(static model => model.Name, StringComparer.Ordinal)];

    public bool TryGetModel(string name, [NotNullWhen(true)] out ModelSnapshot? model) => Known.TryGetValue(name, out model);

    public ValueTask<ServableInfo> GetServableAsync(string name, VersionSelector version, CancellationToken cancellationToken) => ValueTask.FromResult(Find(name, version));

    public async ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        Last = new InferenceRequestFacts(request);
        ServableInfo servable = Find(request.ModelName, request.Version).BySignature(request.SignatureName)
            ?? throw new SlipwayException(ErrorCode.FailedPrecondition, $"Serving signature key \"{request.SignatureName}\" not found.");
        return new InferenceResponse { Servable = servable, Outputs = await Run(request, cancellationToken) };
    }

    public Task LoadAsync(string name, ModelConfig? config, CancellationToken cancellationToken)
    {
        Add(name);
        return Task.CompletedTask;
    }

    public Task UnloadAsync(string name, CancellationToken cancellationToken) => Known.TryRemove(name, out _)
        ? Task.CompletedTask
        : throw new SlipwayException(ErrorCode.ModelNotFound, $"unknown model: '{name}' is not found");

    public Task SetLabelsAsync(string name, IReadOnlyDictionary<string, long> labels, CancellationToken cancellationToken) => Task.CompletedTask;

    public IReadOnlyList<VersionStatistics> GetStatistics(string? name, long? version) =>
        [.. Known.Values.Where(model => name is null || model.Name == name).Select(static model => new VersionStatistics(model.Name, model.Versions[0].Version)
        {
            Success = new DurationCount(3, 3000),
            LastInference = DateTimeOffset.FromUnixTimeMilliseconds(17),
            MemoryBytes = 42,
        })];

    public static IReadOnlyList<Tensor> Echo(InferenceRequest request) =>
        [.. request.Inputs.Select(static input => new Tensor(input.Name, input.DataType, input.Shape, input.Data.ToArray()))];

    private ServableInfo Find(string name, VersionSelector selector)
    {
        if (!Known.TryGetValue(name, out ModelSnapshot? model))
        {
            throw new SlipwayException(ErrorCode.ModelNotFound, $"unknown model: '{name}' is not found");
        }

        long? wanted = selector.Label is { } label
            ? model.Labels.TryGetValue(label, out long labelled) ? labelled : throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{name}' has no label '{label}'")
            : selector.Number;
        VersionSnapshot? version = model.Versions.FirstOrDefault(v => wanted is null ? v.State == ServableState.Ready : v.Version == wanted);
        if (version is null && wanted is not null)
        {
            throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{name}' has no version {wanted}");
        }

        return version?.Servable ?? throw new SlipwayException(ErrorCode.ModelNotReady, $"model '{name}' is not ready") { RetryAfter = TimeSpan.FromMilliseconds(250) };
    }
}

/// <summary>What a request was, kept after its memory is gone.</summary>
internal sealed class InferenceRequestFacts(InferenceRequest request)
{
    public string ModelName { get; } = request.ModelName;

    public VersionSelector Version { get; } = request.Version;

    public string Id { get; } = request.Id;

    public IReadOnlyDictionary<string, ParameterValue> Parameters { get; } = request.Parameters;

    public int Priority { get; } = request.Priority;

    public TimeSpan? QueueTimeout { get; } = request.QueueTimeout;

    public long? Deadline { get; } = request.Deadline;

    public IReadOnlyList<string> Outputs { get; } = [.. request.RequestedOutputs];

    public IReadOnlyList<(string Name, TensorDataType Type, TensorShape Shape, byte[] Data)> Inputs { get; } =
        [.. request.Inputs.Select(static input => (input.Name, input.DataType, input.Shape, input.Data.ToArray()))];
}
