using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Experiments;

/// <summary>Carries experiments out: starts and stops them, looks at them, keeps what they know. It changes no routes. Thread-safe.</summary>
public sealed partial class ExperimentService : IFeedbackSink, IAsyncDisposable
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    private readonly TrafficService _traffic;
    private readonly IReadOnlyList<ExperimentDefinition> _configured;
    private readonly IExperimentStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<ExperimentService> _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile FrozenDictionary<string, LiveExperiment> _byName = FrozenDictionary<string, LiveExperiment>.Empty;
    private volatile FrozenDictionary<string, LiveExperiment[]> _byEndpoint = FrozenDictionary<string, LiveExperiment[]>.Empty;
    private DateTimeOffset _saved;

    /// <summary>Makes the service; nothing happens before <see cref="RestoreAsync"/>.</summary>
    /// <param name="traffic">Whose endpoints are watched.</param>
    /// <param name="configured">The experiments; <see cref="ExperimentCheck"/> has found no fault with them.</param>
    /// <param name="store">Where they are kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Log.</param>
    public ExperimentService(
        TrafficService traffic, IReadOnlyList<ExperimentDefinition> configured, IExperimentStore store, TimeProvider time, ILogger<ExperimentService> logger) =>
        (_traffic, _configured, _store, _time, _logger) = (traffic, configured, store, time, logger);

    /// <summary>All experiments, by name.</summary>
    public IReadOnlyList<ExperimentState> All => [.. _byName.Values.Select(static one => one.State).OrderBy(static state => state.Definition.Name, StringComparer.Ordinal)];

    /// <summary>An experiment; null when there is none of this name.</summary>
    public ExperimentState? Find(string name) => _byName.GetValueOrDefault(name)?.State;

    /// <summary>Puts the watch around routed inference.</summary>
    public IInferenceService Wrap(IInferenceService routed) => new ExperimentInference(routed, _traffic, this, _time);

    /// <summary>Reads what is kept: experiments that were under way go on, new ones begin unless they are to be started by hand.</summary>
    /// <exception cref="IOException">A record can't be read.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, LiveExperiment> all = new(StringComparer.Ordinal);
        foreach (ExperimentDefinition definition in _configured)
        {
            byte[]? record = await _store.ReadAsync(definition.Name, cancellationToken);
            all[definition.Name] = record is null ? Begin(definition) : Resume(definition, record);
        }

        _byName = all.ToFrozenDictionary(StringComparer.Ordinal);
        _byEndpoint = all.Values.GroupBy(static one => one.Definition.Endpoint, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);
        await SaveAsync(cancellationToken);
    }

    /// <summary>Starts an experiment that waits.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>: no such experiment. <see cref="ErrorCode.FailedPrecondition"/>: it has started before, or can't be kept.</exception>
    public Task<ExperimentState> StartAsync(string name, string? by, CancellationToken cancellationToken) => CommandAsync(name, experiment =>
    {
        ExperimentState state = experiment.State;
        if (state.Phase != ExperimentPhase.Waiting)
        {
            throw Refuse(state, "can't be started; an experiment runs once: give a new one another name");
        }

        experiment.Change(before => Started(before, by));
    }, cancellationToken);

    /// <summary>Stops an experiment that runs; what it knows stays.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>: no such experiment. <see cref="ErrorCode.FailedPrecondition"/>: it does not run, or can't be kept.</exception>
    public Task<ExperimentState> StopAsync(string name, string? by, CancellationToken cancellationToken) => CommandAsync(name, experiment =>
    {
        experiment.Look();
        ExperimentState state = experiment.State;
        if (state.Phase != ExperimentPhase.Running)
        {
            throw Refuse(state, "does not run");
        }

        experiment.Change(before => ExperimentMachine.Stop(before, by is null ? "somebody stopped it" : $"{by} stopped it", by, _time.GetUtcNow()));
    }, cancellationToken);

    /// <summary>Looks at every experiment once, and keeps what changed.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            bool isNew = false;
            foreach (LiveExperiment experiment in _byName.Values)
            {
                isNew |= StopIfChanged(experiment);
                bool concluded = experiment.Look();
                isNew |= concluded;
                if (concluded)
                {
                    LogNews(_logger, experiment.Definition.Name, experiment.State.Phase, experiment.State.Log[^1].Text);
                }
            }

            if (isNew || _time.GetUtcNow() - _saved >= SaveEvery)
            {
                await SaveAsync(cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public bool Take(Feedback feedback)
    {
        bool taken = false;
        foreach (LiveExperiment experiment in On(feedback.Endpoint))
        {
            taken |= experiment.Take(feedback);
        }

        return taken;
    }

    /// <summary>Keeps what is not kept yet.</summary>
    public async ValueTask DisposeAsync()
    {
        await SaveAsync(CancellationToken.None);
        _gate.Dispose();
    }

    /// <summary>Experiments on an endpoint.</summary>
    internal IReadOnlyList<LiveExperiment> On(string endpoint) => _byEndpoint.TryGetValue(endpoint, out LiveExperiment[]? found) ? found : [];

    private async Task<ExperimentState> CommandAsync(string name, Action<LiveExperiment> command, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            LiveExperiment experiment = _byName.GetValueOrDefault(name) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no experiment '{name}'");
            command(experiment);
            await SaveAsync(cancellationToken);
            LogNews(_logger, name, experiment.State.Phase, experiment.State.Reason);
            return experiment.State;
        }
        finally
        {
            _gate.Release();
        }
    }

    private LiveExperiment Begin(ExperimentDefinition definition)
    {
        ExperimentState state = new() { Definition = definition, Reason = "nobody has started it" };
        return new LiveExperiment(definition.StartsByItself ? Started(state, by: null) : state, null, _time);
    }

    private LiveExperiment Resume(ExperimentDefinition definition, byte[] record)
    {
        (ExperimentState state, UnitTable units) = ExperimentRecord.Read(definition.Name, record);
        bool isSame = TextOf(state.Definition) == TextOf(definition);
        if (!isSame && state.Phase == ExperimentPhase.Waiting)
        {
            return Begin(definition);
        }

        // What was counted under one definition means nothing under another; what is over stays what it was.
        if (!isSame && state.Phase == ExperimentPhase.Running)
        {
            state = ExperimentMachine.Stop(state, "its definition was changed: give the new one another name", null, _time.GetUtcNow());
        }

        return new LiveExperiment(state, units, _time);
    }

    private ExperimentState Started(ExperimentState state, string? by)
    {
        EndpointDefinition endpoint = _traffic.Find(state.Definition.Endpoint)?.Definition
            ?? throw new SlipwayException(ErrorCode.FailedPrecondition, $"there is no endpoint '{state.Definition.Endpoint}'");
        IReadOnlyList<string> arms = state.Definition.ArmsOn(endpoint);
        double[] shares = [.. arms.Select(name => endpoint.Arms.FirstOrDefault(arm => arm.Name == name)?.Weight ?? 0)];
        return shares.All(static share => share > 0)
            ? ExperimentMachine.Start(state, arms, shares, DivisionOf(endpoint), by, _time.GetUtcNow())
            : throw new SlipwayException(ErrorCode.FailedPrecondition, $"not every arm of experiment '{state.Definition.Name}' has a weight on endpoint '{endpoint.Name}'");
    }

    // Units of different weights or versions can't be thrown together: whatever changed the endpoint ended what was compared on it.
    private bool StopIfChanged(LiveExperiment experiment)
    {
        ExperimentState state = experiment.State;
        if (state.Phase != ExperimentPhase.Running || (_traffic.Find(state.Definition.Endpoint) is { } endpoint && DivisionOf(endpoint.Definition) == state.Division))
        {
            return false;
        }

        experiment.Change(before => ExperimentMachine.Stop(before, "arms, versions or weights of its endpoint were changed", null, _time.GetUtcNow()));
        LogNews(_logger, state.Definition.Name, experiment.State.Phase, experiment.State.Reason);
        return true;
    }

    private static string DivisionOf(EndpointDefinition endpoint) => string.Join(
        ", ", endpoint.Arms.Select(static arm => string.Create(CultureInfo.InvariantCulture, $"{arm.Name}={arm.Model}{arm.Version}:{arm.Weight}"))) + " by " + endpoint.EffectiveSalt;

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        _saved = _time.GetUtcNow();
        foreach (LiveExperiment experiment in _byName.Values)
        {
            if (experiment.Save() is not { } record)
            {
                continue;
            }

            try
            {
                await _store.WriteAsync(experiment.Definition.Name, record, cancellationToken);
            }
            catch (IOException fault)
            {
                experiment.SaveFailed();
                LogAway(_logger, experiment.Definition.Name, fault);
            }
        }
    }

    private static string TextOf(ExperimentDefinition definition) => JsonSerializer.Serialize(definition, ExperimentJson.Default.ExperimentDefinition);

    private static SlipwayException Refuse(ExperimentState state, string why) =>
        new(ErrorCode.FailedPrecondition, $"experiment '{state.Definition.Name}' is {state.Phase.ToString().ToLowerInvariant()} ({state.Reason}) and {why}");

    [LoggerMessage(8101, LogLevel.Information, "Experiment {Name}: {Phase}: {Text}")]
    private static partial void LogNews(ILogger logger, string name, ExperimentPhase phase, string text);

    [LoggerMessage(8102, LogLevel.Warning, "Experiment {Name} can't be kept; it is tried again")]
    private static partial void LogAway(ILogger logger, string name, Exception fault);
}
