using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Carries rollouts out. Any number of replicas over one store act as one: each counts what it sees, one of them decides, all of them follow; a change is a compare-and-set of the
/// rollout's record, so that it happens once. Routes change first and are written down afterwards: going back works when nothing can be written. Thread-safe.
/// </summary>
public sealed partial class RolloutService : IFeedbackSink, IAsyncDisposable
{
    private const int MaxStrays = 20_000;
    private const int MaxReports = 2000;

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CountsEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AliasesEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string _replica = Guid.NewGuid().ToString("n");
    private readonly TrafficService _traffic;
    private readonly RolloutLedger _ledger;
    private readonly RolloutLease _lease;
    private readonly RolloutControl _control;
    private readonly RolloutMetrics _metrics;
    private readonly RolloutTriggers _triggers;
    private readonly AliasMover _aliases;
    private readonly IAuditSink? _audit;
    private readonly TimeProvider _time;
    private readonly ILogger<RolloutService> _logger;
    private readonly SemaphoreSlim _round = new(1, 1);
    private long _states;
    private readonly ConcurrentQueue<StrayReport> _strays = new();
    private long _counts;
    private long _reports;
    private long _contact;
    private long _countsWritten;
    private long _aliasesTried;
    private bool _isAway;
    private int _isDisposed;

    /// <summary>Makes the service; nothing happens before <see cref="RestoreAsync"/>.</summary>
    /// <param name="traffic">Whose endpoints change.</param>
    /// <param name="configured">Endpoints as the configuration has them.</param>
    /// <param name="records">What replicas share.</param>
    /// <param name="registry">Where aliases move; null: there is none.</param>
    /// <param name="audit">Where events also go; null: nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Log.</param>
    /// <param name="metrics">Metrics that policies may name; null: none.</param>
    /// <param name="triggers">What starts rollouts; null: people alone.</param>
    public RolloutService(
        TrafficService traffic,
        IReadOnlyList<EndpointDefinition> configured,
        ISharedRecords records,
        IModelRegistry? registry,
        IAuditSink? audit,
        TimeProvider time,
        ILogger<RolloutService> logger,
        IReadOnlyList<RolloutMetric>? metrics = null,
        IReadOnlyList<RolloutTrigger>? triggers = null)
    {
        (_traffic, _audit, _time, _logger) = (traffic, audit, time, logger);
        _ledger = new RolloutLedger(records, time);
        _lease = new RolloutLease(_ledger, _replica, time);
        _metrics = new RolloutMetrics(metrics ?? [], time);
        RolloutPreparation preparation = new(traffic, configured, [.. _metrics.Names], time);
        _control = new RolloutControl(traffic, preparation, _metrics, time, logger);
        _triggers = new RolloutTriggers(triggers ?? [], traffic, preparation, _ledger, time, logger);
        _aliases = new AliasMover(registry);
        (_contact, _countsWritten, _aliasesTried) = (time.GetTimestamp(), time.GetTimestamp() - time.TimestampFrequency, time.GetTimestamp() - (2 * time.TimestampFrequency));
    }

    /// <summary>All rollouts, latest first.</summary>
    public IReadOnlyList<RolloutState> All => _control.All;

    /// <summary>Whether this replica is the one that decides.</summary>
    public bool IsController => _lease.IsHeld;

    /// <summary>Whether anything needs the store often.</summary>
    internal bool HasWork => _control.HasWork;

    /// <summary>A rollout by its id, or the latest of an endpoint; null when there is none.</summary>
    public RolloutState? Find(string idOrEndpoint) => All.FirstOrDefault(state => state.Id == idOrEndpoint) ?? All.FirstOrDefault(state => state.Endpoint == idOrEndpoint);

    /// <summary>Puts the watch around routed inference that feedback needs.</summary>
    public IInferenceService Wrap(IInferenceService routed) => new RolloutInference(routed, _control);

    /// <inheritdoc/>
    /// <remarks>What this replica doesn't know is passed on to the others with the next counts; false all the same.</remarks>
    public bool Take(Feedback feedback)
    {
        if (_control.QualityOf(feedback.Endpoint) is not { } quality || quality.Read(feedback) is not { } report)
        {
            return false;
        }

        if (quality.Take(report))
        {
            return true;
        }

        if (_strays.Count < MaxStrays)
        {
            _strays.Enqueue(report);
        }

        return false;
    }

    /// <summary>Everything that happened to a rollout, oldest first.</summary>
    /// <exception cref="SlipwayException">The store is away.</exception>
    public async Task<IReadOnlyList<RolloutEvent>> GetEventsAsync(string id, CancellationToken cancellationToken) =>
        await _ledger.ReadEventsAsync(id, cancellationToken);

