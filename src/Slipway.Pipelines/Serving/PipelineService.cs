using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Telemetry;

namespace Slipway.Pipelines.Serving;

/// <summary>The room's pipelines: wraps the services of Core that protocols call. One for each server. Thread-safe.</summary>
public sealed class PipelineService : IDisposable
{
    private readonly FrozenDictionary<string, PipelineState> _pipelines;
    private readonly PipelineCatalog _catalog;
    private readonly HttpClient _http;

    /// <summary>Wraps services, which it leaves alone when disposed.</summary>
    /// <param name="pipelines">The pipelines, checked before.</param>
    /// <param name="inference">What answers for everything else.</param>
    /// <param name="models">Which models there are besides.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where changes of state are told.</param>
    /// <param name="connections">How steps reach other servers; left alone when disposed.</param>
    /// <param name="targets">What steps ask, when more than these pipelines lies around the services; null (default): the pipelines and what they wrap.</param>
    public PipelineService(
        IEnumerable<PipelineDefinition> pipelines,
        IInferenceService inference,
        IModelCatalog models,
        PipelineMetrics metrics,
        TimeProvider time,
        ILogger<PipelineService> logger,
        HttpMessageHandler connections,
        StepTargets? targets = null)
    {
        // Steps bound the time.
        _http = new HttpClient(connections, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

        // Pipelines may ask pipelines, so they look into a catalog that shows them.
        _catalog = new PipelineCatalog(models);
        Lazy<IModelCatalog> seen = targets?.Catalog ?? new Lazy<IModelCatalog>(_catalog);
        _pipelines = pipelines.ToFrozenDictionary(static pipeline => pipeline.Name, pipeline => new PipelineState(pipeline, seen, time, logger), StringComparer.Ordinal);
        _catalog.Pipelines = _pipelines;
        Inference = new PipelineInference(inference, _pipelines, metrics, targets?.Inference, _http, time);
    }

    /// <summary>Answers for pipelines and all that was there before.</summary>
    public IInferenceService Inference { get; }

    /// <summary>Pipelines and all that was there before.</summary>
    public IModelCatalog Catalog => _catalog;

    /// <summary>Whether there are pipelines.</summary>
    public bool IsEmpty => _pipelines.Count == 0;

    /// <summary>Wraps the statistics.</summary>
    public IModelStatistics Wrap(IModelStatistics inner) => new PipelineStatistics(inner, _pipelines);

    /// <summary>Wraps the control.</summary>
    public IModelControl Wrap(IModelControl inner) => new PipelineControl(inner, _pipelines);

    /// <summary>Looks at the models of every pipeline and checks anew those that have changed. The server is ready when this was done once after its models were.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        bool areModelsReady = _catalog.AreModelsReady;
        foreach (PipelineState pipeline in _pipelines.Values)
        {
            await pipeline.RefreshAsync(load: false, cancellationToken);
        }

        if (areModelsReady)
        {
            _catalog.Tried();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        foreach (PipelineState pipeline in _pipelines.Values)
        {
            pipeline.Dispose();
        }
    }
}
