using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Experiments;

/// <summary>Carries experiments out: starts and stops them, looks at them, keeps what they know. It changes no routes. Thread-safe.</summary>
public sealed partial class ExperimentService : IFeedbackSink, IAsyncDisposable
{
    private const int MaxByHand = 1000;

    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    private readonly TrafficService _traffic;
    private readonly IReadOnlyList<ExperimentDefinition> _configured;
    private readonly IExperimentStore _store;
    private readonly ExperimentAudit _audit;
    private readonly ExperimentStarts _starts;
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
    /// <param name="audit">Where it is noted what people did; null: nowhere.</param>
    public ExperimentService(
        TrafficService traffic,
        IReadOnlyList<ExperimentDefinition> configured,
        IExperimentStore store,
        TimeProvider time,
        ILogger<ExperimentService> logger,
        IAuditSink? audit = null)
    {
        (_traffic, _configured, _store, _time, _logger) = (traffic, configured, store, time, logger);
        (_audit, _starts) = (new ExperimentAudit(audit, time, logger), new ExperimentStarts(traffic, time));
    }

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
            all[definition.Name] = record is null ? _starts.Begin(definition) : _starts.Resume(definition, record);
        }

        foreach (string name in (await _store.ListAsync(cancellationToken)).Except(all.Keys, StringComparer.Ordinal))
        {
            if (await FindByHandAsync(name, cancellationToken) is { } experiment)
            {
                all[name] = experiment;
            }
        }

        Publish(all);
        await SaveAsync(cancellationToken);
    }

    /// <summary>Takes a new experiment in, which begins at once unless it is to be started by hand. It is kept, and goes on after a restart.</summary>
    /// <param name="definition">The experiment; <see cref="ExperimentCheck"/> has found no fault with it.</param>
    /// <param name="by">Who asks; null when unknown.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.AlreadyExists"/>: there is one of this name. <see cref="ErrorCode.FailedPrecondition"/>: its endpoint doesn't divide among its arms now, there are too many, or it can't be kept.
    /// </exception>
    public async Task<ExperimentState> DefineAsync(ExperimentDefinition definition, string? by, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        LiveExperiment experiment;
        try
        {
            if (_byName.ContainsKey(definition.Name))
            {
                throw new SlipwayException(ErrorCode.AlreadyExists, $"there is an experiment '{definition.Name}' already; an experiment runs once: give a new one another name");
            }

            if (_byName.Values.Count(static one => one.State.IsDefinedByHand) >= MaxByHand)
            {
                throw new SlipwayException(ErrorCode.FailedPrecondition, $"{MaxByHand} experiments are kept already; delete some that are over");
            }

            ExperimentState state = new() { Definition = definition, IsDefinedByHand = true, Reason = "nobody has started it" };
            experiment = new LiveExperiment(definition.StartsByItself ? _starts.Start(state, by) : state, null, _time);
            if (experiment.Save() is { } record)
            {
                await KeepAsync(() => _store.WriteAsync(definition.Name, record, cancellationToken), definition.Name);
            }

            Publish(new Dictionary<string, LiveExperiment>(_byName, StringComparer.Ordinal) { [definition.Name] = experiment });
            LogNews(_logger, definition.Name, experiment.State.Phase, experiment.State.Reason);
        }
        finally
        {
            _gate.Release();
        }

        await _audit.RecordAsync("defined", experiment.State, by, cancellationToken);
        return experiment.State;
    }

    /// <summary>Forgets an experiment that somebody defined by hand and that is over, or was never started.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>: no such experiment. <see cref="ErrorCode.FailedPrecondition"/>: it runs, is one of the configuration, or can't be taken away.</exception>
    public async Task DeleteAsync(string name, string? by, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        ExperimentState state;
        try
        {
            state = (_byName.GetValueOrDefault(name) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no experiment '{name}'")).State;
            if (state.Phase == ExperimentPhase.Running || !state.IsDefinedByHand)
            {
                throw Refuse(state, state.IsDefinedByHand ? "has to be stopped first" : "is one of the configuration: take it out there");
            }

            await KeepAsync(() => _store.DeleteAsync(name, cancellationToken), name);
            Publish(_byName.Where(pair => pair.Key != name).ToDictionary(StringComparer.Ordinal));
        }
        finally
        {
            _gate.Release();
        }

        await _audit.RecordAsync("deleted", state, by, cancellationToken);
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

        experiment.Change(before => _starts.Start(before, by));
    }, "started", by, cancellationToken);

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
    }, "stopped", by, cancellationToken);

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

    private async Task<ExperimentState> CommandAsync(string name, Action<LiveExperiment> command, string what, string? by, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        LiveExperiment experiment;
        try
        {
            experiment = _byName.GetValueOrDefault(name) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no experiment '{name}'");
            command(experiment);
            await SaveAsync(cancellationToken);
            LogNews(_logger, name, experiment.State.Phase, experiment.State.Reason);
        }
        finally
        {
            _gate.Release();
        }

        await _audit.RecordAsync(what, experiment.State, by, cancellationToken);
        return experiment.State;
    }

    private void Publish(IReadOnlyDictionary<string, LiveExperiment> all)
    {
        _byName = all.ToFrozenDictionary(StringComparer.Ordinal);
        _byEndpoint = all.Values.GroupBy(static one => one.Definition.Endpoint, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>An experiment that was defined by hand; null for a record of one that the configuration had once, or one that can't be read, which is told.</summary>
    private async Task<LiveExperiment?> FindByHandAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.ReadAsync(name, cancellationToken) is { } record && ExperimentRecord.Read(name, record) is { State: { IsDefinedByHand: true } state } read
                ? new LiveExperiment(state, read.Units, _time)
                : null;
        }
        catch (IOException fault)
        {
            LogUnreadable(_logger, name, fault);
            return null;
        }
    }

    private static async Task KeepAsync(Func<Task> keep, string name)
    {
        try
        {
            await keep();
        }
        catch (IOException fault)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, $"what is known of experiment '{name}' can't be written now, so that nothing was changed", fault);
        }
    }

    // Units of different weights or versions can't be thrown together: whatever changed the endpoint ended what was compared on it.
    private bool StopIfChanged(LiveExperiment experiment)
    {
        ExperimentState state = experiment.State;
        if (state.Phase != ExperimentPhase.Running || !_starts.IsDividedOtherwise(state))
        {
            return false;
        }

        experiment.Change(before => ExperimentMachine.Stop(before, "arms, versions or weights of its endpoint were changed", null, _time.GetUtcNow()));
        LogNews(_logger, state.Definition.Name, experiment.State.Phase, experiment.State.Reason);
        return true;
    }

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

    private static SlipwayException Refuse(ExperimentState state, string why) =>
        new(ErrorCode.FailedPrecondition, $"experiment '{state.Definition.Name}' is {state.Phase.ToString().ToLowerInvariant()} ({state.Reason}) and {why}");

    [LoggerMessage(8101, LogLevel.Information, "Experiment {Name}: {Phase}: {Text}")]
    private static partial void LogNews(ILogger logger, string name, ExperimentPhase phase, string text);

    [LoggerMessage(8103, LogLevel.Warning, "The record of experiment {Name} can't be read, so it is left out")]
    private static partial void LogUnreadable(ILogger logger, string name, Exception fault);

    [LoggerMessage(8102, LogLevel.Warning, "Experiment {Name} can't be kept; it is tried again")]
    private static partial void LogAway(ILogger logger, string name, Exception fault);
}
