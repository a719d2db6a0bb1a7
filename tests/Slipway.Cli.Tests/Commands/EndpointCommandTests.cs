using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Commands;

public sealed class EndpointCommandTests
{
    [Theory]
    [InlineData("either --shares or --by-context is expected", "evaluate", "offers")]
    [InlineData("either --shares or --by-context is expected", "evaluate", "offers", "--by-context", "--shares", "a=100")]
    [InlineData("ARM=PERCENT is expected, each arm once, not 'a'", "evaluate", "offers", "--shares", "a")]
    [InlineData("ARM=PERCENT is expected, each arm once, not 'a=x'", "evaluate", "offers", "--shares", "b=1,a=x")]
    [InlineData("ARM=PERCENT is expected, each arm once, not 'a=2'", "evaluate", "offers", "--shares", "a=1,a=2")]
    [InlineData("ARM=PERCENT is expected, each arm once, not 'a=NaN'", "evaluate", "offers", "--shares", "a=NaN")]
    public async Task What_is_wrong_is_said_before_anybody_is_asked(string expected, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int code = await SlipwayCommand.RunAsync(["endpoint", .. args], new CliTerminal { Out = output, Error = errors });
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, errors.ToString(), StringComparison.Ordinal);
    }
}
