using System.CommandLine;
using System.Text.RegularExpressions;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Tests.Terminal;

public sealed partial class UsageErrorTests
{
    [Theory]
    [InlineData("slipway inspect: MODELFILE is missing, as in 'slipway inspect model.onnx' (see 'slipway inspect --help')", "inspect")]
    [InlineData("slipway model alias: NAME and ALIAS are missing, as in 'slipway model alias fraud champion' (see 'slipway model alias --help')", "model", "alias")]
    [InlineData("slipway model stage: STAGE is missing, as in 'slipway model stage fraud:3 Production' (see 'slipway model stage --help')", "model", "stage", "m:1")]
    [InlineData(
        "slipway convert: MODELFILE is missing; Option '--output' is required, as in 'slipway convert model.pkl --output model.onnx' (see 'slipway convert --help')",
        "convert")]
    [InlineData("slipway bench: Option '--model' is required, as in 'slipway bench --model fraud' (see 'slipway bench --help')", "bench")]
    [InlineData("slipway data: a command is missing: expected one of check, gc, backup, restore (see 'slipway data --help')", "data")]
    [InlineData("slipway data: there is no command 'cehck': expected one of check, gc, backup, restore (see 'slipway data --help')", "data", "cehck")]
    [InlineData("slipway serve: there is no option '--htp' (see 'slipway serve --help')", "serve", "--htp", "127.0.0.1:0")]
    [InlineData("slipway inspect: 'b' is one argument too many (see 'slipway inspect --help')", "inspect", "a", "b")]
    [InlineData("slipway bench: --rate 'fast': expected a number (see 'slipway bench --help')", "bench", "--model", "m", "--rate", "fast")]
    [InlineData("slipway bench: --connections '1.5': expected a whole number (see 'slipway bench --help')", "bench", "--model", "m", "--connections", "1.5")]
    [InlineData("slipway model alias: VERSION 'two': expected a whole number (see 'slipway model alias --help')", "model", "alias", "m", "champion", "two")]
    [InlineData(
        "slipway endpoint evaluate: NAME is missing; either --shares or --by-context is expected, as in 'slipway endpoint evaluate fraud --by-context' (see 'slipway endpoint evaluate --help')",
        "endpoint", "evaluate")]
    public async Task What_is_wrong_is_named_with_what_to_type_instead(string expected, params string[] args)
    {
        (int code, string error) = await RunAsync(args);

        Assert.Equal((ExitCode.Usage, expected + Environment.NewLine), (code, error));
    }

    [Fact]
    public async Task An_argument_that_begins_with_an_at_sign_names_no_file_of_arguments()
    {
        (int code, string error) = await RunAsync("inspect", "@there-is-no-such-file");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("'@there-is-no-such-file'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_that_requires_something_gives_an_example_that_it_would_take()
    {
        List<string> seen = [];
        foreach (string[] path in Leaves(SlipwayCommand.Create(Nowhere), []))
        {
            RootCommand grammar = SlipwayCommand.Create(Nowhere);
            if (grammar.Parse(path).Errors.Count == 0)
            {
                continue;
            }

            (_, string error) = await RunAsync(path);
            string example = Example().Match(error).Groups[1].Value;
            Assert.StartsWith($"slipway {string.Join(' ', path)} ", example, StringComparison.Ordinal);
            Assert.Empty(grammar.Parse(example.Split(' ')[1..]).Errors);
            seen.Add(example);
        }

        Assert.True(seen.Count >= 25, $"only {seen.Count} commands were looked at");
        Assert.All(seen, static example => Assert.DoesNotMatch("[A-Z]{2,}", example));
    }

    private static CliTerminal Nowhere => new() { Out = TextWriter.Null, Error = TextWriter.Null };

    private static IEnumerable<string[]> Leaves(Command command, string[] path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(subcommand => Leaves(subcommand, [.. path, subcommand.Name]));

    private static async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        using StringWriter error = new();
        int code = await SlipwayCommand.RunAsync(args, new CliTerminal { Out = TextWriter.Null, Error = error });
        return (code, error.ToString());
    }

    [GeneratedRegex("as in '(.*?)' \\(see")]
    private static partial Regex Example();
}
