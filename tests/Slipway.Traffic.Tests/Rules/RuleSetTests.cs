using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rules;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Rules;

public sealed class RuleSetTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly KeySource Amount = new(KeySourceKind.Header, "Amount");

    [Theory]
    [InlineData("9.99", false)]
    [InlineData("10", true)]
    [InlineData("19.9", true)]
    [InlineData("20", false)]
    [InlineData("NaN", false)]
    [InlineData("ten", false)]
    [InlineData(null, false)]
    public void Numbers_are_tested_as_numbers(string? value, bool holds)
    {
        ConditionDefinition condition = new() { Source = Amount, AtLeast = 10, Below = 20 };
        Assert.Equal(holds, new Condition(condition, 0).Holds(value));
    }

    [Fact]
    public void An_absent_value_fulfils_only_that_there_is_none()
    {
        Assert.True(new Condition(new ConditionDefinition { Source = Amount, Present = false }, 0).Holds(null));
        Assert.False(new Condition(new ConditionDefinition { Source = Amount, Present = false }, 0).Holds("1"));
        Assert.False(new Condition(new ConditionDefinition { Source = Amount, Prefix = "" }, 0).Holds(null));
    }

    [Fact]
    public void All_conditions_of_a_rule_must_hold_and_each_value_is_read_once()
    {
        CountingAttributes attributes = new();
        RuleSet rules = new([.. Enumerable.Range(0, 100).Select(i => new RuleDefinition
        {
            Name = $"r{i}",
            Arm = "a",
            Conditions = [new ConditionDefinition { Source = Amount, In = [$"{i}"] }, new ConditionDefinition { Source = Amount, Prefix = "7" }],
        })]);
        using InferenceRequest request = TrafficFixture.Request(attributes: attributes);
        Assert.Equal(77, rules.Match(request, 0, Now));
        Assert.Equal(1, attributes.Reads);
    }

    [Fact]
    public void A_window_of_time_includes_its_start_and_not_its_end()
    {
        RuleSet rules = new([new RuleDefinition { Name = "r", Arm = "a", From = Now, Until = Now.AddHours(1) }]);
        using InferenceRequest request = TrafficFixture.Request();
        Assert.True(rules.UsesTime);
        Assert.Equal(0, rules.Match(request, 0, Now));
        Assert.Equal(-1, rules.Match(request, 0, Now.AddTicks(-1)));
        Assert.Equal(-1, rules.Match(request, 0, Now.AddHours(1)));
    }

    [Fact]
    public void A_percentage_is_of_entities_and_always_the_same_ones()
    {
        RuleSet rules = new([new RuleDefinition { Name = "r", Arm = "a", Percentage = 25 }]);
        using InferenceRequest request = TrafficFixture.Request();
        int[] first = [.. Enumerable.Range(0, 10_000).Where(i => rules.Match(request, KeyHash.Of($"u{i}"), Now) == 0)];
        int[] second = [.. Enumerable.Range(0, 10_000).Where(i => rules.Match(request, KeyHash.Of($"u{i}"), Now) == 0)];
        Assert.Equal(first, second);
        Assert.InRange(first.Length, 2_300, 2_700);
    }

    private sealed class CountingAttributes : ICallerAttributes
    {
        public int Reads { get; private set; }

        public string? Header(string name)
        {
            Reads++;
            return "77";
        }

        public string? Claim(string type) => null;
    }
}
