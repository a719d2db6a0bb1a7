using Slipway.Traffic.Bench;
using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Tests.Rollouts;

/// <summary>Error rates of whole rollouts in virtual time, looked at every five seconds; bench/Slipway.Traffic.Bench has the full counts. Seeds are 0, 1, 2, …</summary>
public sealed class RolloutSimulationTests
{
    private const int Runs = 80;

    [Theory]
    [InlineData(0.001, false)]
    [InlineData(0.01, false)]
    [InlineData(0.01, true)]
    public void Harmless_versions_are_hardly_ever_rolled_back_also_when_both_have_outages(double errors, bool outages)
    {
        Outcome[] outcomes = Run(new World(errors, errors, Outages: outages));

        // Four expected at most; ten is three standard deviations more.
        Assert.InRange(outcomes.Count(outcome => outcome.Phase == RolloutPhase.RolledBack), 0, 10);
        Assert.True(outcomes.Count(outcome => outcome.Phase == RolloutPhase.Promoted) > Runs / 2, string.Join("; ", outcomes.Select(outcome => outcome.Reason).Distinct()));
    }

    [Fact]
    public void Versions_that_are_worse_by_the_margin_are_hardly_ever_promoted() =>
        Assert.InRange(Run(new World(0.001, 0.011)).Count(outcome => outcome.Phase == RolloutPhase.Promoted), 0, 10);

    [Fact]
    public void Bad_versions_are_stopped_with_less_than_half_of_the_bad_requests_of_thresholds_and_of_a_judge()
    {
        World world = new(0.005, 0.2);
        Outcome[] outcomes = Run(world);
        Assert.All(outcomes, outcome => Assert.Equal(RolloutPhase.RolledBack, outcome.Phase));
        double mine = outcomes.Average(outcome => outcome.Bad);
        Assert.True(mine * 2 < Enumerable.Range(0, Runs).Average(seed => OtherRules.Fixed(world, 0.01, 0.05, seed).Bad));
        Assert.True(mine * 2 < Enumerable.Range(0, Runs).Average(seed => OtherRules.Judge(world, seed).Bad));
    }

    private static Outcome[] Run(World world) => [.. Enumerable.Range(0, Runs).Select(seed => Trial.Run(world, new RolloutPolicy(), seed))];
}
