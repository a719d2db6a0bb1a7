using Slipway.EndToEnd.Tests.Processes;

namespace Slipway.EndToEnd.Tests;

public sealed class QuickstartTests
{
    [Fact]
    public async Task The_quickstart_predicts_with_three_models_sees_a_bad_version_roll_itself_back_says_where_to_look_and_exits()
    {
        (int code, string output, string errors) = await SlipwayProcess.RunAsync("quickstart", "--exit");

        Assert.True(code == 0, errors);
        Assert.Contains("models=3", output, StringComparison.Ordinal);
        Assert.Contains("12 of 12 rows right", output, StringComparison.Ordinal);
        Assert.Contains("malignant", output, StringComparison.Ordinal);
        Assert.Contains("the rollout is over: rolledBack", output, StringComparison.Ordinal);
        Assert.Contains("because of harm in disagreement", output, StringComparison.Ordinal);
        Assert.Contains("Of 200 requests since then 200 were answered by digits:1.", output, StringComparison.Ordinal);
        Assert.Contains("/metrics", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }
}
