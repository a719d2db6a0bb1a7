using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Rollouts;

/// <summary>An alias that moves starts a rollout, once for all replicas.</summary>
public sealed class RolloutTriggerTests : IAsyncDisposable
{
    private static readonly EndpointDefinition Endpoint = TrafficFixture.Endpoint() with { Arms = [TrafficFixture.Endpoint().Arms[0] with { Weight = 100 }] };
    private static readonly RolloutTrigger Trigger = new() { Endpoint = "scoring", Alias = "challenger" };

    private readonly MemorySharedRecords _records = new();
    private readonly List<TrafficFixture> _fixtures = [];
    private readonly List<RolloutService> _services = [];

    public async ValueTask DisposeAsync()
    {
        foreach (RolloutService service in _services)
        {
            await service.DisposeAsync();
        }

        foreach (TrafficFixture fixture in _fixtures)
        {
            await fixture.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_move_starts_one_rollout_and_neither_its_sight_nor_a_restart_starts_one()
    {
        (TrafficFixture traffic, RolloutService rollouts) = New(Trigger);
        Point(traffic, "challenger", 2);
        await LookAsync(rollouts);
        Assert.Empty(rollouts.All);

        Point(traffic, "challenger", 3);
        await LookAsync(rollouts);
        RolloutState started = Assert.Single(rollouts.All);
        Assert.Equal((3L, "alias:challenger", "canary"), (started.To, started.StartedBy, started.Plan.Name));
        await LookAsync(rollouts);
        await rollouts.CommandAsync("scoring", RolloutCommand.Abort, null, TestContext.Current.CancellationToken);
        await LookAsync(rollouts);
        Assert.Single(rollouts.All);

        // Another process over the same records: the alias has not moved since.
        (TrafficFixture later, RolloutService restarted) = New(Trigger);
        Point(later, "challenger", 3);
        await restarted.RestoreAsync(TestContext.Current.CancellationToken);
        await LookAsync(restarted);
        Assert.Single(restarted.All);

        // While it was down, or now, makes no difference.
        later.Time.Advance(TimeSpan.FromMinutes(1));
        Point(later, "challenger", 2);
        await LookAsync(restarted);
        Assert.Equal([2L, 3], restarted.All.Select(one => one.To));
    }

    [Fact]
    public async Task Of_two_replicas_one_starts_it()
    {
        (TrafficFixture first, RolloutService one) = New(Trigger);
        (TrafficFixture second, RolloutService two) = New(Trigger);
        await LookAsync(one);
        await LookAsync(two);
        Point(first, "challenger", 2);
        Point(second, "challenger", 2);
        await Task.WhenAll(LookAsync(one), LookAsync(two));
        await one.SyncAsync(TestContext.Current.CancellationToken);
        await two.SyncAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Assert.Single(one.All).Id, Assert.Single(two.All).Id);
    }

    [Fact]
    public async Task It_waits_for_the_version_the_window_the_pause_and_the_rollout_before()
    {
        RolloutTrigger trigger = Trigger with
        {
            Every = TimeSpan.FromHours(12),
            Policy = new RolloutPolicy { Windows = [new RolloutWindow { From = new(9, 0), Until = new(17, 0) }] },
        };
        (TrafficFixture traffic, RolloutService rollouts) = New(trigger);
        To(traffic, 8);
        await LookAsync(rollouts);
        Point(traffic, "challenger", 77);
        await LookAsync(rollouts);
        To(traffic, 10);
        await LookAsync(rollouts);
        Assert.Empty(rollouts.All);
        Point(traffic, "challenger", 2);
        To(traffic, 18);
        await LookAsync(rollouts);
        Assert.Empty(rollouts.All);
        To(traffic, 9);
        await LookAsync(rollouts);
        Assert.Equal(2, Assert.Single(rollouts.All).To);

        // The next move: first the rollout is over, then the pause, then the window is open again.
        Point(traffic, "challenger", 3);
        await LookAsync(rollouts);
        await rollouts.CommandAsync("scoring", RolloutCommand.Abort, null, TestContext.Current.CancellationToken);
        To(traffic, 16);
        await LookAsync(rollouts);
        Assert.Single(rollouts.All);
        To(traffic, 9);
        await LookAsync(rollouts);
        Assert.Equal(2, rollouts.All.Count);
    }

    [Fact]
    public async Task A_version_that_answers_already_needs_no_rollout_also_not_when_it_is_taken_back_later()
    {
        (TrafficFixture traffic, RolloutService rollouts) = New(Trigger);
        await LookAsync(rollouts);
        Point(traffic, "challenger", 1);
        await LookAsync(rollouts);
        Point(traffic, "champion", 2);
        await LookAsync(rollouts);
        Assert.Empty(rollouts.All);
    }

    [Fact]
    public void Senseless_triggers_are_refused_by_key()
    {
        Assert.Empty(Trigger.FindFaults([Endpoint], []));
        Assert.Empty((Trigger with { Endpoint = "some-model" }).FindFaults([Endpoint], []));
        Assert.Equal(["alias"], Keys(Trigger with { Alias = "champion" }));
        Assert.Equal(["alias"], Keys(Trigger with { Alias = "a b" }));
        Assert.Equal(["policy.metrics"], Keys(Trigger with { Policy = new RolloutPolicy { Metrics = ["nothing"] } }));
        Assert.Equal(["policy.errorMargin"], Keys(Trigger with { Policy = new RolloutPolicy { ErrorMargin = 2 } }));
        Assert.Equal(["steps[0].quality"], Keys(Trigger with { Plan = new RolloutPlan("custom", [new RolloutStep { Weight = 5, Quality = true }]) }));
        Assert.Equal([""], Trigger.FindFaults([TrafficFixture.Endpoint()], []).Select(fault => fault.Key));

        static IEnumerable<string> Keys(RolloutTrigger trigger) => trigger.FindFaults([Endpoint], []).Select(fault => fault.Key);
    }

    private (TrafficFixture Traffic, RolloutService Rollouts) New(RolloutTrigger trigger)
    {
        TrafficFixture traffic = new();
        traffic.Service.Put(Endpoint);
        RolloutService rollouts = new(traffic.Service, [Endpoint], _records, registry: null, audit: null, traffic.Time, NullLogger<RolloutService>.Instance, triggers: [trigger]);
        _fixtures.Add(traffic);
        _services.Add(rollouts);
        return (traffic, rollouts);
    }

    private static Task LookAsync(RolloutService rollouts) => rollouts.LookAtAliasesAsync(TestContext.Current.CancellationToken);

    private static void Point(TrafficFixture traffic, string alias, long version) =>
        traffic.Inference.Labels["fraud"] = new Dictionary<string, long>(traffic.Inference.Labels["fraud"]) { [alias] = version };

    /// <summary>On to the next time that it is so many hours in UTC.</summary>
    private static void To(TrafficFixture traffic, int hour)
    {
        DateTimeOffset now = traffic.Time.GetUtcNow();
        DateTimeOffset then = new(now.Date.AddHours(hour), TimeSpan.Zero);
        traffic.Time.Advance((then > now ? then : then.AddDays(1)) - now);
    }
}
