using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Rollouts;

/// <summary>Two replicas over one store, in virtual time: they act as one.</summary>
public sealed class RolloutReplicasTests : IAsyncDisposable
{
    private static readonly EndpointDefinition Endpoint = TrafficFixture.Endpoint() with { Arms = [TrafficFixture.Endpoint().Arms[0] with { Weight = 100 }] };
    private static readonly RolloutPolicy Policy = new() { ErrorMargin = 0.1, SlowMargin = 0.2, MaxDisagreement = 0.5 };
    private static readonly RolloutPlan Plan = new("custom",
    [
        new RolloutStep { Weight = 20, MinRequests = 20, MinTime = TimeSpan.FromSeconds(1) },
        new RolloutStep { Weight = 50, MinRequests = 100, MinTime = TimeSpan.FromSeconds(1), MaxTime = TimeSpan.FromHours(1), Prove = true },
    ]);

    private readonly MemorySharedRecords _records = new();
    private readonly Replica _first;
    private readonly Replica _second;

    public RolloutReplicasTests()
    {
        _first = new Replica(_records);
        _second = new Replica(_records);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task They_count_together_decide_once_and_route_alike()
    {
        RolloutState started = await _first.StartAsync(2);
        await DriveAsync([_first, _second], () => _first.Phase == RolloutPhase.Promoted && _second.Phase == RolloutPhase.Promoted);
        Assert.True(_first.Rollouts.IsController != _second.Rollouts.IsController);

        IReadOnlyList<RolloutEvent> events = await _first.Rollouts.GetEventsAsync(started.Id, TestContext.Current.CancellationToken);
        Assert.Equal(["started", "step", "promoted"], events.Select(one => one.Kind).Where(kind => kind != "counts"));
        StageCounts last = _second.Rollouts.All[0].Stages[^1];
        Assert.True(last.New.Finished > 100);
        Assert.All([await _first.AskAsync(), await _second.AskAsync()], version => Assert.Equal(2, version));
    }

    [Fact]
    public async Task When_the_controller_dies_another_takes_over_and_goes_back()
    {
        await _first.StartAsync(2);
        await DriveAsync([_first, _second], () => _first.Rollouts.IsController && _second.Rollouts.All.Count == 1);

        // The first is gone: it neither looks nor writes any more. The version turns bad.
        _second.Traffic.Inference.Before = (request, _) => request.Version == VersionSelector.Exact(2) ? throw new SlipwayException(ErrorCode.ModelFailed, "bad") : default;
        await DriveAsync([_second], () => _second.Phase == RolloutPhase.RolledBack);
        Assert.Equal(1, await _second.AskAsync());

        // Back again, it finds out.
        await _second.Rollouts.SyncAsync(TestContext.Current.CancellationToken);
        await _first.Rollouts.SyncAsync(TestContext.Current.CancellationToken);
        Assert.Equal(RolloutPhase.RolledBack, _first.Phase);
        Assert.Equal(1, await _first.AskAsync());
    }

    [Fact]
    public async Task A_replica_takes_control_from_one_that_is_gone_and_promotes()
    {
        await _first.StartAsync(2);
        await DriveAsync([_first, _second], () => _first.Rollouts.IsController && _second.Rollouts.All.Count == 1);
        await DriveAsync([_second], () => _second.Phase == RolloutPhase.Promoted);
        Assert.True(_second.Rollouts.IsController);
        await _second.Rollouts.SyncAsync(TestContext.Current.CancellationToken);
        await _first.Rollouts.SyncAsync(TestContext.Current.CancellationToken);
        Assert.Equal(RolloutPhase.Promoted, _first.Phase);
    }

    [Fact]
    public async Task A_replica_whose_store_is_away_goes_back_by_itself_and_never_forward()
    {
        await _first.StartAsync(2);
        await DriveAsync([_first, _second], () => _first.Rollouts.IsController && _second.Rollouts.All.Count == 1);
        _second.Records.IsAway = true;
        _first.Records.IsAway = true;
        await DriveAsync([_first, _second], () => _first.Traffic.Time.GetUtcNow() > new DateTimeOffset(_first.Rollouts.All[0].Started.AddSeconds(30).Ticks, TimeSpan.Zero));
        Assert.Equal(RolloutPhase.Running, _second.Phase);
        Assert.Equal(0, _second.Rollouts.All[0].Step);

        _second.Traffic.Inference.Before = (request, _) => request.Version == VersionSelector.Exact(2) ? throw new SlipwayException(ErrorCode.ModelFailed, "bad") : default;
        await DriveAsync([_second], () => _second.Phase == RolloutPhase.RolledBack);
        Assert.Equal(1, await _second.AskAsync());

        // With the store there again, all go back, whatever the others thought meanwhile.
        _second.Records.IsAway = _first.Records.IsAway = false;
        await DriveAsync([_second, _first], () => _first.Phase == RolloutPhase.RolledBack);
        Assert.Equal(1, await _first.AskAsync());
    }

    [Fact]
    public async Task Of_two_rollouts_of_one_endpoint_one_begins()
    {
        await _first.StartAsync(2);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => _second.StartAsync(3));
        Assert.Equal(ErrorCode.AlreadyExists, refused.Code);
        Assert.Equal(2, Assert.Single(_second.Rollouts.All).To);
    }

    [Fact]
    public async Task What_somebody_tells_one_replica_the_other_does()
    {
        await _first.StartAsync(2);
        await DriveAsync([_first, _second], () => _second.Rollouts.All.Count == 1);
        await _second.Rollouts.CommandAsync("scoring", RolloutCommand.Abort, "eve", TestContext.Current.CancellationToken);
        await _first.Rollouts.SyncAsync(TestContext.Current.CancellationToken);
        Assert.Equal(RolloutPhase.Aborted, _first.Phase);
        Assert.Equal(1, await _first.AskAsync());
    }

    /// <summary>Requests on all of these replicas, a quarter of a virtual second between looks, until it is so.</summary>
    private static async Task DriveAsync(Replica[] replicas, Func<bool> until)
    {
        for (int round = 0; round < 400 && !until(); round++)
        {
            foreach (Replica replica in replicas)
            {
                for (int i = 0; i < 10; i++)
                {
                    await replica.AskAsync();
                }

                replica.Traffic.Time.Advance(TimeSpan.FromMilliseconds(250));
                await replica.Rollouts.SyncAsync(TestContext.Current.CancellationToken);
                replica.Rollouts.Look();
            }
        }

        Assert.True(until(), string.Join("; ", replicas.Select(replica => $"{replica.Phase}: {replica.Rollouts.All[0].Reason}")));
    }

    private sealed class Replica : IAsyncDisposable
    {
        public Replica(ISharedRecords records)
        {
            Records = new FailingRecords(records);
            Traffic.Service.Put(Endpoint);
            Rollouts = new RolloutService(Traffic.Service, [Endpoint], Records, registry: null, audit: null, Traffic.Time, NullLogger<RolloutService>.Instance);
        }

        public FailingRecords Records { get; }

        public TrafficFixture Traffic { get; } = new();

        public RolloutService Rollouts { get; }

        public RolloutPhase Phase => Rollouts.All[0].Phase;

        public Task<RolloutState> StartAsync(long to) =>
            Rollouts.StartAsync(new RolloutStart("scoring", to) { Plan = Plan, Policy = Policy }, TestContext.Current.CancellationToken);

        public async Task<long> AskAsync() => (await Traffic.AskAsync(TrafficFixture.Request())).Version;

        public async ValueTask DisposeAsync()
        {
            await Rollouts.DisposeAsync();
            await Traffic.DisposeAsync();
        }
    }
}
