using System.Text.Json;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Experiments;

public sealed class PlanCommandTests
{
    [Fact]
    public async Task Ten_percent_against_twelve_needs_3841_units_of_each_arm()
    {
        (int code, string output, _) = await RunAsync("--baseline", "10%", "--effect", "0.02", "--daily", "1000", "--json");
        Assert.Equal(ExitCode.Done, code);
        using JsonDocument answer = JsonDocument.Parse(output);
        JsonElement designs = answer.RootElement.GetProperty("designs");
        Assert.Equal(["fixed", "group-sequential", "always-valid"], designs.EnumerateArray().Select(one => one.GetProperty("design").GetString()));
        Assert.Equal([3841, 3841], designs[0].GetProperty("units").EnumerateArray().Select(one => one.GetInt64()));
        Assert.Equal(7.682, designs[0].GetProperty("days").GetDouble(), 1e-9);
        Assert.Equal(5, designs[1].GetProperty("boundaries").GetArrayLength());
        Assert.Equal(2.040, designs[1].GetProperty("boundaries")[4].GetDouble(), 1e-3);
        Assert.True(designs[2].GetProperty("expectedUnits").GetDouble() < designs[2].GetProperty("totalUnits").GetDouble());
        Assert.Equal(0.166, answer.RootElement.GetProperty("peekingError").GetDouble(), 2e-2);
    }

    [Fact]
    public async Task A_percentage_is_of_the_baseline_and_days_give_the_effect_that_is_seen()
    {
        (int code, string output, string errors) = await RunAsync("--baseline", "0.1", "--effect", "20%", "--design", "fixed", "--daily", "1000", "--days", "7.682");
        Assert.True(code == ExitCode.Done, errors);
        Assert.Contains("a difference of 0.02 in a proportion of 0.1 (20 % of it)", output, StringComparison.Ordinal);
        Assert.Contains("3,841", output, StringComparison.Ordinal);
        Assert.Contains("seen in 7.682 d", output, StringComparison.Ordinal);
        Assert.Contains("0.02", output.Split('\n').First(static line => line.StartsWith("fixed", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--effect", "--baseline", "0.1")]
    [InlineData("--baseline", "--effect", "0.1")]
    [InlineData("--effect", "--baseline", "0.1", "--effect", "none")]
    [InlineData("--effect", "--baseline", "0.9", "--effect", "0.2")]
    [InlineData("--baseline", "--baseline", "7", "--effect", "0.2")]
    [InlineData("--alpha", "--baseline", "0.1", "--effect", "0.02", "--alpha", "1")]
    [InlineData("--beta", "--baseline", "0.1", "--effect", "0.02", "--beta", "0")]
    [InlineData("--arms", "--baseline", "0.1", "--effect", "0.02", "--arms", "1")]
    [InlineData("--shares", "--baseline", "0.1", "--effect", "0.02", "--shares", "90,x")]
    [InlineData("--shares", "--baseline", "0.1", "--effect", "0.02", "--shares", "90,10", "--arms", "3")]
    [InlineData("--shares", "--baseline", "0.1", "--effect", "0.02", "--shares", "90,0")]
    [InlineData("--deviation", "--metric", "mean", "--effect", "0.2")]
    [InlineData("--density", "--metric", "quantile", "--effect", "0.2")]
    [InlineData("--looks", "--baseline", "0.1", "--effect", "0.02", "--looks", "0")]
    [InlineData("--days", "--baseline", "0.1", "--effect", "0.02", "--days", "3")]
    [InlineData("--daily", "--baseline", "0.1", "--effect", "0.02", "--daily", "0")]
    [InlineData("median", "--metric", "median", "--effect", "0.2")]
    public async Task What_is_missing_or_wrong_is_named(string culprit, params string[] arguments)
    {
        (int code, string output, string errors) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains(culprit, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        StringWriter output = new();
        StringWriter errors = new();
        int code = await SlipwayCommand.RunAsync(["experiment", "plan", .. arguments], new CliTerminal { Out = output, Error = errors });
        return (code, output.ToString(), errors.ToString());
    }
}
