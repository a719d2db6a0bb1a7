using Slipway.Traffic.Experiments;

namespace Slipway.Traffic.Tests.Experiments;

/// <summary>How often experiments are wrong when they may stop at every look: whole experiments, seeds given, without requests.</summary>
public sealed class ExperimentErrorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(MetricKind.Rate, 1)]
    [InlineData(MetricKind.Mean, 3)]
    [InlineData(MetricKind.Quantile, 1)]
    public void Arms_without_a_difference_are_called_different_no_more_often_than_alpha(MetricKind kind, int treatments) => CheckFalseFindings(kind, treatments, runs: 40, most: 6);

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(MetricKind.Rate, 1)]
    [InlineData(MetricKind.Mean, 3)]
    [InlineData(MetricKind.Quantile, 1)]
    public void Arms_without_a_difference_are_called_different_no_more_often_than_alpha_in_full(MetricKind kind, int treatments) => CheckFalseFindings(kind, treatments, runs: 400, most: 33);

    // At most 5 % of the runs are expected; three standard deviations more are allowed.
    private static void CheckFalseFindings(MetricKind kind, int treatments, int runs, int most)
    {
        int wrong = 0;
        for (int run = 0; run < runs; run++)
        {
            wrong += Run(kind, treatments, lift: 0, run, units: 3000).Conclusions.Values.Any(static one => one is Verdict.Better or Verdict.Worse) ? 1 : 0;
        }

        Assert.InRange(wrong, 0, most);
    }

    [Fact]
    public void An_effect_is_found_in_nearly_every_run_and_called_by_its_right_name()
    {
        for (int run = 0; run < 20; run++)
        {
            Assert.Equal(Verdict.Better, Run(MetricKind.Mean, 1, lift: 0.3, run, units: 3000).Conclusions.GetValueOrDefault("arm1"));
        }
    }

    private static ExperimentState Run(MetricKind kind, int treatments, double lift, int seed, int units)
    {
        ExperimentDefinition definition = new()
        {
            Name = "trial",
            Endpoint = "scoring",
            Metrics = [new MetricDefinition { Name = "value", Kind = kind, Quantile = 0.5 }],
            Primary = "value",
            MinimalEffect = 1e-6,
        };
        Random random = new(seed);
        UnitTable table = new(1, 0, units);
        string[] arms = ["control", .. Enumerable.Range(1, treatments).Select(static arm => $"arm{arm}")];
        ExperimentState state = ExperimentMachine.Start(new ExperimentState { Definition = definition }, arms, [.. arms.Select(static _ => 1.0)], "", null, Start);
        for (int i = 0; i < units && state.Phase == ExperimentPhase.Running; i++)
        {
            int arm = random.Next(arms.Length);
            int unit = table.Add((ulong)i, arm, Start, double.NaN, []);
            double value = kind == MetricKind.Rate ? (random.NextDouble() < 0.3 ? 1 : 0) : -Math.Log(1 - random.NextDouble());
            table.Values[0][unit] = value + (arm > 0 ? lift : 0);
            if (i % 25 == 0)
            {
                state = ExperimentMachine.Look(state, new ExperimentSample(table), isFull: false, Start.AddSeconds(i));
            }
        }

        return state;
    }
}
