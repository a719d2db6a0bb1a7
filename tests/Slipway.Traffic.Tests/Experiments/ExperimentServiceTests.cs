using Slipway.Core;
using Slipway.TestKit;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Experiments;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Experiments;

/// <summary>Experiments over fake models in virtual time: assignment, measures, decisions, restarts.</summary>
public sealed class ExperimentServiceTests
{
    [Fact]
    public async Task A_better_arm_is_found_and_the_log_says_so()
    {
        await using ExperimentWorld world = new();
        await world.StartAsync();
        await world.RunAsync(6000, stable: 0.2, next: 0.35);
        Assert.Equal((ExperimentPhase.Concluded, Verdict.Better), (world.State.Phase, world.State.Conclusions["next"]));
        Assert.Equal(["started", "verdict", "ended"], world.State.Log.Select(static one => one.Kind));
        Comparison primary = Assert.Single(world.State.Findings!.Primary);
        Assert.True(primary.Low > 0 && primary.PValue < 0.05 && primary.ProbabilityBetter > 0.99);
    }

    [Fact]
    public async Task An_arm_that_is_worse_or_can_not_be_better_is_given_up()
    {
        await using ExperimentWorld worse = new();
        await worse.StartAsync();
        await worse.RunAsync(6000, stable: 0.35, next: 0.2);
        Assert.Equal(Verdict.Worse, worse.State.Conclusions["next"]);

        await using ExperimentWorld same = new(ExperimentWorld.Define() with { MinimalEffect = 0.1 });
        await same.StartAsync();
        await same.RunAsync(8000, stable: 0.2, next: 0.2);
        Assert.Equal((ExperimentPhase.Concluded, Verdict.NoEffect), (same.State.Phase, same.State.Conclusions["next"]));
    }

    [Fact]
    public async Task Each_entity_is_one_unit_however_often_it_asks_and_reports()
    {
        await using ExperimentWorld world = new();
        await world.StartAsync();
        for (int i = 0; i < 30; i++)
        {
            await world.AskAsync("one");
            world.Report("one", 1);
        }

        await world.LookAsync();
        Assert.Equal(1, world.State.Findings!.Units.Sum(static arm => arm.Units));
        Assert.Equal(1, world.State.Findings.Primary[0].Units + world.State.Findings.Primary[0].ControlUnits);
        Assert.False(world.Report("nobody", 1));
        Assert.False(world.Report("one", 1, "unknown"));
    }

    [Fact]
    public async Task What_is_known_survives_a_restart_in_the_middle_and_units_stay_units()
    {
        using TemporaryFolder files = new();
        await using ExperimentWorld world = new(store: new FileExperimentStore(files.PathOf("experiments")));
        await world.StartAsync();
        await world.RunAsync(300, stable: 0.2, next: 0.3);
        ExperimentState before = world.State;
        await world.RestartAsync();
        Assert.Equal(before.Findings!.Units, world.State.Findings!.Units);
        await world.AskAsync("e0");
        await world.LookAsync();
        Assert.Equal(300, world.State.Findings!.Units.Sum(static arm => arm.Units));
        await world.RunAsync(6000, stable: 0.2, next: 0.35, seed: 2);
        Assert.Equal(Verdict.Better, world.State.Conclusions["next"]);
        await world.RestartAsync();
        Assert.Equal(ExperimentPhase.Concluded, world.State.Phase);
    }

    [Fact]
    public async Task A_damaged_record_is_refused_by_name()
    {
        using TemporaryFolder files = new();
        FileExperimentStore store = new(files.PathOf("experiments"));
        await using (ExperimentWorld world = new(store: store))
        {
            await world.StartAsync();
        }

        byte[] record = (await store.ReadAsync("trial", TestContext.Current.CancellationToken))!;
        foreach (int at in (int[])[0, 10, record.Length / 2, record.Length - 1])
        {
            byte[] damaged = [.. record];
            damaged[at] ^= 1;
            await store.WriteAsync("trial", damaged, TestContext.Current.CancellationToken);
            await using ExperimentWorld world = new(store: store);
            Assert.Contains("'trial'", (await Assert.ThrowsAsync<IOException>(world.StartAsync)).Message, StringComparison.Ordinal);
        }

        await store.WriteAsync("trial", record[..20], TestContext.Current.CancellationToken);
        await using ExperimentWorld cut = new(store: store);
        await Assert.ThrowsAsync<IOException>(cut.StartAsync);
    }

