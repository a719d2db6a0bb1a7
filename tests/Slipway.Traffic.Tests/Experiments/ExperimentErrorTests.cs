using Slipway.Traffic.Endpoints;
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

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.005)]
    public void Rare_events_and_a_small_arm_make_no_false_findings(double rate)
    {
        int wrong = 0;
        for (int run = 0; run < 60; run++)
        {
            wrong += Run(MetricKind.Rate, 1, lift: 0, run, units: 4000, share: 0.1, rate).Conclusions.Count > 0 ? 1 : 0;
        }

        // 3 of 60 are expected at most; three standard deviations more are 8.
        Assert.InRange(wrong, 0, 8);
    }

    [Fact]
    public void Segments_without_a_difference_are_pointed_out_no_more_often_than_alpha()
    {
        int wrong = 0;
        for (int run = 0; run < 30; run++)
        {
            Random random = new(run);
            ExperimentDefinition definition = Define(MetricKind.Rate) with { Segments = [new KeySource(KeySourceKind.Header, "X")] };
            UnitTable table = new(1, 1, 8000);
            ExperimentState state = ExperimentMachine.Start(new ExperimentState { Definition = definition }, ["control", "arm1"], [1, 1], "", null, Start);
            bool found = false;
            for (int i = 1; i <= 8000; i++)
            {
                int unit = table.Add((ulong)i, random.Next(2), Start, double.NaN, [$"s{random.Next(10)}"]);
                table.Values[0][unit] = random.NextDouble() < 0.3 ? 1 : 0;
                found |= i % 1000 == 0 && ExperimentMachine.Look(state, new ExperimentSample(table), isFull: false, Start).Findings!.Segments.Any(static one => one.Deviates);
            }

            wrong += found ? 1 : 0;
        }

        // Where nothing differs every one found is false: 1.5 of 30 runs are expected at most, three standard deviations more are 5.
        Assert.InRange(wrong, 0, 5);
    }

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

    private static ExperimentDefinition Define(MetricKind kind) => new()
    {
        Name = "trial",
        Endpoint = "scoring",
        Metrics = [new MetricDefinition { Name = "value", Kind = kind, Quantile = 0.5 }],
        Primary = "value",
        MinimalEffect = 1e-6,
    };

    private static ExperimentState Run(MetricKind kind, int treatments, double lift, int seed, int units, double? share = null, double rate = 0.3)
    {
        ExperimentDefinition definition = Define(kind);
        Random random = new(seed);
        UnitTable table = new(1, 0, units);
        string[] arms = ["control", .. Enumerable.Range(1, treatments).Select(static arm => $"arm{arm}")];
        ExperimentState state = ExperimentMachine.Start(new ExperimentState { Definition = definition }, arms, share is { } small ? [1 - small, small] : [.. arms.Select(static _ => 1.0)], "", null, Start);
        for (int i = 0; i < units && state.Phase == ExperimentPhase.Running; i++)
        {
            int arm = share is { } part ? (random.NextDouble() < part ? 1 : 0) : random.Next(arms.Length);
            int unit = table.Add((ulong)i, arm, Start, double.NaN, []);
            double value = kind == MetricKind.Rate ? (random.NextDouble() < rate ? 1 : 0) : -Math.Log(1 - random.NextDouble());
            table.Values[0][unit] = value + (arm > 0 ? lift : 0);
            if (i % 25 == 0)
            {
                state = ExperimentMachine.Look(state, new ExperimentSample(table), isFull: false, Start.AddSeconds(i));
            }
        }

        return state;
    }
}
