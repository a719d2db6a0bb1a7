using Slipway.Core;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Tests.Endpoints;

public sealed class EndpointCheckTests
{
    private static readonly EndpointDefinition Good = new()
    {
        Name = "fraud",
        Arms = [new ArmDefinition { Name = "stable", Model = "fraud", Weight = 90 }, new ArmDefinition { Name = "next", Model = "fraud", Version = VersionSelector.Exact(7), Weight = 10 }],
    };

    [Fact]
    public void A_good_endpoint_has_no_fault() => Assert.Empty(EndpointCheck.Find(Good));

    [Fact]
    public void Weights_that_are_not_100_are_a_fault() =>
        Assert.Contains(EndpointCheck.Find(Good with { Arms = [Good.Arms[0]] }), fault => fault is { Key: "arms", Message: "weights must sum to 100, not 90" });

    [Fact]
    public void NaN_is_no_weight() =>
        Assert.Contains(EndpointCheck.Find(Good with { Arms = [Good.Arms[0] with { Weight = double.NaN }] }), fault => fault.Key == "arms.stable.weight");

    [Theory]
    [InlineData("default", "arms are stable, next")]
    [InlineData("fallback", "there is no arm 'nobody'")]
    [InlineData("rules[0].arm", "there is no arm 'nobody'")]
    [InlineData("arms.next.fallback", "can't stand in for itself")]
    [InlineData("rules[0].until", "a time after 'from'")]
    [InlineData("rules[0]", "a rule needs")]
    [InlineData("layer", "'from' below 'to'")]
    [InlineData("shadows.s.sample", "above 0")]
    public void What_is_wrong_is_named_by_its_key(string key, string message)
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        EndpointDefinition bad = Good with
        {
            Default = "nobody",
            Fallback = new FallbackDefinition { Arm = "nobody" },
            Arms = [Good.Arms[0], Good.Arms[1] with { Fallback = new FallbackDefinition { Arm = "next" } }],
            Rules = key == "rules[0].until"
                ? [new RuleDefinition { Name = "r", Arm = "stable", From = now, Until = now }]
                : [new RuleDefinition { Name = "r", Arm = "nobody" }],
            Layer = new LayerRange("l", 50, 20),
            Shadows = [new ShadowDefinition { Name = "s", Model = "m", Sample = 0 }],
        };
        Assert.Contains(EndpointCheck.Find(bad), fault => fault.Key == key && fault.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Parts_of_a_layer_must_not_overlap_and_names_must_differ()
    {
        EndpointDefinition first = Good with { Layer = new LayerRange("checkout", 0, 50) };
        Assert.Empty(EndpointCheck.FindBetween([first, first with { Name = "other", Layer = new LayerRange("checkout", 50, 100) }]));
        Assert.Empty(EndpointCheck.FindBetween([first, first with { Name = "other", Layer = new LayerRange("search", 0, 100) }]));
        Assert.Single(EndpointCheck.FindBetween([first, first with { Name = "other", Layer = new LayerRange("checkout", 49, 60) }]));
        Assert.Equal(2, EndpointCheck.FindBetween([first, first]).Count());
    }
}
