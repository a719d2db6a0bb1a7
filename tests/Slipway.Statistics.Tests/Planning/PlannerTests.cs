using Slipway.Statistics.Planning;

namespace Slipway.Statistics.Tests.Planning;

/// <summary>Sample sizes beside published tables and programs, and beside simulation.</summary>
public sealed class PlannerTests
{
    private static readonly PlanRequest Rate = new() { Metric = PlannedMetric.Proportion, Baseline = 0.1, Effect = 0.02 };
    private static readonly PlanRequest Mean = new() { Metric = PlannedMetric.Mean, Deviation = 1, Effect = 0.5 };

    [Theory]

    // Fleiss, Levin and Paik 2003, without continuity correction; R's power.prop.test gives 3840.85, 76.65, 1093.74 and 905.4 before rounding up.
    [InlineData(0.1, 0.02, 0.2, 3841)]
    [InlineData(0.5, 0.25, 0.1, 77)]
    [InlineData(0.2, 0.05, 0.2, 1094)]
    [InlineData(0.2, -0.05, 0.2, 906)]
    public void Two_rates_need_what_the_textbook_says(double baseline, double effect, double beta, long expected) =>
        Assert.Equal([expected, expected], Planner.Plan(Rate with { Baseline = baseline, Effect = effect, Beta = beta }).Units);

    [Theory]

    // Cohen 1988, table 2.4.1: two-sided 5 percent, power 80 percent; d = 0.2 is 393.4 there, and no unit can be cut.
    [InlineData(0.2, 394)]
    [InlineData(0.5, 64)]
    [InlineData(0.8, 26)]
    public void Two_means_need_what_Cohens_table_says(double effect, long expected) =>
        Assert.Equal([expected, expected], Planner.Plan(Mean with { Effect = effect }).Units);

    [Theory]

    // Jennison and Turnbull 2000, tables 2.2 and 2.4: inflation factors of Pocock's and of O'Brien and Fleming's tests, two-sided 5 percent.
    [InlineData(BoundaryShape.Pocock, 2, 0.2, 1.110)]
    [InlineData(BoundaryShape.Pocock, 5, 0.2, 1.229)]
    [InlineData(BoundaryShape.Pocock, 10, 0.2, 1.301)]
    [InlineData(BoundaryShape.Pocock, 5, 0.1, 1.207)]
    [InlineData(BoundaryShape.OBrienFleming, 2, 0.2, 1.008)]
    [InlineData(BoundaryShape.OBrienFleming, 5, 0.2, 1.028)]
    [InlineData(BoundaryShape.OBrienFleming, 10, 0.2, 1.040)]
    [InlineData(BoundaryShape.OBrienFleming, 5, 0.1, 1.026)]
    public void Group_sequential_designs_cost_what_Jennison_and_Turnbulls_tables_say(BoundaryShape shape, int looks, double beta, double expected) =>
        Assert.Equal(expected, Planner.Plan(Mean with { Design = PlannedDesign.GroupSequential, Shape = shape, Looks = looks, Beta = beta }).Inflation, 1.5e-3);

    [Fact]
    public void A_single_planned_look_is_a_fixed_sample()
    {
        PlanResult one = Planner.Plan(Mean with { Design = PlannedDesign.GroupSequential, Looks = 1 });
        Assert.Equal(1, one.Inflation, 1e-4);
        Assert.Equal(1.95996, Assert.Single(one.Boundaries), 1e-4);
    }

    [Fact]
    public void The_median_of_a_normal_law_needs_half_pi_times_the_units_of_the_mean()
    {
        PlanRequest mean = Mean with { Effect = 0.01 };
        PlanResult median = Planner.Plan(mean with { Metric = PlannedMetric.Quantile, Quantile = 0.5 });
        Assert.Equal(Math.PI / 2, (double)median.Total / Planner.Plan(mean).Total, 1e-4);
    }

    [Fact]
    public void A_value_known_before_saves_the_square_of_its_correlation() =>
        Assert.Equal(0.36, (double)Planner.Plan(Mean with { Effect = 0.01, Correlation = 0.8 }).Total / Planner.Plan(Mean with { Effect = 0.01 }).Total, 1e-4);

    [Fact]
    public void Equal_shares_are_the_cheapest_and_nine_to_one_costs_a_known_multiple()
    {
        PlanRequest mean = Mean with { Effect = 0.01 };

        // 1/0.9 + 1/0.1 against 1/0.5 + 1/0.5.
        Assert.Equal(11.111 / 4, (double)Planner.Plan(mean with { Shares = [90, 10] }).Total / Planner.Plan(mean).Total, 1e-3);
    }

    [Fact]
    public void Comparisons_divide_the_error_and_arms_need_their_own_units()
    {
        PlanResult many = Planner.Plan(Mean with { Shares = [1, 1, 1], Metrics = 2 });
        Assert.Equal(0.05 / 4, many.AlphaPerComparison, 1e-12);
        Assert.Equal(3, many.Units.Count);
        Assert.Equal(Planner.Plan(Mean with { Alpha = 0.0125 }).Units[0], many.Units[0]);
    }

