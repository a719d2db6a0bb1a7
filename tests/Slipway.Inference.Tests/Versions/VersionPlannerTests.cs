using Slipway.Core;
using Slipway.Inference.Versions;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Versions;

public sealed class VersionPlannerTests
{
    private static VersionAction Nothing => default;

    [Fact]
    public void Largest_wanted_version_is_loaded_first()
    {
        ModelWish wish = Wish(new VersionPolicy.All(), 1, 2, 3);

        Assert.Equal(new VersionAction(VersionStep.Load, 3), VersionPlanner.Next(wish, [Absent(1), Absent(2), Absent(3)]));
        Assert.Equal(new VersionAction(VersionStep.Load, 2), VersionPlanner.Next(wish, [Absent(1), Absent(2), Current(3)]));
    }

    [Fact]
    public void Old_version_leaves_only_when_the_new_one_is_ready()
    {
        ModelWish wish = Wish(VersionPolicy.LatestOne, 1, 2);

        Assert.Equal(new VersionAction(VersionStep.Load, 2), VersionPlanner.Next(wish, [Current(1), Absent(2)]));
        Assert.Equal(new VersionAction(VersionStep.Unload, 1), VersionPlanner.Next(wish, [Current(1), Current(2)]));
        Assert.Equal(Nothing, VersionPlanner.Next(wish, [Absent(1), Current(2)]));
    }

    [Fact]
    public void Refused_version_keeps_the_largest_old_one_in_service()
    {
        ModelWish wish = Wish(VersionPolicy.LatestOne, 1, 2, 3);

        Assert.Equal(new VersionAction(VersionStep.Unload, 1), VersionPlanner.Next(wish, [Current(1), Current(2), Refused(3)]));
        Assert.Equal(Nothing, VersionPlanner.Next(wish, [Absent(1), Current(2), Refused(3)]));
    }

    [Fact]
    public void Outdated_version_is_loaded_again_in_place()
    {
        ModelWish wish = Wish(VersionPolicy.LatestOne, 1);

        Assert.Equal(new VersionAction(VersionStep.Load, 1), VersionPlanner.Next(wish, [Outdated(1)]));
    }

    [Fact]
    public void Unwanted_model_leaves_altogether()
    {
        ModelWish dropped = Wish(VersionPolicy.LatestOne, 1) with { Source = null };
        ModelWish unloaded = Wish(VersionPolicy.LatestOne, 1) with { Control = ControlMode.Unloaded };

        Assert.Equal(new VersionAction(VersionStep.Unload, 1), VersionPlanner.Next(dropped, [Current(1)]));
        Assert.Equal(new VersionAction(VersionStep.Unload, 1), VersionPlanner.Next(unloaded, [Current(1)]));
    }

    [Fact]
    public void Problem_with_the_configuration_leaves_everything_as_it_is()
    {
        ModelWish wish = Wish(VersionPolicy.LatestOne, 1, 2);
        wish = wish with { Source = wish.Source! with { Problem = "a wrong key" } };

        Assert.Equal(Nothing, VersionPlanner.Next(wish, [Current(1), Absent(2)]));
    }

    [Fact]
    public void On_demand_loads_what_is_demanded_and_no_more()
    {
        ModelWish wish = OnDemand(new VersionPolicy.All(), 1, 2);

        Assert.Equal(Nothing, VersionPlanner.Next(wish, [Absent(1), Absent(2)]));
        Assert.Equal(new VersionAction(VersionStep.Load, 1), VersionPlanner.Next(wish with { Demanded = [1] }, [Absent(1), Absent(2)]));
        Assert.Equal(Nothing, VersionPlanner.Next(wish, [Current(1), Absent(2)]));
    }

    [Fact]
    public void On_demand_replaces_a_resident_version_by_its_successor()
    {
        ModelWish wish = OnDemand(VersionPolicy.LatestOne, 1, 2);

        Assert.Equal(new VersionAction(VersionStep.Load, 2), VersionPlanner.Next(wish, [Current(1), Absent(2)]));
    }

    [Fact]
    public void Whatever_is_wished_planning_comes_to_an_end_and_never_leaves_a_served_model_without_a_version()
    {
        Random random = new(20261121);
        for (int round = 0; round < 2000; round++)
        {
            long[] known = [.. Enumerable.Range(1, 5).Where(_ => random.Next(3) > 0).Select(static version => (long)version)];
            VersionPolicy policy = random.Next(3) switch
            {
                0 => VersionPolicy.LatestOne,
                1 => new VersionPolicy.Latest(2),
                _ => new VersionPolicy.Specific([2, 4]),
            };
            ModelWish wish = Wish(policy, known);
            Dictionary<long, VersionView> versions = Enumerable.Range(1, 5).ToDictionary(
                static version => (long)version, version => random.Next(2) == 0 ? Absent(version) : Current(version));
            bool wasServed = versions.Values.Any(static version => version.IsReady);
            int steps = 0;
            for (VersionAction action; (action = VersionPlanner.Next(wish, versions.Values)) != Nothing; steps++)
            {
                Assert.True(steps < 20);
                bool fails = random.Next(3) == 0;
                versions[action.Version] = action.Step == VersionStep.Unload ? Absent(action.Version) : fails ? Refused(action.Version) : Current(action.Version);
                Assert.True(!wasServed || wish.Chosen.Count == 0 || versions.Values.Any(static version => version.IsReady), $"seed round {round}");
            }
        }
    }

    private static VersionView Absent(long version) => new(version, IsReady: false, IsCurrent: false, IsRefused: false);

    private static VersionView Current(long version) => new(version, IsReady: true, IsCurrent: true, IsRefused: false);

    private static VersionView Outdated(long version) => new(version, IsReady: true, IsCurrent: false, IsRefused: false);

    private static VersionView Refused(long version) => new(version, IsReady: false, IsCurrent: false, IsRefused: true);

    private static ModelWish OnDemand(VersionPolicy policy, params long[] versions)
    {
        ModelWish wish = Wish(policy, versions);
        return wish with { Source = wish.Source! with { Config = wish.Config with { Load = LoadPolicy.OnDemand } } };
    }

    private static ModelWish Wish(VersionPolicy policy, params long[] versions) => new()
    {
        Source = new DesiredModel("m", new ModelConfig { VersionPolicy = policy }, versions.ToDictionary(
            static version => version, static ModelArtifact (version) => new FakeArtifact($"v{version}"))),
    };
}