    /// <summary>
    /// Reads what is written and takes it up: versions that were promoted keep their place, rollouts that were under way go on. While the store is away the configuration counts,
    /// until it is there again.
    /// </summary>
    public Task RestoreAsync(CancellationToken cancellationToken) => SyncAsync(cancellationToken);

    /// <summary>Starts a rollout. Returns when it is written down and routes of this replica have changed.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.ModelNotFound"/>, <see cref="ErrorCode.VersionNotFound"/>, <see cref="ErrorCode.AlreadyExists"/> when
    /// one is under way on the endpoint, <see cref="ErrorCode.FailedPrecondition"/>.
    /// </exception>
    public Task<RolloutState> StartAsync(RolloutStart start, CancellationToken cancellationToken) => BeginAsync(start, [], cancellationToken);

    /// <summary>Asks for the metrics that are due, where this replica decides. Waits for their servers; a look waits for none.</summary>
    public Task AskMetricsAsync(CancellationToken cancellationToken) => _metrics.AskAsync(_lease.IsHeld ? _control.Active : [], cancellationToken);

    /// <summary>Starts rollouts of aliases that have moved.</summary>
    public async Task LookAtAliasesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _triggers.LookAsync(
                endpoint => All.FirstOrDefault(state => state.Endpoint == endpoint), (start, besides) => BeginAsync(start, [besides], cancellationToken), cancellationToken);
        }
        catch (SlipwayException)
        {
            // The store is away: the rounds with it say so.
        }
    }

    private async Task<RolloutState> BeginAsync(RolloutStart start, IReadOnlyList<SharedWrite> besides, CancellationToken cancellationToken)
    {
        await SyncAsync(cancellationToken);
        RolloutState state = _control.Prepare(start);
        RolloutEvent started = new(_time.GetUtcNow(), "started", start.By, state);
        long? revision;
        try
        {
            (string Id, long Revision)? owner = await _ledger.FindOwnerAsync(start.Endpoint, cancellationToken);
            bool isFree = owner is not { } known || Find(known.Id) is { IsActive: false };
            revision = isFree ? await _ledger.StartAsync(started, owner?.Revision ?? 0, besides, cancellationToken) : null;
        }
        catch (SlipwayException fault)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, "rollouts can't be written down now, so none is started", fault);
        }

        if (revision is null)
        {
            throw new SlipwayException(ErrorCode.AlreadyExists, $"a rollout of '{start.Endpoint}' was started by another replica just now");
        }

        _control.Add(state, revision.Value);
        await AuditAsync(started, cancellationToken);
        return state;
    }

    /// <summary>Pauses, resumes, promotes or aborts. Returns when routes of this replica have changed; while the store is away, that is written down later.</summary>
    /// <param name="idOrEndpoint">The rollout, or its endpoint.</param>
    /// <param name="command">What is to happen.</param>
    /// <param name="by">Who asks; null when unknown.</param>
    /// <param name="cancellationToken">Gives up before anything has happened.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>: no such rollout. <see cref="ErrorCode.FailedPrecondition"/>: it is over, or not in a state for this.</exception>
    public async Task<RolloutState> CommandAsync(string idOrEndpoint, RolloutCommand command, string? by, CancellationToken cancellationToken)
    {
        await HurriedSyncAsync(cancellationToken);
        RolloutState after = _control.Command(idOrEndpoint, command, by);
        await HurriedSyncAsync(cancellationToken);
        return after;
    }

    /// <summary>Looks at every rollout once. Does nothing until all models have been tried.</summary>
    public void Look()
    {
        if (_traffic.Models.IsReady)
        {
            bool isAlone = _lease.IsQuiet || _time.GetElapsedTime(Volatile.Read(ref _contact)) >= Away;
            _control.Look(_lease.IsHeld ? RolloutLook.Decide : isAlone ? RolloutLook.GoBackOnly : RolloutLook.Count);
        }
    }

    /// <summary>One round with the store: writes what has changed, reads what others have written, keeps control, shares counts, moves aliases. A store that is away is noted and asked again next time.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        await _round.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(cancellationToken);
            await ReadAsync(cancellationToken);
            if (_control.HasWork)
            {
                await _lease.KeepAsync(cancellationToken);
                await ShareCountsAsync(cancellationToken);
                await MoveAliasesAsync(cancellationToken);
            }

            Volatile.Write(ref _contact, _time.GetTimestamp());
            _isAway = false;
        }
        catch (SlipwayException fault)
        {
            if (!_isAway)
            {
                LogAway(_logger, fault);
            }

            _isAway = true;
        }
        finally
        {
            _round.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever registers it under several names disposes of it several times.
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        try
        {
            using CancellationTokenSource patience = new(Patience, _time);
            await SyncAsync(patience.Token);
            if (!_isAway)
            {
                _countsWritten -= _time.TimestampFrequency;
                await ShareCountsAsync(patience.Token);
                await _lease.FreeAsync(patience.Token);
            }
        }
        catch (Exception exception) when (exception is SlipwayException or OperationCanceledException)
        {
            LogAway(_logger, exception);
        }

        _metrics.Dispose();
        _round.Dispose();
    }

    private async Task HurriedSyncAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource late = new(Patience, _time);
        using CancellationTokenRegistration registration = late.Token.Register(patience.Cancel);
        try
        {
            await SyncAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The store is slow; the next round writes.
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        foreach (RolloutWrite write in _control.TakeWrites())
        {
            if (await _ledger.WriteAsync(write.State, write.Events, write.Revision, cancellationToken) is { } revision)
            {
                _control.Written(write, revision);
                foreach (RolloutEvent one in write.Events)
                {
                    await AuditAsync(one, cancellationToken);
                }
            }
            else if ((await _ledger.ReadStatesAsync(write.Revision, cancellationToken)).LastOrDefault(one => one.State.Id == write.State.Id) is { State: { } theirs } found)
            {
                _control.Refused(theirs, found.Revision);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<(RolloutState State, long Revision)> states = await _ledger.ReadStatesAsync(_states, cancellationToken);
        _control.Adopt(states);
        _states = states.Count > 0 ? states[^1].Revision : _states;
    }

    private async Task ShareCountsAsync(CancellationToken cancellationToken)
    {
        if (_time.GetElapsedTime(_countsWritten) >= CountsEvery)
        {
            _countsWritten = _time.GetTimestamp();
            foreach ((string id, IReadOnlyList<StageCounts> stages) in _control.TakeCounts())
            {
                await _ledger.WriteCountsAsync(id, _replica, stages, cancellationToken);
                _control.CountsWritten(id, stages);
            }

            await PassReportsAsync(cancellationToken);
        }

        foreach ((string id, string replica, IReadOnlyList<StageCounts> stages, long revision) in await _ledger.ReadCountsAsync(_counts, cancellationToken))
        {
            _counts = revision;
            if (replica != _replica)
            {
                _control.Count(id, replica, stages);
            }
        }
    }

    /// <summary>A load balancer sends requests and what is reported about them to different replicas.</summary>
    private async Task PassReportsAsync(CancellationToken cancellationToken)
    {
        List<StrayReport> strays = [];
        while (strays.Count < MaxReports && _strays.TryDequeue(out StrayReport? stray))
        {
            strays.Add(stray);
        }

        if (strays.Count > 0)
        {
            await _ledger.WriteReportsAsync(_replica, strays, cancellationToken);
        }

        foreach ((string replica, IReadOnlyList<StrayReport> reports, long revision) in await _ledger.ReadReportsAsync(_reports, cancellationToken))
        {
            _reports = revision;
            foreach (StrayReport report in replica == _replica ? [] : reports)
            {
                _control.QualityOf(report.Endpoint)?.Take(report);
            }
        }
    }

    private async Task MoveAliasesAsync(CancellationToken cancellationToken)
    {
        if (!_lease.IsHeld || _time.GetElapsedTime(_aliasesTried) < AliasesEvery)
        {
            return;
        }

        _aliasesTried = _time.GetTimestamp();
        foreach (RolloutState state in _control.PendingAliases())
        {
            _control.AliasTried(state.Id, await _aliases.TryAsync(state, cancellationToken));
        }
    }

    private async Task AuditAsync(RolloutEvent one, CancellationToken cancellationToken)
    {
        if (_audit is null || one.Kind == "counts")
        {
            return;
        }

        RolloutState state = one.State;
        try
        {
            await _audit.RecordAsync(
                new AuditEvent(one.Time, one.By ?? AuditEvent.SystemActor, "rollout." + one.Kind, new AuditSubject("rollout", state.Id), AuditOutcome.Done)
                {
                    Reason = state.Reason,
                    Details = new Dictionary<string, string> { ["endpoint"] = state.Endpoint, ["from"] = $"{state.Model}:{state.From}", ["to"] = $"{state.Model}:{state.To}" },
                },
                cancellationToken);
        }
        catch (SlipwayException fault)
        {
            // What was decided stands; the ledger has it.
            LogUnaudited(_logger, state.Id, fault);
        }
    }

    [LoggerMessage(8002, LogLevel.Warning, "The store of rollouts is away: nothing goes forward, going back works")]
    private static partial void LogAway(ILogger logger, Exception fault);

    [LoggerMessage(8003, LogLevel.Warning, "An event of rollout {Id} could not be audited")]
    private static partial void LogUnaudited(ILogger logger, string id, Exception fault);
}
