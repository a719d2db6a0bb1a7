using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Caching;
using Slipway.Inference.Requests;
using Slipway.Inference.Scheduling;
using Slipway.Inference.Statistics;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Loading;

/// <summary>Makes a servable out of a version's files: pass the gate where there is one, prepare, load, probe, warm up. A fault leaves nothing behind. Thread-safe.</summary>
internal sealed partial class ServableLoader
{
    private readonly IModelPreparer _preparer;
    private readonly Dictionary<string, IModelRuntime> _runtimes;
    private readonly ModelWarmup _warmup;
    private readonly SchedulingServices _scheduling;
    private readonly InferenceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<ServableLoader> _logger;
    private readonly IModelGate? _gate;

    public ServableLoader(
        IModelPreparer preparer,
        IEnumerable<IModelRuntime> runtimes,
        ModelWarmup warmup,
        SchedulingServices scheduling,
        InferenceMetrics metrics,
        TimeProvider time,
        ILogger<ServableLoader> logger,
        IModelGate? gate = null)
    {
        _logger = logger;
        _gate = gate;
        _scheduling = scheduling;
        _metrics = metrics;
        _preparer = preparer;
        _runtimes = runtimes.ToDictionary(static runtime => runtime.Name, StringComparer.Ordinal);
        _warmup = warmup;
        _time = time;
    }

    /// <summary>Loads one version.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="version">Number of the version.</param>
    /// <param name="artifact">Its files.</param>
    /// <param name="config">How it is to be served.</param>
    /// <param name="warming">Called when the engine has the model and runs begin.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <exception cref="SlipwayException">With the reason.</exception>
    public async ValueTask<Servable> LoadAsync(
        string name, long version, ModelArtifact artifact, ModelConfig config, Action warming, CancellationToken cancellationToken)
    {
        using AdmittedModel admitted = _gate is null ? new AdmittedModel(artifact) : await _gate.AdmitAsync(name, version, artifact, cancellationToken);
        using PreparedModel prepared = await _preparer.PrepareAsync(admitted.Artifact, cancellationToken);
        if (!_runtimes.TryGetValue(prepared.Runtime, out IModelRuntime? runtime))
        {
            throw new SlipwayException(ErrorCode.NotSupported,
                $"model '{name}' needs the runtime '{prepared.Runtime}'; this server has: {string.Join(", ", _runtimes.Keys.Order(StringComparer.Ordinal))}");
        }

        ServableStatistics statistics = new(_time);
        List<ServableSignature> signatures = [];
        try
        {
            // What the owner says of inputs and outputs is about the signature that is meant when none is named.
            ModelConfig plain = config with { DeclaredInputs = [], DeclaredOutputs = [], OutputLabels = new Dictionary<string, IReadOnlyList<string>>(), Warmup = [] };
            Request main = new(name, version, prepared, config, statistics);
            ILoadedModel model = await runtime.LoadAsync(prepared, config.Engine, cancellationToken);
            try
            {
                warming();
                foreach (PreparedModel other in prepared.Signatures.Values)
                {
                    signatures.Add(await LoadAsync(runtime, main with { Prepared = other, Config = plain }, cancellationToken));
                }

                Dictionary<string, ServableInfo> others = signatures.ToDictionary(static other => other.Info.SignatureName, static other => other.Info, StringComparer.Ordinal);
                signatures.Insert(0, Build(main, model, others, cancellationToken));
            }
            catch
            {
                model.Dispose();
                throw;
            }

            ResponseCache? cache = config.ResponseCache is { } kept ? new ResponseCache(kept, statistics, signatures[0].Metrics, _time) : null;
            return new Servable(signatures[0], signatures[1..], statistics, cache, _time.GetTimestamp());
        }
        catch
        {
            signatures.ForEach(static signature => signature.Dispose());
            throw;
        }
    }

    private async ValueTask<ServableSignature> LoadAsync(IModelRuntime runtime, Request request, CancellationToken cancellationToken)
    {
        ILoadedModel model = await runtime.LoadAsync(request.Prepared, request.Config.Engine, cancellationToken);
        try
        {
            return Build(request, model, new Dictionary<string, ServableInfo>(), cancellationToken);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private ServableSignature Build(Request request, ILoadedModel model, IReadOnlyDictionary<string, ServableInfo> others, CancellationToken cancellationToken)
    {
        (string name, long version, PreparedModel prepared, ModelConfig config, ServableStatistics statistics) = request;

        // 1. Declarations first: they are cheap to check and need no run.
        BatchingRules.Validate(name, config);
        SignatureMerger.Merge(name, model.Signature, prepared.Metadata, config, config.Batchable ?? false);

        // 2. Is the first dimension a batch? The owner's word, else the signature's suggestion once a run has confirmed it.
        bool isBatchable = config.Batchable ?? (model.Signature.IsBatchable && config.WarmupEnabled && BatchProbe.Confirms(model, cancellationToken));
        ServableContract contract = SignatureMerger.Merge(name, model.Signature, prepared.Metadata, config, isBatchable);

        if (config.Batching is not null && BatchingRules.Obstacle(contract) is { } obstacle)
        {
            LogUnbatched(_logger, name, version, obstacle);
        }

        // 3. Ready to be served, but for the warm-up, from which the executor learns the model's pace.
        ServableInfo info = new(name, version, prepared.Digest, contract.Signature, config)
        {
            Platform = prepared.Platform,
            SignatureName = prepared.SignatureName,
            Signatures = others,
            MaxBatchSize = isBatchable ? LargestBatch(config) : 0,
        };
        ServableMetrics metrics = new(_metrics, info, _time);
        ModelExecutor executor = new(new ServableRuntime(info, contract, model, statistics, metrics), _scheduling);
        if (config.WarmupEnabled)
        {
            _warmup.Run(contract, model, config, prepared.InputExample, executor.Learn, cancellationToken);
        }

        return new ServableSignature(info, model, executor, metrics);
    }

    private static int LargestBatch(ModelConfig config) => (config.MaxBatchSize, config.Batching) switch
    {
        ( > 0, _) => config.MaxBatchSize,
        (_, { } batching) => batching.MaxBatchSize,
        _ => int.MaxValue,
    };

    [LoggerMessage(2023, LogLevel.Warning, "Model {Model} version {Version}: batching is configured, but requests are not run together, because {Reason}")]
    private static partial void LogUnbatched(ILogger logger, string model, long version, string reason);

    /// <summary>What is to be loaded.</summary>
    private sealed record Request(string Name, long Version, PreparedModel Prepared, ModelConfig Config, ServableStatistics Statistics);
}
