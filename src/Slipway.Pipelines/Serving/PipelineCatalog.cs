using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Pipelines.Binding;

namespace Slipway.Pipelines.Serving;

/// <summary>Shows pipelines as models, so that metadata and readiness can be asked for on every protocol. Thread-safe.</summary>
internal sealed class PipelineCatalog(IModelCatalog inner) : IModelCatalog
{
    private static readonly Dictionary<string, long> NoLabels = [];

    private volatile bool _isTried;

    /// <summary>The pipelines; set once, before anybody asks.</summary>
    public FrozenDictionary<string, PipelineState> Pipelines { get; set; } = FrozenDictionary<string, PipelineState>.Empty;

    /// <inheritdoc/>
    public bool IsReady => inner.IsReady && (_isTried || Pipelines.Count == 0);

    /// <summary>Whether all models have been tried.</summary>
    public bool AreModelsReady => inner.IsReady;

    /// <summary>Every pipeline has been checked with the models that came at start.</summary>
    public void Tried() => _isTried = true;

    /// <inheritdoc/>
    public IReadOnlyList<ModelSnapshot> GetModels() => Pipelines.Count == 0
        ? inner.GetModels()
        : [.. inner.GetModels().Where(model => !Pipelines.ContainsKey(model.Name)).Concat(Pipelines.Values.Select(Describe)).OrderBy(static model => model.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public bool TryGetModel(string name, [NotNullWhen(true)] out ModelSnapshot? model)
    {
        if (!Pipelines.TryGetValue(name, out PipelineState? pipeline))
        {
            return inner.TryGetModel(name, out model);
        }

        model = Describe(pipeline);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<ServableInfo> GetServableAsync(string name, VersionSelector version, CancellationToken cancellationToken) =>
        Pipelines.TryGetValue(name, out PipelineState? pipeline) ? FindAsync(pipeline, version, cancellationToken) : inner.GetServableAsync(name, version, cancellationToken);

    private static async ValueTask<ServableInfo> FindAsync(PipelineState pipeline, VersionSelector version, CancellationToken cancellationToken)
    {
        PipelineRefusals.CheckVersion(pipeline.Definition.Name, version);
        await pipeline.RefreshAsync(load: pipeline.Now.Plan is null, cancellationToken);
        return pipeline.Now.Plan?.Info ?? throw PipelineRefusals.NotReady(pipeline);
    }

    private ModelSnapshot Describe(PipelineState pipeline)
    {
        // Whoever asks is told how it is now; models that answer at once are looked at on the way.
        ValueTask refresh = pipeline.RefreshAsync(load: false, CancellationToken.None);
        if (!refresh.IsCompletedSuccessfully)
        {
            _ = refresh.AsTask();
        }

        Standing now = pipeline.Now;
        bool loadsOnDemand = pipeline.LoadsOnDemand;
        ServableState state = now.Plan is not null ? ServableState.Ready
            : loadsOnDemand ? ServableState.Unknown
            : now.IsWaiting && !IsReady ? ServableState.Loading : ServableState.Failed;
        return new ModelSnapshot(
            pipeline.Definition.Name,
            ModelConfig.Default,
            [
                new VersionSnapshot(PipelineBinder.Version, state)
                {
                    Servable = now.Plan?.Info,
                    LoadsOnDemand = loadsOnDemand,
                    Reason = now.Reason,
                    Error = state == ServableState.Failed ? now.IsWaiting ? ErrorCode.ModelNotReady : ErrorCode.InvalidConfiguration : null,
                    Since = now.Since,
                },
            ],
            NoLabels);
    }
}
