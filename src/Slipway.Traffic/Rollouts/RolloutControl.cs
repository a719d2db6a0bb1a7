using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Rollouts as this replica has them, in memory: looks, lets <see cref="RolloutMachine"/> decide, changes routes, and notes what is to be written. Nothing here waits for a store, so that
/// going back works while it is away. Thread-safe.
/// </summary>
internal sealed partial class RolloutControl(TrafficService traffic, RolloutPreparation preparation, RolloutMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan StateEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CountsEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<RolloutEntry> _entries = [];
    private volatile FrozenDictionary<string, QualityWatch> _quality = FrozenDictionary<string, QualityWatch>.Empty;

    /// <summary>All rollouts, latest first.</summary>
    public IReadOnlyList<RolloutState> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Select(static entry => entry.State).OrderByDescending(static state => state.Started)];
            }
        }
    }

    /// <summary>Whether anything needs the store often: a rollout under way, an alias to be moved, something to be written.</summary>
    public bool HasWork
    {
        get
        {
            lock (_gate)
            {
                return _entries.Exists(static entry => entry.State.IsActive || entry.IsDirty || entry.State.Alias is { State: AliasMoveState.Pending });
            }
        }
    }

    /// <summary>Rollouts under way.</summary>
    public IReadOnlyList<RolloutState> Active => [.. All.Where(static state => state.IsActive)];

    /// <summary>Who attributes feedback about an endpoint; null when no rollout asks for any. Waits for nothing.</summary>
    public QualityWatch? QualityOf(string endpoint) => _quality.GetValueOrDefault(endpoint);

    /// <summary>Makes the first state of a rollout; nothing happens yet.</summary>
    /// <exception cref="SlipwayException">See <see cref="RolloutService.StartAsync"/>.</exception>
    public RolloutState Prepare(RolloutStart start) => WithAlias(preparation.Prepare(start, All.FirstOrDefault(state => state.IsActive && state.Endpoint == start.Endpoint)));

    /// <summary>Takes up what the store has: new rollouts, and newer states of known ones that have nothing of their own to write.</summary>
    public void Adopt(IReadOnlyList<(RolloutState State, long Revision)> states)
    {
        lock (_gate)
        {
            HashSet<RolloutEntry> changed = [];
            foreach ((RolloutState state, long revision) in states)
            {
                RolloutEntry? entry = Entry(state.Id);
                if (entry is null)
                {
                    _entries.Add(entry = new RolloutEntry(state, revision) { Since = (time.GetTimestamp(), time.GetTimestamp()) });
                    changed.Add(entry);
                }
                else if (revision > entry.Revision && !entry.IsDirty)
                {
                    if (Replace(entry, state, revision))
                    {
                        changed.Add(entry);
                    }
                }
            }

            foreach (RolloutEntry entry in changed.Where(entry => IsLatest(entry) && preparation.IsStillConfigured(entry.State)))
            {
                Route(entry);
                LogChange(logger, entry.State.Id, entry.State.Endpoint, entry.State.From, entry.State.To, entry.State.Phase, entry.State.Reason);
            }
        }
    }

    /// <summary>Looks at every rollout once.</summary>
    /// <param name="mode">What may follow from it.</param>
    public void Look(RolloutLook mode)
    {
        lock (_gate)
        {
            foreach (RolloutEntry entry in _entries)
            {
                if (entry.State.IsActive)
                {
                    Look(entry, mode);
                }
                else if (entry is { IsFollowing: false, State.Alias.State: AliasMoveState.Moved } && IsLatest(entry) && IsAliasSeen(entry.State))
                {
                    entry.IsFollowing = true;
                    Route(entry);
                }
            }
        }
    }

    /// <summary>Does what somebody says.</summary>
    /// <exception cref="SlipwayException">See <see cref="RolloutService.CommandAsync"/>.</exception>
    public RolloutState Command(string idOrEndpoint, RolloutCommand command, string? by)
    {
        lock (_gate)
        {
            RolloutState before = All.FirstOrDefault(state => state.Id == idOrEndpoint) ?? All.FirstOrDefault(state => state.Endpoint == idOrEndpoint)
                ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no rollout '{idOrEndpoint}'");
            DateTimeOffset now = time.GetUtcNow();
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

            return Change(Entry(before.Id)!, after, by);
        }
    }

    /// <summary>What is to be written now, oldest first.</summary>
    public IReadOnlyList<RolloutWrite> TakeWrites()
    {
        lock (_gate)
        {
            return [.. _entries.Where(static entry => entry.IsDirty).Select(static entry => new RolloutWrite(entry.State, [.. entry.Waiting], entry.Revision))];
        }
    }

    /// <summary>A write was done, at a revision.</summary>
    public void Written(RolloutWrite write, long revision)
    {
        lock (_gate)
        {
            RolloutEntry entry = Entry(write.State.Id)!;
            entry.Waiting.RemoveRange(0, write.Events.Count);
            (entry.Revision, entry.IsDirty) = (revision, !ReferenceEquals(entry.State, write.State));
        }
    }

    /// <summary>Somebody else has written another state meanwhile: theirs counts, but for a rollout that went back here.</summary>
    public void Refused(RolloutState theirs, long revision)
    {
        lock (_gate)
        {
            RolloutEntry entry = Entry(theirs.Id)!;
            if (theirs.IsActive && entry.State.Phase is RolloutPhase.RolledBack or RolloutPhase.Aborted)
            {
                entry.Revision = revision;
                return;
            }

            entry.Waiting.Clear();
            entry.IsDirty = false;
            if (Replace(entry, theirs, revision) && IsLatest(entry))
            {
                Route(entry);
            }
        }
    }

    /// <summary>Counts of this replica that are not written yet.</summary>
    public IReadOnlyList<(string Id, IReadOnlyList<StageCounts> Stages)> TakeCounts()
    {
        lock (_gate)
        {
            return [.. _entries.Where(static entry => entry.State.IsActive && !entry.Own.SequenceEqual(entry.OwnWritten)).Select(static entry => (entry.State.Id, entry.Own))];
        }
    }

    /// <summary>Counts of this replica were written.</summary>
    public void CountsWritten(string id, IReadOnlyList<StageCounts> stages)
    {
        lock (_gate)
        {
            Entry(id)?.OwnWritten = stages;
        }
    }

    /// <summary>Takes what another replica has counted.</summary>
    public void Count(string id, string replica, IReadOnlyList<StageCounts> stages)
    {
        lock (_gate)
        {
            Entry(id)?.Others[replica] = stages;
        }
    }

    /// <summary>Promoted rollouts whose alias is to be moved.</summary>
    public IReadOnlyList<RolloutState> PendingAliases()
    {
        lock (_gate)
        {
            return [.. _entries.Where(entry => entry.State.Alias is { State: AliasMoveState.Pending } && IsLatest(entry)).Select(static entry => entry.State)];
        }
    }

    /// <summary>Notes what became of an alias.</summary>
    public void AliasTried(string id, AliasMove move)
    {
        lock (_gate)
        {
            if (Entry(id) is { } entry && entry.State.Alias != move)
            {
                Change(entry, entry.State with { Alias = move }, by: null);
            }
        }
    }

    /// <summary>Adds a rollout that was just written.</summary>
    public void Add(RolloutState state, long revision)
    {
        Adopt([(state, revision)]);
    }

    private void Look(RolloutEntry entry, RolloutLook mode)
    {
        RolloutState before = entry.State;
        if (traffic.Find(before.Endpoint) is not { } endpoint || entry.Watch is not { } watch)
        {
            return;
        }

        IReadOnlyList<StageCounts> own = watch.Look(endpoint, before.Arm, learns: mode == RolloutLook.Decide);
        entry.Own = entry.Quality?.AddTo(own) ?? own;
        if (mode == RolloutLook.Count)
        {
            return;
        }

        RolloutState after = RolloutMachine.Look(before, new RolloutObservation(
            time.GetUtcNow(), entry.Total(), watch.SlowAbove, IsThere(before.Model, before.From), IsThere(before.Model, before.To))
        {
            Metrics = metrics.Of(before),
        });
        if (mode == RolloutLook.GoBackOnly && after.Phase != RolloutPhase.RolledBack)
        {
            return;
        }

        if (RolloutEvent.KindOf(before, after) is not null)
        {
            Change(entry, after, by: null);
            return;
        }

        entry.State = after;
        if (after.SlowAbove != before.SlowAbove || time.GetElapsedTime(entry.Since.Noted) >= StateEvery)
        {
            long now = time.GetTimestamp();
            bool isEvent = time.GetElapsedTime(entry.Since.Counted) >= CountsEvery;
            entry.Since = (now, isEvent ? now : entry.Since.Counted);
            entry.IsDirty = true;
            if (isEvent)
            {
                entry.Waiting.Add(new RolloutEvent(time.GetUtcNow(), "counts", null, after));
            }
        }
    }

    private RolloutState Change(RolloutEntry entry, RolloutState after, string? by)
    {
        RolloutState before = entry.State;
        entry.State = after = before.IsActive ? WithAlias(after) : after;
        if (after.Step != before.Step || !after.IsActive)
        {
            Route(entry);
        }

        entry.IsDirty = true;
        entry.Waiting.Add(new RolloutEvent(time.GetUtcNow(), RolloutEvent.KindOf(before, after) ?? "counts", by, after));
        LogChange(logger, after.Id, after.Endpoint, after.From, after.To, after.Phase, after.Reason);
        return after;
    }

    // An arm that was named by an alias is promoted by moving the alias.
    private static RolloutState WithAlias(RolloutState state) => state is { Phase: RolloutPhase.Promoted, Alias: null } && state.FromSelector.StartsWith('@')
        ? state with { Alias = new AliasMove(state.FromSelector[1..], AliasMoveState.Pending) }
        : state;

    /// <summary>Whether routes may have to change with the new state.</summary>
    private bool Replace(RolloutEntry entry, RolloutState state, long revision)
    {
        RolloutState before = entry.State;
        (entry.State, entry.Revision) = (state, revision);
        if (state.SlowAbove is { } slow && entry.Watch is { SlowAbove: null } watch && traffic.Find(state.Endpoint) is { } endpoint)
        {
            watch.Adopt(slow, endpoint, state.Arm);
        }

        return before.Step != state.Step || before.IsActive != state.IsActive;
    }

    private void Route(RolloutEntry entry)
    {
        RolloutState state = entry.State;
        EndpointDefinition configured = preparation.Configured(state.Endpoint, state.Model);
        entry.Quality?.Leave();
        traffic.Put(entry.IsFollowing ? configured : RolloutRoutes.Of(configured, state));
        EndpointStatus endpoint = traffic.Find(state.Endpoint)!;
        WatchQuality(entry, configured);
        if (!state.IsActive)
        {
            entry.Watch = null;
        }
        else if (entry.Watch is { } watch)
        {
            watch.Step(state, endpoint);
        }
        else
        {
            // What was counted before, here or elsewhere, is in the store.
            entry.Watch = RolloutWatch.Begin(state with { Stages = [] }, endpoint);
        }
    }

    private void WatchQuality(RolloutEntry entry, EndpointDefinition configured)
    {
        RolloutState state = entry.State;
        if (!state.IsActive)
        {
            entry.Quality = null;
        }
        else if (state.Policy.Quality is { } policy)
        {
            entry.Quality ??= new QualityWatch(policy, state.Arm, configured.StickyBy);
            entry.Quality.Enter(state.Step);
        }

        _quality = _entries.Where(static one => one.Quality is not null).GroupBy(static one => one.State.Endpoint, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => group.Last().Quality!, StringComparer.Ordinal);
    }

    private RolloutEntry? Entry(string id) => _entries.Find(entry => entry.State.Id == id);

    private bool IsLatest(RolloutEntry entry) => !_entries.Exists(other => other.State.Endpoint == entry.State.Endpoint && other.State.Started > entry.State.Started);

    private bool IsAliasSeen(RolloutState state) => traffic.Models.TryGetModel(state.Model, out ModelSnapshot? model)
        && ArmTargets.Of(model, VersionSelector.ByLabel(state.Alias!.Name)) is { State: ServableState.Ready } version && version.Version != state.From;

    private bool IsThere(string model, long version) => traffic.Models.TryGetModel(model, out ModelSnapshot? known)
        && known.Versions.Any(one => one.Version == version && (one.Answers || one.State is ServableState.Loading or ServableState.Warming));

    [LoggerMessage(8001, LogLevel.Information, "Rollout {Id} of {Endpoint} from version {From} to {To}: {Phase}: {Reason}")]
    private static partial void LogChange(ILogger logger, string id, string endpoint, long from, long to, RolloutPhase phase, string reason);
}

/// <summary>A state to be written, with what led to it.</summary>
/// <param name="State">The state.</param>
/// <param name="Events">Events, oldest first.</param>
/// <param name="Revision">The revision to expect.</param>
internal sealed record RolloutWrite(RolloutState State, IReadOnlyList<RolloutEvent> Events, long Revision);

/// <summary>What may follow from looking.</summary>
internal enum RolloutLook
{
    /// <summary>Nothing: another replica decides.</summary>
    Count,

    /// <summary>Going back only: nobody may be there who decides.</summary>
    GoBackOnly,

    /// <summary>Everything.</summary>
    Decide,
}
