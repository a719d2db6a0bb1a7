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
    public void Harm_that_is_to_be_ignored_rolls_back_hardly_ever() =>
        Assert.InRange(Run(new World(0.001, 0.001, 0.05, 0.069)).Count(outcome => outcome.Phase == RolloutPhase.RolledBack), 0, 10);

    [Fact]
    public void By_feedback_too_harmless_versions_pass_and_versions_worse_by_the_margin_do_not()
    {
        RolloutPolicy policy = new() { Quality = new QualityPolicy { Metric = "correct" } };
        Outcome[] harmless = Run(new World(0.001, 0.001, Labelled: 0.1, OldWrong: 0.1, NewWrong: 0.1), policy: policy);
        Assert.InRange(harmless.Count(outcome => outcome.Phase == RolloutPhase.RolledBack), 0, 10);
        Assert.True(harmless.Count(outcome => outcome.Phase == RolloutPhase.Promoted) > Runs / 2, string.Join("; ", harmless.Select(outcome => outcome.Reason).Distinct()));
        Assert.InRange(Run(new World(0.001, 0.001, Labelled: 0.1, OldWrong: 0.1, NewWrong: 0.15), policy: policy).Count(outcome => outcome.Phase == RolloutPhase.Promoted), 0, 10);
        Assert.All(Run(new World(0.001, 0.001, Labelled: 0.1, OldWrong: 0.1, NewWrong: 0.6), policy: policy), outcome => Assert.Contains("harm in quality", outcome.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.2)]
    public void Bad_versions_are_stopped_with_at_most_half_of_the_bad_requests_of_thresholds_and_of_a_judge(double errors)
    {
        World world = new(0.005, errors);
        Outcome[] outcomes = Run(world);
        Assert.All(outcomes, outcome => Assert.Equal(RolloutPhase.RolledBack, outcome.Phase));
        double mine = outcomes.Average(outcome => outcome.Bad);
        Assert.True(mine * 2 < Enumerable.Range(0, Runs).Average(seed => OtherRules.Fixed(world, 0.01, 0.05, seed).Bad));
        Assert.True(mine * 2 < Enumerable.Range(0, Runs).Average(seed => OtherRules.Judge(world, seed).Bad));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(0.01, 0.01, 0.02, 0.02)]
    [InlineData(0.05, 0.05, 0.1, 0.1)]
    [InlineData(0.01, 0.0109, 0.02, 0.02)]
    [InlineData(0.001, 0.001, 0.05, 0.069)]
    public void Of_a_thousand_harmless_versions_at_most_one_in_twenty_is_rolled_back(double oldErrors, double newErrors, double oldSlow, double newSlow)
    {
        Outcome[] outcomes = Run(new World(oldErrors, newErrors, oldSlow, newSlow), 1000);
        Assert.InRange(outcomes.Count(outcome => outcome.Phase == RolloutPhase.RolledBack), 0, 50);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(0.001, 0.011, 0.02, 0.02)]
    [InlineData(0.02, 0.03, 0.02, 0.02)]
    [InlineData(0.001, 0.001, 0.02, 0.07)]
    public void Of_a_thousand_versions_worse_by_the_margin_the_proof_alone_promotes_at_most_one_in_twenty(double oldErrors, double newErrors, double oldSlow, double newSlow)
    {
        RolloutPolicy proofAlone = new() { FalseRollback = 1e-300 };
        World world = new(oldErrors, newErrors, oldSlow, newSlow);
        int promoted = Enumerable.Range(0, 1000).AsParallel().Count(seed => Trial.Run(world, proofAlone, seed).Phase == RolloutPhase.Promoted);
        Assert.InRange(promoted, 0, 50);
    }

    private static Outcome[] Run(World world, int runs = Runs, RolloutPolicy? policy = null) =>
        [.. Enumerable.Range(0, runs).AsParallel().AsOrdered().Select(seed => Trial.Run(world, policy ?? new RolloutPolicy(), seed))];
}