    [Fact]
    public async Task Units_that_are_not_divided_as_planned_block_every_conclusion()
    {
        await using ExperimentWorld world = new(ExperimentWorld.Define() with { MaxDuration = TimeSpan.FromHours(2) });
        await world.StartAsync();
        Random random = new(1);
        for (int i = 0; i < 4000; i++)
        {
            // Half of those who get the new arm are lost before they ask: a client that crashes on it.
            string entity = $"e{i}";
            if (world.Traffic.Service.Assign(TrafficFixture.Request(entity: entity))!.Value.Arm == "next" && random.NextDouble() < 0.5)
            {
                continue;
            }

            string arm = await world.AskAsync(entity);
            world.Report(entity, random.NextDouble() < (arm == "next" ? 0.5 : 0.2) ? 1 : 0);
            if (i == 200 || i % 500 == 0)
            {
                await world.LookAsync();
            }
        }

        Assert.True(world.State.IsMismatched);
        Assert.Equal(ExperimentPhase.Running, world.State.Phase);
        Assert.Empty(world.State.Conclusions);
        Assert.Contains(world.State.Log, static one => one.Kind == "mismatch");
        world.Time.Advance(TimeSpan.FromHours(3));
        await world.LookAsync();
        Assert.Equal(ExperimentPhase.Invalid, world.State.Phase);
    }

    [Fact]
    public async Task A_guardrail_ends_an_arm_that_converts_better_but_fails_more()
    {
        await using ExperimentWorld world = new(ExperimentWorld.Define() with
        {
            Metrics = [ExperimentWorld.Conversion, MetricDefinition.Measured(MetricDefinition.Errors), MetricDefinition.Measured(MetricDefinition.Latency)],
            Guardrails = [new GuardrailDefinition(MetricDefinition.Errors, 0.02), new GuardrailDefinition(MetricDefinition.Latency, 0.5)],
            MinimalEffect = 0.001,
        });
        Random random = new(3);
        world.Inference.Before = (request, _) => request.Version == VersionSelector.Exact(2) && random.NextDouble() < 0.3 ? throw new SlipwayException(ErrorCode.ModelFailed, "bad") : default;
        await world.StartAsync();
        for (int i = 0; i < 3000 && world.State.Phase == ExperimentPhase.Running; i++)
        {
            try
            {
                await world.AskAsync($"e{i}");
            }
            catch (SlipwayException)
            {
                // It counts as an error of the arm that the entity was given.
            }

            if (i % 50 == 0)
            {
                await world.LookAsync();
            }
        }

        Assert.Equal(Verdict.Worse, world.State.Conclusions["next"]);
        Assert.Contains("errors is worse by more than 0.02", world.State.Log[1].Text, StringComparison.Ordinal);
        Assert.Equal(0, world.State.Findings!.Guardrails[0].ControlValue);
    }

    [Fact]
    public async Task With_a_window_reports_add_up_silence_is_zero_and_nobody_counts_too_early()
    {
        await using ExperimentWorld world = new(ExperimentWorld.Define() with
        {
            Metrics = [new MetricDefinition { Name = "revenue", Kind = MetricKind.Mean, Window = TimeSpan.FromHours(1) }],
            Primary = "revenue",
        });
        await world.StartAsync();
        string arm = await world.AskAsync("buyer");
        for (int i = 0; await world.AskAsync($"silent{i}") != arm; i++)
        {
        }

        Assert.True(world.Report("buyer", 3, "revenue"));
        Assert.True(world.Report("buyer", 4, "revenue"));
        await world.LookAsync();
        Assert.Equal(0, world.State.Findings!.Primary[0].Units + world.State.Findings.Primary[0].ControlUnits);
        world.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(world.Report("buyer", 100, "revenue"));
        await world.LookAsync();
        Comparison primary = world.State.Findings!.Primary[0];
        Assert.Equal(3.5, arm == "next" ? primary.Value : primary.ControlValue);
    }

