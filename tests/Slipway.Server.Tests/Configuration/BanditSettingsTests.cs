using Slipway.Core;
using Slipway.Server.Configuration;
using Slipway.TestKit;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Tests.Configuration;

public sealed class BanditSettingsTests
{
    [Fact]
    public void Everything_that_a_bandit_may_say_is_read()
    {
        BanditDefinition bandit = Read("""
            { policy: thompson, reward: { metric: revenue, from: -10, to: 200, none: 0 }, window: 2h, floor: 2.5, halfLife: 7d, prior: { successes: 2, failures: 8 },
              priors: { b: { successes: 30 } }, context: [{ input: x, length: 4, offset: 1, scale: 2 }, { parameter: hour }, { header: X-A }, { claim: level }], maxOpen: 500, log: 0 }
            """);
        Assert.Equal((BanditKind.Thompson, "revenue", -10.0, 200.0, 0.0), (bandit.Kind, bandit.Metric, bandit.RewardFrom, bandit.RewardTo, bandit.RewardIfNone));
        Assert.Equal((TimeSpan.FromHours(2), 2.5, TimeSpan.FromDays(7), 500, 0), (bandit.Window, bandit.Floor, bandit.HalfLife, bandit.MaxOpen, bandit.Log));
        Assert.Equal((new BanditPrior(2, 8), new BanditPrior(30, 1)), (bandit.Prior, bandit.Priors["b"]));
        Assert.Equal([KeySourceKind.Input, KeySourceKind.Parameter, KeySourceKind.Header, KeySourceKind.Claim], bandit.Context.Select(static field => field.Source.Kind));
        Assert.Equal((4, 1.0, 2.0, 8), (bandit.Context[0].Length, bandit.Context[0].Offset, bandit.Context[0].Scale, bandit.Features));
    }

    [Theory]
    [InlineData("thompson", BanditKind.Thompson)]
    [InlineData("{ policy: ucb1, exploration: 0.5, reward: clicks }", BanditKind.Ucb1)]
    [InlineData("{ policy: epsilon-greedy, epsilon: 0.2 }", BanditKind.EpsilonGreedy)]
    [InlineData("{ policy: linucb, exploration: 2, context: [{ header: X }] }", BanditKind.LinUcb)]
    [InlineData("{}", BanditKind.Thompson)]
    public void Every_policy_has_its_word(string bandit, BanditKind kind) => Assert.Equal(kind, Read(bandit).Kind);

    [Theory]
    [InlineData("{ policy: thomson }", "endpoints.e.bandit.policy: one of thompson, ucb1, epsilon-greedy, linucb is expected (did you mean 'thompson'?)")]
    [InlineData("exp3", "endpoints.e.bandit: one of thompson, ucb1, epsilon-greedy, linucb is expected")]
    [InlineData("{ flor: 1 }", "endpoints.e.bandit.flor: unknown key; did you mean 'floor'?")]
    [InlineData("{ policy: ucb1, epsilon: 0.1 }", "endpoints.e.bandit.epsilon: means something with policy epsilon-greedy only")]
    [InlineData("{ exploration: 1 }", "endpoints.e.bandit.exploration: means something with policy ucb1 or linucb only")]
    [InlineData("{ policy: linucb, context: [{ header: X }], prior: { successes: 1 } }", "endpoints.e.bandit.prior: means something with policy thompson only")]
    [InlineData("{ policy: linucb }", "endpoints.e.bandit.context: policy linucb needs the numbers")]
    [InlineData("{ floor: 60 }", "endpoints.e.bandit.floor: a number from 0 to 50 is expected")]
    [InlineData("{ context: [{ haeder: X }] }", "endpoints.e.bandit.context[0]")]
    [InlineData("{ context: [{ header: X, input: y }] }", "endpoints.e.bandit.context[0]: one of header, parameter, claim, input is expected")]
    [InlineData("{ context: [{ header: X, length: 2 }] }", "endpoints.e.bandit.context[0].length")]
    [InlineData("{ priors: { c: { successes: 1 } } }", "endpoints.e.bandit.priors.c: there is no arm 'c'; arms are a, b")]
    [InlineData("{ reward: { from: 1, to: 0 } }", "endpoints.e.bandit.reward: 'from' is expected below 'to'")]
    [InlineData("{ window: 5 }", "endpoints.e.bandit.window")]
    [InlineData("{ halfLife: 0 }", "endpoints.e.bandit.halfLife")]
    [InlineData("{ maxOpen: 0 }", "endpoints.e.bandit.maxOpen")]
    [InlineData("[1]", "endpoints.e.bandit")]
    public void What_is_wrong_is_named_by_its_key(string bandit, string expected)
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => Read(bandit));
        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_beside_a_bandit_are_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("slipway.yaml", "endpoints: { e: { arms: { a: { model: m, weight: 50 }, b: { model: m, weight: 50 } }, bandit: thompson } }");
        Assert.Contains("without 'weight'", Assert.Throws<SlipwayException>(() => ServerConfiguration.Read(file, [])).Message, StringComparison.Ordinal);
    }

    private static BanditDefinition Read(string bandit)
    {
        using TemporaryFolder folder = new();
        return ServerConfiguration.Read(folder.Write("slipway.yaml", $"endpoints: {{ e: {{ arms: {{ a: m, b: n }}, bandit: {bandit.Replace("\n", " ", StringComparison.Ordinal)} }} }}"), []).Endpoints[0].Bandit!;
    }
}