    [Fact]
    public void Non_inferiority_is_one_sided()
    {
        // Julious 2004, one-sided 2.5 percent and 90 percent power equals the two-sided size for the same distance.
        PlanRequest margin = Mean with { IsNonInferiority = true, Alpha = 0.025, Beta = 0.1, Effect = -0.1 };
        Assert.Equal(Planner.Plan(Mean with { Beta = 0.1, Effect = 0.1 }).Total, Planner.Plan(margin).Total);
    }

    [Theory]
    [InlineData(PlannedDesign.Fixed)]
    [InlineData(PlannedDesign.GroupSequential)]
    [InlineData(PlannedDesign.AlwaysValid)]
    public void The_detectable_effect_is_the_way_back(PlannedDesign design)
    {
        foreach (PlanRequest request in new[] { Rate, Mean, Rate with { Effect = -0.02 }, Mean with { Metric = PlannedMetric.Quantile } })
        {
            PlanResult plan = Planner.Plan(request with { Design = design });
            double? back = Planner.DetectableEffect(request with { Design = design }, plan.Total);
            Assert.NotNull(back);
            Assert.Equal(1, back.Value / request.Effect, 0.02);
        }

        Assert.Null(Planner.DetectableEffect(Rate with { Design = design }, 4));
    }

    [Fact]
    public void Designs_with_more_freedom_need_more_at_most_and_stop_earlier_on_average()
    {
        PlanResult[] plans = [.. Enum.GetValues<PlannedDesign>().Select(design => Planner.Plan(Mean with { Design = design, Effect = 0.1 }))];
        Assert.True(plans[0].Total < plans[1].Total && plans[1].Total < plans[2].Total);
        Assert.True(plans[1].ExpectedUnits < plans[0].Total);

        // The largest total of the always-valid design, and what it uses on average.
        Assert.InRange(plans[2].Inflation, 1.5, 1.9);
        Assert.InRange(plans[2].ExpectedUnits / plans[2].Total, 0.5, 0.75);
    }

    [Fact]
    public void An_always_valid_plan_has_the_power_that_it_promises()
    {
        PlanRequest request = Mean with { Design = PlannedDesign.AlwaysValid, Effect = 0.25 };
        PlanResult plan = Planner.Plan(request);
        (int found, double used) = (0, 0);
        const int runs = 1000;
        for (int run = 0; run < runs; run++)
        {
            GaussianSource random = new(run);
            (Moments control, Moments treatment) = (default, default);
            bool stopped = false;
            while (!stopped && control.Count < plan.Units[0])
            {
                control = control.Add(random.Next());
                treatment = treatment.Add(random.Next() + 0.25);
                stopped = control.Count >= 10 && !MeanSequence.AsymptoticDifference(control, treatment, 0.05, plan.Units[0]).Contains(0);
            }

            found += stopped ? 1 : 0;
            used += 2 * control.Count;
        }

        // Three standard errors of 1,000 runs are 3.8 percent.
        Assert.InRange(found / (double)runs, 0.76, 0.84);
        Assert.InRange(used / runs / plan.ExpectedUnits, 0.95, 1.05);
    }

    [Theory]
    [InlineData(1, 5.0)]
    [InlineData(5, 14.2)]
    [InlineData(50, 32.1)]
    public void Peeking_at_a_fixed_sample_costs_what_Armitage_McPherson_and_Rowe_say(int looks, double percent) =>
        Assert.Equal(percent, Planner.PeekingError(looks, 0.05) * 100, 0.06);

    [Fact]
    public void Every_fault_is_named()
    {
        PlanRequest wrong = new() { Effect = 0, Baseline = 2, Alpha = 0.6, Beta = 1, Shares = [1], Metrics = 0, Correlation = 1, Design = PlannedDesign.GroupSequential, Looks = 0 };
        Assert.Equal(
            ["alpha", "baseline", "beta", "correlation", "effect", "looks", "metrics", "shares"],
            PlanCheck.Find(wrong).Select(static fault => fault.Name).Order(StringComparer.Ordinal));
        Assert.Equal("effect", Assert.Single(PlanCheck.Find(Rate with { Effect = 0.95 })).Name);
        Assert.Equal("deviation", Assert.Single(PlanCheck.Find(Mean with { Deviation = null })).Name);
        Assert.Equal("density", Assert.Single(PlanCheck.Find(Mean with { Metric = PlannedMetric.Quantile, Deviation = null })).Name);
        Assert.Empty(PlanCheck.Find(Rate));
        Assert.Throws<ArgumentException>(() => Planner.Plan(wrong));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e300)]
    public void What_is_no_number_is_refused_and_what_is_huge_is_answered(double value)
    {
        if (double.IsFinite(value))
        {
            Assert.True(Planner.Plan(Mean with { Effect = value }).Total > 0);
            return;
        }

        Assert.NotEmpty(PlanCheck.Find(Rate with { Effect = value }));
        Assert.NotEmpty(PlanCheck.Find(Rate with { Baseline = value }));
        Assert.NotEmpty(PlanCheck.Find(Mean with { Deviation = value }));
        Assert.NotEmpty(PlanCheck.Find(Rate with { Shares = [1, value] }));
    }
}
