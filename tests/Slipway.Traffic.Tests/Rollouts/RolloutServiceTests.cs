using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rollouts;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Rollouts;

/// <summary>The whole room in virtual time: routing, counting, deciding, writing, over fake models.</summary>
public sealed class RolloutServiceTests : IAsyncDisposable
{
    private static readonly EndpointDefinition Endpoint = TrafficFixture.Endpoint() with { Arms = [TrafficFixture.Endpoint().Arms[0] with { Weight = 100 }] };
    private static readonly RolloutPlan Plan = new("custom",
    [
        new RolloutStep { Weight = 20, Shadow = 50, MinRequests = 20, MinTime = TimeSpan.FromSeconds(2) },
        new RolloutStep { Weight = 50, MinRequests = 100, MinTime = TimeSpan.FromSeconds(2), MaxTime = TimeSpan.FromHours(1), Prove = true },
    ]);

    private static readonly RolloutPolicy Loose = new() { ErrorMargin = 0.1, SlowMargin = 0.2, MaxDisagreement = 0.5 };

    private readonly TrafficFixture _traffic = new();
    private readonly FailingRecords _store = new();
    private RolloutService _rollouts;

    public RolloutServiceTests()
    {
        _rollouts = New(Endpoint);
        _traffic.Service.Put(Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _rollouts.DisposeAsync();
        await _traffic.DisposeAsync();
    }

    [Fact]
    public async Task A_version_that_answers_the_same_is_promoted_and_stays_so_after_a_restart()
    {
        _traffic.Inference.Before = null;
        await StartAsync(2, Loose with { MaxDisagreement = 0.999 });
        await DriveAsync(3000, until: RolloutPhase.Promoted);
        Assert.All(await AskAsync(20), version => Assert.Equal(2, version));

        await RestartAsync(Endpoint);
        Assert.All(await AskAsync(20), version => Assert.Equal(2, version));

        // Who changes the configuration means it.
        await RestartAsync(Endpoint with { Arms = [Endpoint.Arms[0] with { Version = VersionSelector.Exact(3) }] });
        Assert.All(await AskAsync(20), version => Assert.Equal(3, version));
    }

    [Fact]
    public async Task A_failing_version_is_rolled_back_and_no_caller_sees_a_failure_because_the_old_one_stands_in()
    {
        _traffic.Inference.Before = (request, _) => request.Version == VersionSelector.Exact(2) ? throw new SlipwayException(ErrorCode.ModelFailed, "bad") : default;
        await StartAsync(2, Loose);
        await DriveAsync(500, until: RolloutPhase.RolledBack);
        Assert.All(await AskAsync(100), version => Assert.Equal(1, version));
        Assert.Contains("errors", _rollouts.All[0].Reason, StringComparison.Ordinal);
        Assert.Single(_traffic.Service.Find("scoring")!.Arms);
        Assert.Empty(_traffic.Service.Find("scoring")!.Shadows);
    }

    [Fact]
    public async Task Going_back_works_while_nothing_can_be_written_and_is_written_when_it_can()
    {
        await StartAsync(2, Loose);
        _store.IsAway = true;
        _traffic.Inference.Before = (request, _) => request.Version == VersionSelector.Exact(2) ? throw new SlipwayException(ErrorCode.ModelFailed, "bad") : default;
        await DriveAsync(500, until: RolloutPhase.RolledBack);
        Assert.All(await AskAsync(50), version => Assert.Equal(1, version));

        _store.IsAway = false;
        await _rollouts.SyncAsync(TestContext.Current.CancellationToken);
        IReadOnlyList<RolloutEvent> events = await _rollouts.GetEventsAsync(_rollouts.All[0].Id, TestContext.Current.CancellationToken);
        Assert.Equal(["started", "rolled-back"], events.Select(one => one.Kind).Where(kind => kind != "counts"));
    }

    [Fact]
    public async Task Nothing_is_started_that_can_not_be_written_down()
    {
        _store.IsAway = true;
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => StartAsync(2, Loose));
        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        Assert.Empty(_rollouts.All);
    }

