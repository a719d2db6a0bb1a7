using Slipway.Traffic.Prometheus;

namespace Slipway.Traffic.Tests.Prometheus;

public sealed class QueryTemplateTests
{
    private static readonly Dictionary<string, string> Values = new() { ["endpoint"] = "scoring", ["arm"] = "candidate", ["model"] = "m", ["version"] = "7", ["oldVersion"] = "6" };

    [Fact]
    public void Names_are_filled_in_and_nothing_else_is_touched() => Assert.Equal(
        "sum(rate(errors{model=\"m\",version=\"7\",path=~\"/a$\"}[1m])) / sum(rate(all{version=\"6\"}[1m]))",
        QueryTemplate.Fill("sum(rate(errors{model=\"$model\",version=\"$version\",path=~\"/a$\"}[1m])) / sum(rate(all{version=\"$oldVersion\"}[1m]))", Values));

    [Theory]
    [InlineData("a\"} or vector(1) or x{y=\"")]
    [InlineData("a\\")]
    [InlineData("a'b")]
    [InlineData("a`b")]
    [InlineData("a\nb")]
    public void A_name_that_could_change_the_query_makes_none(string name) => Assert.Null(QueryTemplate.Fill("up{x=\"$endpoint\"}", new Dictionary<string, string>(Values) { ["endpoint"] = name }));

    [Fact]
    public void Unknown_names_are_found() => Assert.Equal(["versions", "x"], QueryTemplate.UnknownNames("a{b=\"$versions\",c=\"$x\",d=\"$arm\"}"));
}
