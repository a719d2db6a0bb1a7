using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_listener_that_other_machines_reach_is_refused_without_insecure()
    {
        (int code, string output, string errors) = await SlipwayProcess.RunAsync("serve", "--http", "0.0.0.0:0");
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains("--insecure", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_insecure_it_is_opened_and_the_log_says_so()
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--admin", "0.0.0.0:0", "--insecure");
        Assert.Contains("insecure", server.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_option_is_status_2_and_one_line()
    {
        (int code, _, string errors) = await SlipwayProcess.RunAsync("serve", "--modells", "x");
        Assert.Equal(2, code);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.Contains("--modells", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_of_a_configuration_are_shown_at_once()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("slipway.yaml", "listners: {}\nlimits: { maxConnections: many }\n");
        (int code, _, string errors) = await SlipwayProcess.RunAsync(["serve", "--config", file], [("SLIPWAY__LOGING__LEVEL", "debug")]);
        Assert.Equal(2, code);
        Assert.Contains("did you mean 'listeners'", errors, StringComparison.Ordinal);
        Assert.Contains("limits.maxConnections", errors, StringComparison.Ordinal);
        Assert.Contains("SLIPWAY__LOGING__LEVEL", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_status_1_and_names_the_address()
    {
        await using SlipwayProcess first = await SlipwayProcess.ServeAsync();
        (int code, _, string errors) = await SlipwayProcess.RunAsync("serve", "--http", first.Http.Authority, "--grpc", "127.0.0.1:0", "--admin", "127.0.0.1:0");
        Assert.Equal(1, code);
        Assert.Contains(first.Http.Authority, errors, StringComparison.Ordinal);
    }
}
