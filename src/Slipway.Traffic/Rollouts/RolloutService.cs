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
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TrafficService _traffic;
    private readonly RolloutLedger _ledger;
    private readonly RolloutLease _lease;
    private readonly RolloutControl _control;
    private readonly RolloutMetrics _metrics;
    private readonly RolloutTriggers _triggers;
    private readonly RolloutAudit _audit;
    private readonly RolloutSync _sync;
    private readonly TimeProvider _time;
    private readonly ILogger<RolloutService> _logger;
    private readonly SemaphoreSlim _round = new(1, 1);
    private long _contact;
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
    /// <param name="connections">How servers of metrics are reached, left alone when disposed; null when there are none.</param>
    public RolloutService(
        TrafficService traffic,
        IReadOnlyList<EndpointDefinition> configured,
        ISharedRecords records,
        IModelRegistry? registry,
        IAuditSink? audit,
        TimeProvider time,
        ILogger<RolloutService> logger,
        IReadOnlyList<RolloutMetric>? metrics = null,
        IReadOnlyList<RolloutTrigger>? triggers = null,
        HttpMessageHandler? connections = null)
    {
        (_traffic, _time, _logger) = (traffic, time, logger);
        string replica = Guid.NewGuid().ToString("n");
        _ledger = new RolloutLedger(records, time);
        _lease = new RolloutLease(_ledger, replica, time);
        _metrics = new RolloutMetrics(metrics ?? [], connections, time);
        RolloutPreparation preparation = new(traffic, configured, [.. _metrics.Names], time);
        _control = new RolloutControl(traffic, preparation, _metrics, time, logger);
        _triggers = new RolloutTriggers(triggers ?? [], traffic, preparation, _ledger, time, logger);
        _audit = new RolloutAudit(audit, logger);
        _sync = new RolloutSync(_ledger, _lease, _control, new AliasMover(registry), _audit, replica, time);
        _contact = time.GetTimestamp();
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

        _sync.PassOn(report);
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
        await _audit.RecordAsync(started, cancellationToken);
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
            await _sync.RoundAsync(cancellationToken);
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
                await _sync.LeaveAsync(patience.Token);
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

    [LoggerMessage(8002, LogLevel.Warning, "The store of rollouts is away: nothing goes forward, going back works")]
    private static partial void LogAway(ILogger logger, Exception fault);
}
