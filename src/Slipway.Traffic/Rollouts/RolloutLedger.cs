using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Core;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// What is kept of rollouts, for all replicas: the state of each, which one an endpoint belongs to, events, and what each replica has counted. Every fault of the store is a
/// <see cref="SlipwayException"/>; a store that does not answer within five seconds is away. Thread-safe.
/// </summary>
internal sealed class RolloutLedger(ISharedRecords records, TimeProvider time)
{
    private const string States = "rollout";
    private const string Owners = "rollout-of";
    private const string Events = "rollout-event";
    private const string Counts = "rollout-counts";
    private const string Reports = "rollout-feedback";
    private const string Aliases = "rollout-alias";
    private const string Leases = "rollout-lease";
    private const string Lease = "controller";

    private const int KeptReports = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private long _events;
    private long _reports;

    /// <summary>States that were written after a revision, oldest first. What can't be read, because a newer release wrote it, is left out.</summary>
    public async Task<IReadOnlyList<(RolloutState State, long Revision)>> ReadStatesAsync(long after, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(States, after, cancellationToken)).Select(static record => (State: Parse(record.Value, RolloutJson.Default.RolloutState), record.Revision)).Where(static one => one.State is not null).Select(static one => (one.State!, one.Revision))];

    /// <summary>Events of one rollout, oldest first.</summary>
    public async Task<IReadOnlyList<RolloutEvent>> ReadEventsAsync(string id, CancellationToken cancellationToken)
    {
        IReadOnlyList<SharedRecord> records = await ReadAsync(EventsOf(id), 0, cancellationToken);
        if (records.Count == 0)
        {
            // Those of earlier releases lie together.
            records = [.. (await ReadAsync(Events, 0, cancellationToken)).Where(record => record.Key.StartsWith(id + "/", StringComparison.Ordinal))];
        }

        return [.. records.Select(static record => Parse(record.Value, RolloutJson.Default.RolloutEvent)).OfType<RolloutEvent>()];
    }

    /// <summary>The rollout that an endpoint belongs to, with the revision to expect; null when there never was one.</summary>
    public async Task<(string Id, long Revision)?> FindOwnerAsync(string endpoint, CancellationToken cancellationToken) =>
        (await ReadAsync(Owners, 0, cancellationToken)).FirstOrDefault(record => record.Key == endpoint) is { } owner ? (owner.Value, owner.Revision) : null;

    /// <summary>Writes a new rollout if the endpoint still belongs to the same one as before; null otherwise.</summary>
    /// <param name="started">How it begins.</param>
    /// <param name="ownerRevision">The revision of <see cref="FindOwnerAsync"/>; 0 when there was none.</param>
    /// <param name="besides">What is written together with it, or nothing is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<long?> StartAsync(RolloutEvent started, long ownerRevision, IReadOnlyList<SharedWrite> besides, CancellationToken cancellationToken) => WriteAsync(
        [
            new SharedWrite(Owners, started.State.Endpoint, started.State.Id, ownerRevision),
            new SharedWrite(States, started.State.Id, JsonSerializer.Serialize(started.State, RolloutJson.Default.RolloutState), 0),
            EventOf(started),
            .. besides,
        ],
        cancellationToken);

    /// <summary>Writes a state and what led to it if nobody has written another; null otherwise.</summary>
    public Task<long?> WriteAsync(RolloutState state, IReadOnlyList<RolloutEvent> events, long revision, CancellationToken cancellationToken) => WriteAsync(
        [new SharedWrite(States, state.Id, JsonSerializer.Serialize(state, RolloutJson.Default.RolloutState), revision), .. events.Select(EventOf)], cancellationToken);

    /// <summary>Writes what one replica has counted.</summary>
    public Task WriteCountsAsync(string id, string replica, IReadOnlyList<StageCounts> stages, CancellationToken cancellationToken) =>
        WriteAsync([new SharedWrite(Counts, $"{replica}/{id}", JsonSerializer.Serialize(stages, RolloutJson.Default.IReadOnlyListStageCounts))], cancellationToken);

    /// <summary>What replicas have counted since a revision.</summary>
    public async Task<IReadOnlyList<(string Id, string Replica, IReadOnlyList<StageCounts> Stages, long Revision)>> ReadCountsAsync(long after, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(Counts, after, cancellationToken)).Select(static record => (
            record.Key[(record.Key.IndexOf('/', StringComparison.Ordinal) + 1)..],
            record.Key[..record.Key.IndexOf('/', StringComparison.Ordinal)],
            Parse(record.Value, RolloutJson.Default.IReadOnlyListStageCounts) ?? [],
            record.Revision))];

    /// <summary>Passes reports on to other replicas. Only the latest <see cref="KeptReports"/> of each replica are kept.</summary>
    public Task WriteReportsAsync(string replica, IReadOnlyList<StrayReport> reports, CancellationToken cancellationToken) => WriteAsync(
        [
            new SharedWrite(
                Reports, string.Create(CultureInfo.InvariantCulture, $"{replica}/{Interlocked.Increment(ref _reports) % KeptReports}"), JsonSerializer.Serialize(reports, RolloutJson.Default.IReadOnlyListStrayReport)),
        ],
        cancellationToken);

    /// <summary>Reports that replicas have passed on since a revision.</summary>
    public async Task<IReadOnlyList<(string Replica, IReadOnlyList<StrayReport> Reports, long Revision)>> ReadReportsAsync(long after, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(Reports, after, cancellationToken)).Select(static record => (
            record.Key[..record.Key.IndexOf('/', StringComparison.Ordinal)],
            Parse(record.Value, RolloutJson.Default.IReadOnlyListStrayReport) ?? [],
            record.Revision))];

    /// <summary>Where aliases that start rollouts were seen last, by endpoint, with the revision to expect.</summary>
    public async Task<IReadOnlyDictionary<string, (AliasSeen Seen, long Revision)>> ReadAliasesAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(Aliases, 0, cancellationToken)).ToDictionary(
            static record => record.Key, static record => (Parse(record.Value, RolloutJson.Default.AliasSeen) ?? new AliasSeen("", 0, null), record.Revision), StringComparer.Ordinal);

    /// <summary>Notes where an alias was seen; null when somebody else has been quicker.</summary>
    public Task<long?> WriteAliasAsync(string endpoint, AliasSeen seen, long revision, CancellationToken cancellationToken) => WriteAsync([AliasWrite(endpoint, seen, revision)], cancellationToken);

    /// <summary>The same, to be written together with something else.</summary>
    public static SharedWrite AliasWrite(string endpoint, AliasSeen seen, long revision) => new(Aliases, endpoint, JsonSerializer.Serialize(seen, RolloutJson.Default.AliasSeen), revision);

    /// <summary>Who controls, with the revision to expect; null when nobody ever did.</summary>
    public async Task<SharedRecord?> ReadLeaseAsync(CancellationToken cancellationToken) => (await ReadAsync(Leases, 0, cancellationToken)).FirstOrDefault(static record => record.Key == Lease);

    /// <summary>Takes, renews or frees control; null when somebody else has been quicker.</summary>
    public Task<long?> WriteLeaseAsync(string holder, long revision, CancellationToken cancellationToken) => WriteAsync([new SharedWrite(Leases, Lease, holder, revision)], cancellationToken);

    private static string EventsOf(string id) => $"{Events}:{id}";

    private SharedWrite EventOf(RolloutEvent one) => new(
        EventsOf(one.State.Id),
        string.Create(CultureInfo.InvariantCulture, $"{one.State.Id}/{one.Time.UtcTicks:x16}-{Interlocked.Increment(ref _events)}-{one.Kind}"),
        JsonSerializer.Serialize(one, RolloutJson.Default.RolloutEvent));

    private Task<IReadOnlyList<SharedRecord>> ReadAsync(string kind, long after, CancellationToken cancellationToken) =>
        GuardAsync(patience => records.ReadAsync(kind, after, patience), cancellationToken);

    private Task<long?> WriteAsync(IReadOnlyList<SharedWrite> writes, CancellationToken cancellationToken) => GuardAsync(patience => records.WriteAsync(writes, patience), cancellationToken);

    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ask(both.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SlipwayException(ErrorCode.StoreUnavailable, "the store of rollouts did not answer in time", late);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.StoreUnavailable, "the store of rollouts can't be reached", fault);
        }
    }

    private static T? Parse<T>(string value, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(value, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
