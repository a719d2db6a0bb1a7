using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Endpoints;

public sealed class BanditCheckTests
{
    private static readonly BanditDefinition Thompson = new(BanditKind.Thompson);

    public static TheoryData<BanditDefinition, string> Faults => new()
    {
        { Thompson with { Floor = 60 }, "bandit.floor" },
        { Thompson with { Floor = double.NaN }, "bandit.floor" },
        { Thompson with { Epsilon = 1.1 }, "bandit.epsilon" },
        { Thompson with { Exploration = 0 }, "bandit.exploration" },
        { Thompson with { Prior = new BanditPrior(0, 1) }, "bandit.prior" },
        { Thompson with { Priors = new Dictionary<string, BanditPrior> { ["nobody"] = new(1, 1) } }, "bandit.priors.nobody" },
        { Thompson with { Priors = new Dictionary<string, BanditPrior> { ["next"] = new(1, double.NaN) } }, "bandit.priors.next" },
        { Thompson with { Metric = "a b" }, "bandit.reward" },
        { Thompson with { RewardFrom = 1 }, "bandit.reward" },
        { Thompson with { RewardTo = double.PositiveInfinity }, "bandit.reward" },
        { Thompson with { RewardIfNone = 2 }, "bandit.reward.none" },
        { Thompson with { Window = TimeSpan.Zero }, "bandit.window" },
        { Thompson with { HalfLife = TimeSpan.Zero }, "bandit.halfLife" },
        { Thompson with { MaxOpen = 0 }, "bandit.maxOpen" },
        { Thompson with { Log = 2_000_000 }, "bandit.log" },
        { new BanditDefinition(BanditKind.LinUcb), "bandit.context" },
        { Thompson with { Context = [new ContextField(new KeySource(KeySourceKind.Input, "x")) { Length = 33 }] }, "bandit.context" },
        { Thompson with { Context = [new ContextField(new KeySource(KeySourceKind.Inputs, ""))] }, "bandit.context[0]" },
        { Thompson with { Context = [new ContextField(new KeySource(KeySourceKind.Header, "X")) { Length = 2 }] }, "bandit.context[0].length" },
        { Thompson with { Context = [new ContextField(new KeySource(KeySourceKind.Header, "X")) { Scale = 0 }] }, "bandit.context[0].scale" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_fault_names_its_key(BanditDefinition bandit, string key) =>
        Assert.Contains(EndpointCheck.Find(Endpoint(0) with { Bandit = bandit }), fault => fault.Key == key);

    [Fact]
    public void A_bandit_needs_two_arms_without_weights()
    {
        Assert.Empty(EndpointCheck.Find(Endpoint(0) with { Bandit = Thompson }));
        Assert.Contains(EndpointCheck.Find(Endpoint(50) with { Bandit = Thompson }), static fault => fault.Key == "bandit");
        Assert.Contains(EndpointCheck.Find(Endpoint(0) with { Arms = [Endpoint(0).Arms[0]], Bandit = Thompson }), static fault => fault.Key == "bandit");
    }

    private static EndpointDefinition Endpoint(double weight) => TrafficFixture.Endpoint() with { Arms = [.. TrafficFixture.Endpoint().Arms.Select(arm => arm with { Weight = weight })] };
}