    [Fact]
    public async Task A_group_sequential_experiment_decides_at_its_planned_looks_alone()
    {
        await using ExperimentWorld world = new(ExperimentWorld.Define() with { Stopping = StoppingRule.GroupSequential, Looks = 4, Horizon = 400 });
        await world.StartAsync();
        await world.RunAsync(4000, stable: 0.2, next: 0.2);
        ExperimentEvent[] looks = [.. world.State.Log.Where(static one => one.Kind == "look")];
        Assert.True(world.State.Phase is ExperimentPhase.Inconclusive or ExperimentPhase.Concluded);
        Assert.InRange(looks.Length, 1, 4);

        // Spending of 5 % at a quarter: |z| beyond 1.96/√(1/4) (Lan and DeMets 1983), a little less where the look comes some units late.
        double boundary = double.Parse(looks[0].Text.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(boundary, 3.6, 3.9205);
    }

    [Fact]
    public async Task What_changes_the_division_stops_the_experiment()
    {
        await using ExperimentWorld world = new();
        await world.StartAsync();
        await world.RunAsync(100, 0.2, 0.2);
        world.Traffic.Service.Put(TrafficFixture.Endpoint(20));
        await world.LookAsync();
        Assert.Equal(ExperimentPhase.Stopped, world.State.Phase);
        Assert.Contains("weights", world.State.Reason, StringComparison.Ordinal);
        Assert.False(world.Report("e1", 1));
    }

    [Fact]
    public async Task A_changed_definition_stops_what_ran_and_a_name_is_used_once()
    {
        await using ExperimentWorld world = new();
        await world.StartAsync();
        await world.RunAsync(50, 0.2, 0.2);
        world.Definition = world.Definition with { MinimalEffect = 0.01 };
        await world.RestartAsync();
        Assert.Equal(ExperimentPhase.Stopped, world.State.Phase);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => world.Experiments.StartAsync("trial", null, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
    }

    [Fact]
    public async Task People_start_and_stop_what_does_not_start_by_itself()
    {
        await using ExperimentWorld world = new(ExperimentWorld.Define() with { StartsByItself = false });
        await world.StartAsync();
        await world.AskAsync("early");
        Assert.Equal(ExperimentPhase.Waiting, world.State.Phase);
        await Assert.ThrowsAsync<SlipwayException>(() => world.Experiments.StopAsync("trial", "ann", TestContext.Current.CancellationToken));
        await world.Experiments.StartAsync("trial", "ann", TestContext.Current.CancellationToken);
        await world.AskAsync("one");
        ExperimentState stopped = await world.Experiments.StopAsync("trial", "ann", TestContext.Current.CancellationToken);
        Assert.Equal((ExperimentPhase.Stopped, "ann stopped it"), (stopped.Phase, stopped.Reason));
        Assert.Equal(1, stopped.Findings!.Units.Sum(static arm => arm.Units));
        Assert.Equal(ErrorCode.ModelNotFound, (await Assert.ThrowsAsync<SlipwayException>(() => world.Experiments.StartAsync("none", null, TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task Entities_beyond_the_limit_take_no_part_and_are_counted()
    {
        await using ExperimentWorld world = new(ExperimentWorld.Define() with { MaxUnits = 1000 });
        await world.StartAsync();
        await world.RunAsync(1200, 0.2, 0.2);
        Assert.Equal((ExperimentPhase.Running, 200L), (world.State.Phase, world.State.TurnedAway));
        Assert.Equal(1000, world.State.Findings!.Units.Sum(static arm => arm.Units));
        world.Time.Advance(TimeSpan.FromDays(15));
        await world.LookAsync();
        Assert.Equal(ExperimentPhase.Inconclusive, world.State.Phase);
    }

    [Fact]
    public async Task A_segment_with_another_effect_is_pointed_out()
    {
        await using ExperimentWorld world = new(ExperimentWorld.Define() with
        {
            Segments = [new KeySource(KeySourceKind.Header, "X-Country")],
            Stopping = StoppingRule.Fixed,
            Horizon = 100_000,
        });
        await world.StartAsync();
        Random random = new(5);
        for (int i = 0; i < 4000; i++)
        {
            bool isThere = i % 2 == 0;
            string arm = await world.AskAsync($"e{i}", new FakeAttributes(("X-Country", isThere ? "fi" : "se")));
            world.Report($"e{i}", random.NextDouble() < (arm == "next" && isThere ? 0.6 : 0.3) ? 1 : 0);
        }

        await world.LookAsync();
        Assert.Equal(["fi", "se"], world.State.Findings!.Segments.Select(static one => one.Segment));
        Assert.All(world.State.Findings.Segments, static one => Assert.True(one.Deviates));
        Assert.Equal("X-Country", world.State.Findings.Segments[0].Dimension);
    }

    [Fact]
    public async Task An_experiment_that_was_defined_by_hand_counts_and_goes_on_after_a_restart()
    {
        await using ExperimentWorld world = new();
        await world.StartAsync();
        ExperimentDefinition more = ExperimentWorld.Define() with { Name = "more" };
        Assert.Equal(ExperimentPhase.Running, (await world.Experiments.DefineAsync(more, "eve", TestContext.Current.CancellationToken)).Phase);
        await world.AskAsync("user");
        await world.LookAsync();
        await world.RestartAsync();
        ExperimentState state = world.Experiments.Find("more")!;
        Assert.Equal((ExperimentPhase.Running, true), (state.Phase, state.IsDefinedByHand));
        Assert.True(world.Experiments.Take(new Feedback("scoring", "conversion", 1) { EntityKey = "user" }));

        Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<SlipwayException>(() => world.Experiments.DefineAsync(more, null, TestContext.Current.CancellationToken))).Code);
        Assert.Equal(ErrorCode.FailedPrecondition, (await Assert.ThrowsAsync<SlipwayException>(() => world.Experiments.DeleteAsync("more", null, TestContext.Current.CancellationToken))).Code);
        await world.Experiments.StopAsync("more", "eve", TestContext.Current.CancellationToken);
        await world.Experiments.DeleteAsync("more", "eve", TestContext.Current.CancellationToken);
        await world.RestartAsync();
        Assert.Null(world.Experiments.Find("more"));
        Assert.NotNull(world.Experiments.Find("trial"));
    }

    [Fact]
    public async Task What_was_known_before_takes_variance_out()
    {
        await using ExperimentWorld world = new(ExperimentWorld.Define() with
        {
            Metrics = [new MetricDefinition { Name = "spend", Kind = MetricKind.Mean }],
            Primary = "spend",
            MinimalEffect = 0.2,
            Covariate = new KeySource(KeySourceKind.Header, "X-Before"),
        });
        await world.StartAsync();
        Random random = new(6);
        for (int i = 0; i < 1000; i++)
        {
            double before = random.NextDouble() * 10;
            await world.AskAsync($"e{i}", new FakeAttributes(("X-Before", before.ToString(System.Globalization.CultureInfo.InvariantCulture))));
            world.Report($"e{i}", before + random.NextDouble(), "spend");
        }

        await world.LookAsync();

        // Var(noise) / Var(before + noise) = (1/12) / (100/12 + 1/12).
        Assert.InRange(world.State.Findings!.Primary[0].VarianceLeft!.Value, 0.008, 0.012);
        Assert.InRange(world.State.Findings.Primary[0].High!.Value, 0.01, 0.15);
    }
}
