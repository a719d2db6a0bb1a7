using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Pipelines.Binding;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Serving;

/// <summary>
/// One pipeline as it is now: ready with a plan, or not with the reason. It follows its models: a version that changes what the pipeline needs makes it unready, and
/// ready again when it fits again. Thread-safe.
/// </summary>
internal sealed partial class PipelineState(PipelineDefinition definition, Lazy<IModelCatalog> catalog, TimeProvider time, ILogger logger) : IDisposable
{
    // The pipelines that are being looked at on this flow: one that is asked for again while it looks for its models is not looked at within itself.
    private static readonly AsyncLocal<Looking?> Open = new();

    private readonly SemaphoreSlim _gate = new(1);
    private readonly (string Model, VersionSelector Version)[] _wanted = [.. BodyModels.Of(definition).Select(static one => (one.Model, one.Version)).Distinct()];
    private volatile Standing _now = new(null, "its models have not been looked at yet", true, DateTimeOffset.MinValue);

    /// <summary>What was asked for.</summary>
    public PipelineDefinition Definition => definition;

    /// <summary>How it is.</summary>
    public Standing Now => _now;

    /// <summary>Whether it waits for nothing but models that a request would have loaded.</summary>
    public bool LoadsOnDemand => _now is { IsWaiting: true, Found: { } found }
        && found.Values.All(static one => one.Servable is not null || one.LoadsOnDemand);

    /// <summary>Counts.</summary>
    public PipelineCounts Counts { get; } = new();

    /// <summary>Looks at the models again and checks the pipeline anew when one has changed.</summary>
    /// <param name="load">Whether models that are loaded on demand are loaded for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask RefreshAsync(bool load, CancellationToken cancellationToken)
    {
        for (Looking? at = Open.Value; at is not null; at = at.Outer)
        {
            if (at.Pipeline == this)
            {
                return;
            }
        }

        // Set for this method alone: what an asynchronous method sets does not flow back to whoever called it.
        Open.Value = new Looking(this, Open.Value);
        Dictionary<(string Model, VersionSelector Version), ModelFinding> found = [];
        foreach ((string Model, VersionSelector Version) wanted in _wanted)
        {
            found[wanted] = await FindAsync(catalog.Value, wanted.Model, wanted.Version, load, cancellationToken);
        }

        if (IsUnchanged(_now, found))
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!IsUnchanged(_now, found))
            {
                Change(found);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static bool IsUnchanged(Standing now, Dictionary<(string Model, VersionSelector Version), ModelFinding> found) =>
        now.Found is { } before && before.All(pair => found.TryGetValue(pair.Key, out ModelFinding finding)
            && ReferenceEquals(finding.Servable, pair.Value.Servable) && finding.Problem == pair.Value.Problem);

    private static bool WouldLoad(IModelCatalog models, string name, VersionSelector version) => models.TryGetModel(name, out ModelSnapshot? model)
        && model.Answers(version) && !model.Versions.Any(static one => one.State == ServableState.Ready);

    // A version that is out of memory until somebody asks for it takes and gives what it did.
    private async ValueTask<ModelFinding> FindAsync(IModelCatalog models, string name, VersionSelector version, bool load, CancellationToken cancellationToken)
    {
        if (!load && WouldLoad(models, name, version))
        {
            return _now.Found?.GetValueOrDefault((name, version)) is { Servable: not null } known
                ? known
                : new ModelFinding(null, $"model '{name}' is loaded on demand, and nobody has asked for it yet") { LoadsOnDemand = true };
        }

        try
        {
            return new ModelFinding(await models.GetServableAsync(name, version, cancellationToken), null);
        }
        catch (SlipwayException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return new ModelFinding(null, failure.Message);
        }
    }

    private void Change(Dictionary<(string Model, VersionSelector Version), ModelFinding> found)
    {
        bool wasReady = _now.Plan is not null;
        Plan? plan = PipelineBinder.Bind(definition, new FoundSignatures(found), out IReadOnlyList<PipelineFault> faults);
        string? reason = plan is null ? string.Join("; ", faults) : null;
        _now = new Standing(plan, reason, plan is null && faults.All(static fault => fault.IsMissingModel), time.GetUtcNow()) { Found = found };
        if (plan is not null)
        {
            LogReady(logger, definition.Name, plan.Info.Digest);
        }
        else if (_now.IsWaiting && !wasReady)
        {
            LogWaiting(logger, definition.Name, reason!);
        }
        else
        {
            LogUnready(logger, definition.Name, reason!);
        }
    }

    [LoggerMessage(8000, LogLevel.Information, "Pipeline {Pipeline} is ready, digest {Digest}")]
    private static partial void LogReady(ILogger logger, string pipeline, string digest);

    [LoggerMessage(8001, LogLevel.Warning, "Pipeline {Pipeline} waits for its models: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string pipeline, string reason);

    [LoggerMessage(8002, LogLevel.Error, "Pipeline {Pipeline} is not ready: {Reason}")]
    private static partial void LogUnready(ILogger logger, string pipeline, string reason);

    private sealed record Looking(PipelineState Pipeline, Looking? Outer);

    private sealed class FoundSignatures(Dictionary<(string Model, VersionSelector Version), ModelFinding> found) : IModelSignatures
    {
        public ModelFinding Find(string model, VersionSelector version) => found[(model, version)];
    }
}

/// <summary>How a pipeline is.</summary>
/// <param name="Plan">What runs; null when it is not ready.</param>
/// <param name="Reason">Why it is not ready.</param>
/// <param name="IsWaiting">Whether nothing is wrong but that models are not there.</param>
/// <param name="Since">Since when.</param>
internal sealed record Standing(Plan? Plan, string? Reason, bool IsWaiting, DateTimeOffset Since)
{
    /// <summary>The models as they were when this was found out; null before the first look.</summary>
    public IReadOnlyDictionary<(string Model, VersionSelector Version), ModelFinding>? Found { get; init; }
}
