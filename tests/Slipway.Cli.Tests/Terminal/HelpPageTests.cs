using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Terminal;

public sealed class HelpPageTests
{
    [Theory]
    [InlineData("  formats [<FORMAT>]  ", "--help")]
    [InlineData("  inspect <MODELFILE>  ", "--help")]
    [InlineData("  list [<SEARCH>]  ", "model", "--help")]
    [InlineData("  alias <NAME> <ALIAS> [<VERSION>]  ", "model", "--help")]
    [InlineData("slipway formats [<FORMAT>] [options]", "formats", "--help")]
    [InlineData("  [<FORMAT>]  Show", "formats", "--help")]
    public async Task An_argument_that_may_be_left_out_stands_in_brackets_and_no_other(string expected, params string[] args)
    {
        (int code, string output) = await RunAsync(args);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(expected, output.Replace("Slipway.Cli.Tests", "slipway", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Descriptions_stay_in_one_column()
    {
        (_, string output) = await RunAsync("model", "--help");

        string[] lines = output[output.IndexOf("Commands:", StringComparison.Ordinal)..].Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)[1..];
        int column = lines[0].IndexOf("Publish", StringComparison.Ordinal);
        Assert.True(lines.Length > 5 && column > 0);
        Assert.All(lines, line => Assert.True(line[column - 1] == ' ' && char.IsUpper(line[column]), line));
    }

    [Fact]
    public async Task Help_is_given_whatever_else_is_missing()
    {
        (int code, string output) = await RunAsync("model", "alias", "--help");

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("The alias, such as champion.", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        using StringWriter output = new();
        int code = await SlipwayCommand.RunAsync(args, new CliTerminal { Out = output, Error = TextWriter.Null });
        return (code, output.ToString());
    }
}
