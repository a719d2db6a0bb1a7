using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Tests.Routing;

public sealed class BanditRoutingTests : IAsyncLifetime
{
    private static readonly EndpointDefinition Offers = TrafficFixture.Endpoint() with
    {
        Arms = [.. TrafficFixture.Endpoint().Arms.Select(static arm => arm with { Weight = 0 })],
        Bandit = new BanditDefinition(BanditKind.Thompson) { Floor = 2 },
    };

    private readonly TrafficFixture _traffic = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _traffic.DisposeAsync();

    [Fact]
    public async Task Traffic_goes_where_the_rewards_are()
    {
        _traffic.Service.Put(Offers);
        int next = 0;
        for (int i = 0; i < 2000; i++)
        {
            (long version, RouteAssignment? assignment) = await _traffic.AskAsync(TrafficFixture.Request());
            Assert.Equal("bandit", assignment!.Reason);
            _traffic.Service.BanditOf("scoring")!.Memory.Reward(assignment.RequestId!, version == 2 ? 0.9 : 0.2);
            next += i >= 1000 && version == 2 ? 1 : 0;
        }

        Assert.InRange(next, 900, 1000);
        Assert.True(_traffic.Service.Find("scoring")!.Bandit!.Arms[1].MeanReward > 0.89);
    }

    [Fact]
    public async Task An_answer_names_the_request_by_the_callers_id_or_by_a_new_one()
    {
        _traffic.Service.Put(Offers);
        using InferenceResponse own = await _traffic.Service.Inference.InferAsync(Named("r1"), TestContext.Current.CancellationToken);
        Assert.Equal("r1", own.Assignment!.RequestId);
        Assert.Equal("r1", own.Parameters["slipway_request_id"].Text);
        (_, RouteAssignment? first) = await _traffic.AskAsync(TrafficFixture.Request());
        (_, RouteAssignment? second) = await _traffic.AskAsync(TrafficFixture.Request());
        Assert.Equal(32, first!.RequestId!.Length);
        Assert.NotEqual(first.RequestId, second!.RequestId);
    }

    [Fact]
    public async Task Rules_holdouts_and_callers_come_before_the_bandit_and_teach_it_nothing()
    {
        _traffic.Service.Put(Offers with { Holdout = 100, Rules = [new RuleDefinition { Name = "r", Arm = "next", Conditions = [new ConditionDefinition { Source = new KeySource(KeySourceKind.Header, "X"), Present = true }] }] });
        Assert.Equal("holdout", (await _traffic.AskAsync(TrafficFixture.Request(entity: "e"))).Assignment!.Reason);
        Assert.Equal("rule:r", (await _traffic.AskAsync(TrafficFixture.Request(attributes: new FakeAttributes(("X", "1"))))).Assignment!.Reason);
        (_, RouteAssignment? asked) = await _traffic.AskAsync(TrafficFixture.Request(version: VersionSelector.ByLabel("next")));
        Assert.Equal(("requested", null), (asked!.Reason, asked.RequestId));
        Assert.Equal(0, _traffic.Service.Find("scoring")!.Bandit!.Open);
    }

    [Fact]
    public async Task An_arm_that_fails_loses_its_traffic_though_a_fallback_answers()
    {
        _traffic.Inference.Before = static (request, _) => request.Version.Label == "champion" ? throw new SlipwayException(ErrorCode.ModelFailed, "broken") : ValueTask.CompletedTask;
        _traffic.Service.Put(Offers with { Fallback = new FallbackDefinition { Arm = "next" } });
        for (int i = 0; i < 300; i++)
        {
            (long version, RouteAssignment? assignment) = await _traffic.AskAsync(TrafficFixture.Request());
            Assert.Equal(2, version);
            if (assignment!.Reason == "bandit")
            {
                _traffic.Service.BanditOf("scoring")!.Memory.Reward(assignment.RequestId!, 0.5);
            }
        }

        BanditStatus bandit = _traffic.Service.Find("scoring")!.Bandit!;
        Assert.Equal(0, bandit.Arms[0].MeanReward);
        Assert.InRange(bandit.Arms[0].Decisions, 1, 60);
    }

    [Fact]
    public async Task A_request_that_is_wrong_says_nothing_about_the_arm()
    {
        _traffic.Inference.Before = static (_, _) => throw new SlipwayException(ErrorCode.InvalidRequest, "nonsense");
        _traffic.Service.Put(Offers);
        await Assert.ThrowsAsync<SlipwayException>(() => _traffic.AskAsync(TrafficFixture.Request()));
        BanditStatus bandit = _traffic.Service.Find("scoring")!.Bandit!;
        Assert.Equal((0, 0.0), (bandit.Open, bandit.Arms.Sum(static arm => arm.Weight)));
    }

    private static InferenceRequest Named(string id) => new() { ModelName = "scoring", Id = id, Inputs = TrafficFixture.Request().Inputs };
}