    [Fact]
    public async Task A_version_that_answers_otherwise_is_rolled_back_by_its_shadow()
    {
        await StartAsync(2, Loose);
        await DriveAsync(2000, until: RolloutPhase.RolledBack);
        Assert.Contains("disagreement", _rollouts.All[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_goes_on_after_a_restart_where_it_was()
    {
        await StartAsync(2, Loose with { MaxDisagreement = 0.999 });
        await DriveAsync(1000, until: RolloutPhase.Running, untilStep: 1);
        await RestartAsync(Endpoint);
        RolloutState state = Assert.Single(_rollouts.All);
        Assert.True(state.Stages[0].Pairs.Copies > 0);
        Assert.Equal((RolloutPhase.Running, 1), (state.Phase, state.Step));
        Assert.Equal([50.0, 50], _traffic.Service.Find("scoring")!.Arms.Select(arm => arm.Definition.Weight));
        await DriveAsync(3000, until: RolloutPhase.Promoted);
    }

    [Fact]
    public async Task People_pause_resume_promote_and_abort()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await StartAsync(2, Loose);
        Assert.Equal(RolloutPhase.Paused, (await _rollouts.CommandAsync("scoring", RolloutCommand.Pause, "eve", cancellation)).Phase);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => _rollouts.CommandAsync("scoring", RolloutCommand.Pause, "eve", cancellation));
        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        Assert.Equal(RolloutPhase.Running, (await _rollouts.CommandAsync("scoring", RolloutCommand.Resume, "eve", cancellation)).Phase);
        Assert.Equal(1, (await _rollouts.CommandAsync("scoring", RolloutCommand.Promote, "eve", cancellation)).Step);
        Assert.Equal([50.0, 50], _traffic.Service.Find("scoring")!.Arms.Select(arm => arm.Definition.Weight));
        Assert.Equal(RolloutPhase.Aborted, (await _rollouts.CommandAsync("scoring", RolloutCommand.Abort, "eve", cancellation)).Phase);
        Assert.All(await AskAsync(20), version => Assert.Equal(1, version));
        Assert.Equal(ErrorCode.ModelNotFound, (await Assert.ThrowsAsync<SlipwayException>(() => _rollouts.CommandAsync("nobody", RolloutCommand.Abort, null, cancellation))).Code);
    }

    [Fact]
    public async Task What_can_not_be_rolled_out_is_refused_with_the_reason()
    {
        await StartAsync(2, Loose);
        Assert.Equal(ErrorCode.AlreadyExists, await RefusedAsync("scoring", 3));
        Assert.Equal(ErrorCode.ModelNotFound, await RefusedAsync("nobody", 3));
        Assert.Equal(ErrorCode.VersionNotFound, await RefusedAsync("fraud", 99));
        Assert.Equal(ErrorCode.FailedPrecondition, await RefusedAsync("other", 9));
        await _rollouts.CommandAsync("scoring", RolloutCommand.Abort, null, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorCode.FailedPrecondition, await RefusedAsync("scoring", 1));
    }

    [Fact]
    public async Task A_models_own_name_can_be_rolled_out_and_goes_back_to_the_version_before()
    {
        await _rollouts.StartAsync(new RolloutStart("fraud", 3) { Plan = Plan, Policy = Loose }, TestContext.Current.CancellationToken);
        Assert.Equal((2L, 3L), (_rollouts.All[0].From, _rollouts.All[0].To));
        await _rollouts.CommandAsync("fraud", RolloutCommand.Abort, null, TestContext.Current.CancellationToken);
        Assert.Equal(2, (await _traffic.AskAsync(TrafficFixture.Request("fraud"))).Version);
    }

    [Fact]
    public async Task A_model_with_a_single_version_has_nothing_to_go_on_from() => Assert.Equal(ErrorCode.FailedPrecondition, await RefusedAsync("other", 9));

    private RolloutService New(EndpointDefinition endpoint) => new(_traffic.Service, [endpoint], _store, registry: null, audit: null, _traffic.Time, NullLogger<RolloutService>.Instance);

    private Task<RolloutState> StartAsync(long to, RolloutPolicy policy) =>
        _rollouts.StartAsync(new RolloutStart("scoring", to) { Plan = Plan, Policy = policy, By = "eve" }, TestContext.Current.CancellationToken);

    private async Task<ErrorCode> RefusedAsync(string endpoint, long to) =>
        (await Assert.ThrowsAsync<SlipwayException>(() => _rollouts.StartAsync(new RolloutStart(endpoint, to) { Plan = Plan }, TestContext.Current.CancellationToken))).Code;

    private async Task RestartAsync(EndpointDefinition endpoint)
    {
        await _rollouts.DisposeAsync();
        _traffic.Service.Remove("scoring");
        _traffic.Service.Put(endpoint);
        _rollouts = New(endpoint);
        await _rollouts.RestoreAsync(TestContext.Current.CancellationToken);
    }

    private async Task DriveAsync(int requests, RolloutPhase until, int untilStep = -1)
    {
        for (int i = 0; i < requests; i++)
        {
            await _traffic.AskAsync(TrafficFixture.Request());
            if (i % 10 == 9)
            {
                // Shadows run on threads of their own, whatever the clock says.
                await Task.Delay(1, TestContext.Current.CancellationToken);
                _traffic.Time.Advance(TimeSpan.FromMilliseconds(250));
                await _rollouts.SyncAsync(TestContext.Current.CancellationToken);
                _rollouts.Look();
                if (_rollouts.All[0].Phase == until && (untilStep < 0 || _rollouts.All[0].Step == untilStep))
                {
                    return;
                }
            }
        }

        RolloutState state = _rollouts.All[0];
        throw new InvalidOperationException($"{state.Phase} at step {state.Step}: {state.Reason}; {string.Join("; ", state.Findings)}");
    }

    private async Task<IReadOnlyList<long>> AskAsync(int requests)
    {
        List<long> versions = [];
        for (int i = 0; i < requests; i++)
        {
            versions.Add((await _traffic.AskAsync(TrafficFixture.Request())).Version);
        }

        return versions;
    }
}
