using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Traffic.Divisions;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Tests.Rollouts;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Divisions;

/// <summary>Weights that are changed in the configuration, between two starts of three replicas.</summary>
public sealed class DivisionServiceTests : IAsyncLifetime
{
    private readonly FailingRecords _records = new(new MemorySharedRecords());
    private readonly List<TrafficFixture> _replicas = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (TrafficFixture replica in _replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public Task Only_those_move_who_must_when_weights_change_between_two_starts() => CountMovesAsync(50_000);

    [Fact]
    [Trait("Category", "Slow")]
    public Task Of_a_million_entities_only_those_move_who_must_when_weights_change_between_two_starts() => CountMovesAsync(1_000_000);

    [Fact]
    public async Task Replicas_with_one_configuration_agree_though_others_have_another_meanwhile()
    {
        TrafficFixture old = await StartAsync(60, 30, 10);
        TrafficFixture changed = await StartAsync(20, 20, 60);
        TrafficFixture oldAgain = await StartAsync(60, 30, 10);
        TrafficFixture changedAgain = await StartAsync(20, 20, 60);
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(ArmOf(old, i), ArmOf(oldAgain, i));
            Assert.Equal(ArmOf(changed, i), ArmOf(changedAgain, i));
        }
    }

    [Fact]
    public async Task An_arm_that_is_taken_away_and_comes_back_moves_nobody_else()
    {
        string[] before = Arms(await StartAsync(60, 30, 10));
        string[] without = Arms(await StartAsync(60, 40, 0));
        for (int i = 0; i < before.Length; i++)
        {
            Assert.Equal(before[i] == "c" ? "b" : before[i], without[i]);
        }

        Assert.Equal(before, Arms(await StartAsync(60, 30, 10)));
    }

    [Fact]
    public async Task Without_the_store_an_endpoint_serves_divided_afresh()
    {
        string[] fresh = Arms(await StartAsync(50, 30, 20));
        _records.IsAway = true;
        Assert.Equal(fresh, Arms(await StartAsync(50, 30, 20)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"divisions":[null,{}]}""")]
    [InlineData("""{"divisions":[{"weights":{"a":50,"b":30,"c":20},"runs":[{"arm":"a","length":-1}]}]}""")]
    [InlineData("""{"divisions":[{"weights":{"a":1},"runs":[]}]}""")]
    public async Task A_record_that_is_none_is_replaced(string record)
    {
        await _records.WriteAsync([new SharedWrite("division", "scoring", record)], TestContext.Current.CancellationToken);
        TrafficFixture first = await StartAsync(50, 30, 20);
        Assert.Equal(Arms(first), Arms(await StartAsync(50, 30, 20)));
    }

    private async Task CountMovesAsync(int entities)
    {
        TrafficFixture[] earlier = [await StartAsync(60, 30, 10), await StartAsync(60, 30, 10), await StartAsync(60, 30, 10)];
        TrafficFixture[] later = [await StartAsync(50, 30, 20), await StartAsync(50, 30, 20), await StartAsync(50, 30, 20)];
        int moved = 0;
        for (int i = 0; i < entities; i++)
        {
            string before = OnlyArm(earlier, i);
            string after = OnlyArm(later, i);
            if (before != after)
            {
                Assert.Equal(("a", "c"), (before, after));
                moved++;
            }
        }

        // Ten of a hundred had to move, but for chance: five standard deviations.
        double spread = 5 * Math.Sqrt(entities * 0.1 * 0.9);
        Assert.InRange(moved, (entities * 0.1) - spread, (entities * 0.1) + spread);

        static string OnlyArm(TrafficFixture[] replicas, int entity)
        {
            string arm = ArmOf(replicas[0], entity);
            if (ArmOf(replicas[1], entity) != arm || ArmOf(replicas[2], entity) != arm)
            {
                Assert.Fail($"entity {entity} has another arm on another replica");
            }

            return arm;
        }
    }

    private static string[] Arms(TrafficFixture replica) => [.. Enumerable.Range(0, 5000).Select(entity => ArmOf(replica, entity))];

    private static string ArmOf(TrafficFixture replica, int entity)
    {
        using InferenceRequest request = TrafficFixture.Request(entity: $"customer-{entity}");
        return replica.Service.Assign(request)!.Value.Arm;
    }

    private async Task<TrafficFixture> StartAsync(double a, double b, double c)
    {
        TrafficFixture replica = new();
        _replicas.Add(replica);
        replica.Service.Put(new EndpointDefinition { Name = "scoring", Arms = [Arm("a", a), Arm("b", b), Arm("c", c)] });
        await new DivisionService(replica.Service, _records, replica.Time, NullLogger<DivisionService>.Instance).RestoreAsync(TestContext.Current.CancellationToken);
        return replica;

        static ArmDefinition Arm(string name, double weight) => new() { Name = name, Model = "fraud", Weight = weight };
    }
}
