using Slipway.Core;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Tests.Routing;

public sealed class StickyTests
{
    private static readonly SeededRandom Chance = new(1);

    [Fact]
    public void Nobody_moves_who_need_not_over_three_replicas_a_restart_and_changes_of_weights() => CountMoves(50_000);

    [Fact]
    [Trait("Category", "Slow")]
    public void Of_a_million_entities_nobody_moves_who_need_not_over_three_replicas_a_restart_and_changes_of_weights() => CountMoves(1_000_000);

    private static void CountMoves(int entities)
    {
        SlotTable first = SlotTable.Create(Weights(60, 30, 10));
        SlotTable second = first.With(Weights(50, 30, 20));
        SlotTable restarted = SlotTable.FromRuns(second.Runs)!;
        Endpoint[] earlier = Replicas(first);
        Endpoint[] later = [.. Replicas(second), Build(restarted, "scoring")];
        int moved = 0;
        for (int i = 0; i < entities; i++)
        {
            using InferenceRequest request = TrafficFixture.Request(entity: $"customer-{i}");
            string before = OnlyArm(earlier, request);
            string after = OnlyArm(later, request);
            if (before != after)
            {
                Assert.Equal(("a", "c"), (before, after));
                moved++;
            }
        }

        // Ten of a hundred had to move, but for chance: five standard deviations.
        double spread = 5 * Math.Sqrt(entities * 0.1 * 0.9);
        Assert.InRange(moved, (entities * 0.1) - spread, (entities * 0.1) + spread);

        static string OnlyArm(Endpoint[] replicas, InferenceRequest request)
        {
            string first = replicas[0].Choose(request, Chance, TimeProvider.System).Arm.Definition.Name;
            foreach (Endpoint replica in replicas.AsSpan(1))
            {
                if (replica.Choose(request, Chance, TimeProvider.System).Arm.Definition.Name != first)
                {
                    Assert.Fail($"'{request.EntityKey}' has another arm on another replica");
                }
            }

            return first;
        }

        static Dictionary<string, double> Weights(double a, double b, double c) => new() { ["a"] = a, ["b"] = b, ["c"] = c };
    }

    [Fact]
    public void Another_salt_divides_anew()
    {
        SlotTable table = SlotTable.Create(new Dictionary<string, double> { ["a"] = 50, ["b"] = 50 });
        Endpoint one = Build(table, "scoring");
        Endpoint other = Build(table, "another");
        int same = Enumerable.Range(0, 10_000).Count(i => ArmOf(one, i) == ArmOf(other, i));
        Assert.InRange(same, 4_750, 5_250);
    }

    [Fact]
    public void Endpoints_of_one_layer_never_divide_the_same_entity_and_a_holdout_stays_out()
    {
        SlotTable table = SlotTable.Create(new Dictionary<string, double> { ["a"] = 50, ["b"] = 50 });
        Endpoint first = Build(table, "first", endpoint => endpoint with { Layer = new LayerRange("checkout", 0, 40), Holdout = 10 });
        Endpoint second = Build(table, "second", endpoint => endpoint with { Layer = new LayerRange("checkout", 40, 100) });
        int held = 0;
        for (int i = 0; i < 20_000; i++)
        {
            Choice mine = Choose(first, i);
            Choice other = Choose(second, i);
            Assert.False(mine.Use == ArmUse.Divided && other.Use == ArmUse.Divided);
            Assert.Equal(mine.Reason == "layer" || mine.Reason == "holdout" ? "a" : mine.Arm.Definition.Name, mine.Arm.Definition.Name);
            held += mine.Reason == "holdout" ? 1 : 0;
        }

        Assert.InRange(held, 1_800, 2_200);
    }

    private static Endpoint[] Replicas(SlotTable table) => [Build(table, "scoring"), Build(table, "scoring"), Build(table, "scoring")];

    private static string ArmOf(Endpoint endpoint, int entity) => Choose(endpoint, entity).Arm.Definition.Name;

    private static Choice Choose(Endpoint endpoint, int entity) =>
        endpoint.Choose(TrafficFixture.Request(entity: $"customer-{entity}"), new SeededRandom(1), TimeProvider.System);

    private static Endpoint Build(SlotTable table, string name, Func<EndpointDefinition, EndpointDefinition>? change = null)
    {
        EndpointDefinition definition = new() { Name = name, Arms = [.. table.Arms.Select(arm => new ArmDefinition { Name = arm, Model = "fraud" })] };
        definition = change?.Invoke(definition) ?? definition;
        return new Endpoint(definition, table, [.. definition.Arms.Select(arm => new Arm(arm, new FakeTimeProvider()))], []);
    }
}
