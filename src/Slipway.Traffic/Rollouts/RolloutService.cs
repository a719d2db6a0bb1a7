using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Carries rollouts out: looks, lets <see cref="RolloutMachine"/> decide, changes routes, and writes down what happened, in this order: going back works when nothing can be written.
/// Thread-safe.
/// </summary>
public sealed partial class RolloutService : IAsyncDisposable
{
    private static readonly TimeSpan CountsEvery = TimeSpan.FromMinutes(1);

    private readonly TrafficService _traffic;
    private readonly Dictionary<string, EndpointDefinition> _configured;
    private readonly RolloutJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger<RolloutService> _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<RolloutState> _all = [];
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);

    /// <summary>Makes the service; nothing happens before <see cref="RestoreAsync"/>.</summary>
    /// <param name="traffic">Whose endpoints change.</param>
    /// <param name="configured">Endpoints as the configuration has them.</param>
    /// <param name="store">Where events go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Log.</param>
    public RolloutService(
        TrafficService traffic, IReadOnlyList<EndpointDefinition> configured, IRolloutStore store, TimeProvider time, ILogger<RolloutService> logger)
    {
        (_traffic, _time, _logger) = (traffic, time, logger);
        _configured = configured.ToDictionary(static endpoint => endpoint.Name, StringComparer.Ordinal);
        _journal = new RolloutJournal(store, time, logger);
    }

    /// <summary>All rollouts, latest first.</summary>
    public IReadOnlyList<RolloutState> All
    {
        get
        {
            lock (_all)
            {
                return [.. _all.AsEnumerable().Reverse()];
            }
        }
    }

    /// <summary>A rollout by its id, or the latest of an endpoint; null when there is none.</summary>
    public RolloutState? Find(string idOrEndpoint) => All.FirstOrDefault(state => state.Id == idOrEndpoint) ?? All.FirstOrDefault(state => state.Endpoint == idOrEndpoint);

    /// <summary>Reads what is written and takes it up: versions that were promoted keep their place, rollouts that were under way go on.</summary>
    /// <exception cref="IOException">The store can't be read.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RolloutEvent> events = await _journal.ReadAsync(cancellationToken);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            foreach (RolloutEvent one in events)
            {
                Remember(one.State);
            }

            foreach (RolloutState state in All.DistinctBy(static state => state.Endpoint).Where(IsStillConfigured))
            {
                Route(state);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Starts a rollout. Returns when it is written down and routes have changed.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.ModelNotFound"/>, <see cref="ErrorCode.VersionNotFound"/>, <see cref="ErrorCode.AlreadyExists"/> when
    /// one is under way on the endpoint, <see cref="ErrorCode.FailedPrecondition"/>.
    /// </exception>
    public async Task<RolloutState> StartAsync(RolloutStart start, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            RolloutState state = RolloutMachine.Start(Prepare(start), _time.GetUtcNow());
            await _journal.WriteNowAsync(new RolloutEvent(_time.GetUtcNow(), "started", start.By, state), cancellationToken);
            Remember(state);
            Route(state);
            LogChange(_logger, state.Id, state.Endpoint, state.From, state.To, state.Phase, state.Reason);
            return state;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Pauses, resumes, promotes or aborts.</summary>
    /// <param name="idOrEndpoint">The rollout, or its endpoint.</param>
    /// <param name="command">What is to happen.</param>
    /// <param name="by">Who asks; null when unknown.</param>
    /// <param name="cancellationToken">Gives up before anything has happened.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>: no such rollout. <see cref="ErrorCode.FailedPrecondition"/>: it is over, or not in a state for this.</exception>
    public async Task<RolloutState> CommandAsync(string idOrEndpoint, RolloutCommand command, string? by, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            RolloutState before = Find(idOrEndpoint) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no rollout '{idOrEndpoint}'");
            DateTimeOffset now = _time.GetUtcNow();
            RolloutState after = command switch
            {
                RolloutCommand.Pause => RolloutMachine.Pause(before),
                RolloutCommand.Resume => RolloutMachine.Resume(before, now),
                RolloutCommand.Promote => RolloutMachine.Promote(before, now),
                _ => RolloutMachine.Abort(before, now),
            };
            if (ReferenceEquals(before, after))
            {
                throw new SlipwayException(
                    ErrorCode.FailedPrecondition, $"rollout '{before.Id}' is {before.Phase.ToString().ToLowerInvariant()} ({before.Reason}) and can't {command.ToString().ToLowerInvariant()}");
            }

            Change(before, after, by);
            return after;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Looks at every rollout once. Does nothing until all models have been tried.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!_traffic.Models.IsReady)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            foreach (RolloutState state in All.Where(static state => state.IsActive))
            {
                Look(state);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _gate.Dispose();
    }

    private void Look(RolloutState state)
    {
        if (_traffic.Find(state.Endpoint) is not { } endpoint || !_watched.TryGetValue(state.Id, out Watched? watched))
        {
            return;
        }

        RolloutState after = RolloutMachine.Look(state, new RolloutObservation(
            _time.GetUtcNow(),
            watched.Watch.Look(endpoint, state.Arm),
            watched.Watch.SlowAbove,
            IsThere(state.Model, state.From),
            IsThere(state.Model, state.To)));
        if (RolloutEvent.KindOf(state, after) is not null)
        {
            Change(state, after, by: null);
            return;
        }

        Remember(after);
        if (_time.GetElapsedTime(watched.Written) >= CountsEvery)
        {
            watched.Written = _time.GetTimestamp();
            _journal.Note(new RolloutEvent(_time.GetUtcNow(), "counts", null, after));
        }
    }

    private void Change(RolloutState before, RolloutState after, string? by)
    {
        Remember(after);
        if (after.Step != before.Step || !after.IsActive)
        {
            Route(after);
        }

        _journal.Note(new RolloutEvent(_time.GetUtcNow(), RolloutEvent.KindOf(before, after) ?? "counts", by, after));
        LogChange(_logger, after.Id, after.Endpoint, after.From, after.To, after.Phase, after.Reason);
    }

    private void Route(RolloutState state)
    {
        _traffic.Put(RolloutRoutes.Of(Configured(state.Endpoint, state.Model), state));
        EndpointStatus endpoint = _traffic.Find(state.Endpoint)!;
        if (!state.IsActive)
        {
            _watched.Remove(state.Id);
        }
        else if (_watched.TryGetValue(state.Id, out Watched? watched))
        {
            watched.Watch.Step(state, endpoint);
        }
        else
        {
            _watched[state.Id] = new Watched(RolloutWatch.Begin(state, endpoint)) { Written = _time.GetTimestamp() };
        }
    }

    private void Remember(RolloutState state)
    {
        lock (_all)
        {
            int at = _all.FindIndex(one => one.Id == state.Id);
            if (at < 0)
            {
                _all.Add(state);
            }
            else
            {
                _all[at] = state;
            }
        }
    }

    /// <summary>Checks what is asked and makes the rollout's first state.</summary>
    private RolloutState Prepare(RolloutStart start)
    {
        string[] faults = [.. start.Plan.FindFaults(), .. start.Policy.FindFaults()];
        if (faults.Length > 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, string.Join("; ", faults));
        }

        if (All.FirstOrDefault(state => state.IsActive && state.Endpoint == start.Endpoint) is { } other)
        {
            throw new SlipwayException(ErrorCode.AlreadyExists, $"rollout '{other.Id}' of '{start.Endpoint}' to version {other.To} is under way; promote or abort it first");
        }

        if (!_configured.ContainsKey(start.Endpoint) && !_traffic.Models.TryGetModel(start.Endpoint, out _))
        {
            throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no endpoint and no model '{start.Endpoint}'");
        }

        EndpointDefinition configured = Configured(start.Endpoint, start.Endpoint);
        ArmDefinition arm = configured.Arms.First(one => one.Name == configured.DefaultArm);
        if (arm.Weight < 100 || configured.Arms.Any(static one => one.Name == RolloutRoutes.Candidate))
        {
            throw new SlipwayException(
                ErrorCode.FailedPrecondition, $"endpoint '{start.Endpoint}' divides its traffic already; a rollout needs its default arm '{arm.Name}' at 100 and no arm '{RolloutRoutes.Candidate}'");
        }

        if (ArmTargets.Problem(_traffic.Models, arm.Model, VersionSelector.Exact(start.To)) is { } problem)
        {
            throw new SlipwayException(ErrorCode.VersionNotFound, $"{problem}; both versions have to be loaded (model.yaml: versionPolicy)");
        }

        long from = VersionNow(start.Endpoint, arm, start.To);
        return new RolloutState
        {
            Id = $"{start.Endpoint}-{_time.GetUtcNow():yyyyMMddTHHmmssfff}Z-{start.To}",
            Endpoint = start.Endpoint,
            Arm = arm.Name,
            Model = arm.Model,
            From = from,
            FromSelector = arm.Version.ToString(),
            To = start.To,
            Plan = start.Plan,
            Policy = start.Policy,
            StartedBy = start.By,
        };
    }

    /// <summary>The version that answers before the rollout: what the last rollout left, or what the arm names; where that is the new one already, the largest other one.</summary>
    private long VersionNow(string endpoint, ArmDefinition arm, long to)
    {
        ArmDefinition now = _traffic.Find(endpoint)?.Definition.Arms.FirstOrDefault(one => one.Name == arm.Name) ?? arm;
        VersionSnapshot? version = ArmTargets.Find(_traffic.Models, now.Model, now.Version);
        if (version?.Version == to && now.Version.IsDefault && _traffic.Models.TryGetModel(now.Model, out ModelSnapshot? model))
        {
            version = model.Versions.FirstOrDefault(one => one.State == ServableState.Ready && one.Version != to);
        }

        if (version is null || version.Version == to)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, version is null
                ? $"'{now.Model}{now.Version}' has no version that is ready to go on from"
                : $"'{endpoint}' is at version {to} already");
        }

        return version.Version;
    }

    private EndpointDefinition Configured(string endpoint, string model) => _configured.GetValueOrDefault(endpoint)
        ?? new EndpointDefinition { Name = endpoint, Arms = [new ArmDefinition { Name = "stable", Model = model, Weight = 100 }] };

    // Who changes the configuration of an endpoint means it: what rollouts did before is over then.
    private bool IsStillConfigured(RolloutState state) =>
        Configured(state.Endpoint, state.Model).Arms.FirstOrDefault(arm => arm.Name == state.Arm) is { } arm
        && arm.Model == state.Model && arm.Version.ToString() == state.FromSelector;

    private bool IsThere(string model, long version) => _traffic.Models.TryGetModel(model, out ModelSnapshot? known)
        && known.Versions.Any(one => one.Version == version && (one.State is ServableState.Ready or ServableState.Loading or ServableState.Warming
            || (known.Config.Load == LoadPolicy.OnDemand && one.State is ServableState.Unknown or ServableState.Unloaded)));

    [LoggerMessage(8001, LogLevel.Information, "Rollout {Id} of {Endpoint} from version {From} to {To}: {Phase}: {Reason}")]
    private static partial void LogChange(ILogger logger, string id, string endpoint, long from, long to, RolloutPhase phase, string reason);

    private sealed class Watched(RolloutWatch watch)
    {
        public RolloutWatch Watch => watch;

        public long Written { get; set; }
    }
}
