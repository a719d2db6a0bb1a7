using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Rollouts;

/// <summary>Feedback about answers during a rollout, in virtual time, with one replica or two.</summary>
public sealed class RolloutQualityTests : IAsyncDisposable
{
    private static readonly EndpointDefinition Endpoint = TrafficFixture.Endpoint() with { Arms = [TrafficFixture.Endpoint().Arms[0] with { Weight = 100 }] };
    private static readonly RolloutPolicy Policy = new()
    {
        ErrorMargin = 0.1,
        SlowMargin = 0.2,
        Quality = new QualityPolicy { Metric = "correct", Margin = 0.15, MinLabels = 50, Remembered = 1000 },
    };

    private static readonly RolloutPlan Plan = new("custom",
    [
        new RolloutStep { Weight = 20, MinRequests = 20, MinTime = TimeSpan.FromSeconds(1) },
        new RolloutStep { Weight = 50, MinRequests = 50, MinTime = TimeSpan.FromSeconds(1), MaxTime = TimeSpan.FromHours(1), Quality = true },
    ]);

    private readonly MemorySharedRecords _records = new();
    private readonly Replica _first;
    private readonly Replica _second;
    private int _asked;

    public RolloutQualityTests()
    {
        _first = new Replica(_records);
        _second = new Replica(_records);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_silently_wrong_version_goes_back_by_what_is_reported_about_its_answers()
    {
        await _first.StartAsync();
        await DriveAsync(_first, _first, static version => version == 2 ? 0.5 : 0.02, RolloutPhase.RolledBack);
        Assert.StartsWith("harm in quality", _first.State.Reason, StringComparison.Ordinal);
        await _first.Rollouts.SyncAsync(TestContext.Current.CancellationToken);
        IReadOnlyList<RolloutEvent> events = await _first.Rollouts.GetEventsAsync(_first.State.Id, TestContext.Current.CancellationToken);
        RolloutFinding evidence = Assert.Single(events[^1].State.Findings, one => one.Measure == "quality");
        Assert.True(evidence is { IsHarm: true, Evidence: > 100 });
    }

    [Fact]
    public async Task A_right_version_is_promoted_when_enough_reports_prove_it_and_not_before()
    {
        await _first.StartAsync();
        await DriveAsync(_first, reports: null, static _ => 0, RolloutPhase.Running, until: () => _first.State.Step == 1);
        await AskAsync(_first, 600, reports: null, static _ => 0);
        Assert.Equal((RolloutPhase.Running, 1), (_first.State.Phase, _first.State.Step));
        await DriveAsync(_first, _first, static _ => 0.02, RolloutPhase.Promoted);
        Assert.Equal("step 2 is proven", _first.State.Reason);
        Assert.True(_first.State.Stages[1].Quality is { New: >= 50, Old: > 0 });
    }

    [Fact]
    public async Task A_report_counts_once_for_the_step_and_version_that_answered_and_others_are_ignored()
    {
        await _first.StartAsync();
        long version = await _first.AskAsync("r-1");
        await _first.AskAsync("twice");
        for (int i = 0; i < 100; i++)
        {
            await _first.AskAsync("twice");
        }

        Feedback right = new("scoring", "correct", 1) { RequestId = "r-1" };
        Assert.False(_first.Rollouts.Take(right with { Endpoint = "other" }));
        Assert.False(_first.Rollouts.Take(right with { Metric = "revenue" }));
        Assert.False(_first.Rollouts.Take(right with { RequestId = "unknown" }));
        Assert.False(_first.Rollouts.Take(right with { RequestId = "twice" }));

        // Late, in the next step: it counts for the one in which it was asked.
        await _first.Rollouts.CommandAsync("scoring", RolloutCommand.Promote, null, TestContext.Current.CancellationToken);
        Assert.True(_first.Rollouts.Take(right));
        Assert.True(_first.Rollouts.Take(right with { Value = 0 }));
        await _first.LookAsync();
        Assert.Equal(version == 2 ? new QualityCounts(0, 0, 1, 0) : new QualityCounts(1, 0, 0, 0), _first.State.Stages[0].Quality);

        await _first.Rollouts.CommandAsync("scoring", RolloutCommand.Abort, null, TestContext.Current.CancellationToken);
        Assert.False(_first.Rollouts.Take(right));
    }

    [Fact]
    public async Task Entities_name_their_latest_answer()
    {
        await _first.StartAsync();
        await _first.AskAsync("", "user-1");
        await _first.AskAsync("", "user-1");
        Feedback wrong = new("scoring", "correct", 0) { EntityKey = "user-1" };
        Assert.True(_first.Rollouts.Take(wrong));
        Assert.True(_first.Rollouts.Take(wrong));
        await _first.LookAsync();
        QualityCounts seen = _first.State.Stages[0].Quality;
        Assert.Equal((1, 1.0), (seen.Old + seen.New, seen.OldLoss + seen.NewLoss));
    }

    [Fact]
    public async Task Answers_that_the_old_version_gave_in_the_new_ones_place_are_not_reported_on()
    {
        _first.Traffic.Inference.Before = (request, _) => request.Version == VersionSelector.Exact(2) ? throw new SlipwayException(ErrorCode.ModelFailed, "bad") : default;
        await _first.StartAsync();
        int taken = 0;
        for (int i = 0; i < 200; i++)
        {
            await _first.AskAsync($"r-{i}");
            taken += _first.Rollouts.Take(new Feedback("scoring", "correct", 1) { RequestId = $"r-{i}" }) ? 1 : 0;
        }

        Assert.InRange(taken, 100, 199);
        Assert.Equal(0, _first.Rollouts.All[0].Stages.Sum(stage => stage.Quality.New));
    }

    [Fact]
    public async Task Reports_that_reach_another_replica_than_the_one_that_answered_count_too()
    {
        await _first.StartAsync();
        await DriveAsync(_first, _second, static version => version == 2 ? 0.6 : 0.02, RolloutPhase.RolledBack);
        Assert.StartsWith("harm in quality", _first.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_can_not_demand_quality_that_nobody_reports()
    {
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => _first.StartAsync(Policy with { Quality = null }));
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
        Assert.Contains("steps[1].quality", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Asks one replica and reports to another, until the rollout is where it should be.</summary>
    private async Task DriveAsync(Replica asked, Replica? reports, Func<long, double> wrong, RolloutPhase phase, Func<bool>? until = null)
    {
        for (int round = 0; round < 1000; round++)
        {
            await AskAsync(asked, 10, reports, wrong);
            await _second.LookAsync();
            if (asked.State.Phase == phase && until?.Invoke() != false)
            {
                return;
            }
        }

        Assert.Fail($"{asked.State.Phase} at step {asked.State.Step}: {asked.State.Reason}; {string.Join("; ", asked.State.Findings)}");
    }

    private async Task AskAsync(Replica asked, int requests, Replica? reports, Func<long, double> wrong)
    {
        Random random = new(_asked);
        for (int i = 0; i < requests; i++)
        {
            string id = (_asked++).ToString(CultureInfo.InvariantCulture);
            double value = random.NextDouble() < wrong(await asked.AskAsync(id)) ? 0 : 1;
            reports?.Rollouts.Take(new Feedback("scoring", "correct", value) { RequestId = id });
        }

        await asked.LookAsync();
    }

    private sealed class Replica : IAsyncDisposable
    {
        private readonly IInferenceService _inference;

        public Replica(ISharedRecords records)
        {
            Traffic.Service.Put(Endpoint);
            Rollouts = new RolloutService(Traffic.Service, [Endpoint], records, registry: null, audit: null, Traffic.Time, NullLogger<RolloutService>.Instance);
            _inference = Rollouts.Wrap(Traffic.Service.Inference);
        }

        public TrafficFixture Traffic { get; } = new();

        public RolloutService Rollouts { get; }

        public RolloutState State => Rollouts.All[0];

        public Task<RolloutState> StartAsync(RolloutPolicy? policy = null) =>
            Rollouts.StartAsync(new RolloutStart("scoring", 2) { Plan = Plan, Policy = policy ?? Policy }, TestContext.Current.CancellationToken);

        public async Task<long> AskAsync(string id, string? entity = null)
        {
            using InferenceResponse response = await _inference.InferAsync(TrafficFixture.Request(id: id, entity: entity), TestContext.Current.CancellationToken);
            return response.Servable.Version;
        }

        public async Task LookAsync()
        {
            Traffic.Time.Advance(TimeSpan.FromMilliseconds(500));
            await Rollouts.SyncAsync(TestContext.Current.CancellationToken);
            Rollouts.Look();
        }

        public async ValueTask DisposeAsync()
        {
            await Rollouts.DisposeAsync();
            await Traffic.DisposeAsync();
        }
    }
}
