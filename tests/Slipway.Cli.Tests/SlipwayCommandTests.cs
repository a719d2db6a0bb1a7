using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Slipway.Cli.Terminal;
using Slipway.TestKit;

namespace Slipway.Cli.Tests;

public sealed class SlipwayCommandTests
{
    [Theory]
    [InlineData("verve")]
    [InlineData("serve", "--htp", "127.0.0.1:0")]
    [InlineData("serve", "--http")]
    [InlineData("serve", "--http", "nonsense")]
    [InlineData("serve", "--http", "0.0.0.0:0")]
    [InlineData("serve", "--models", "/there/is/no/such/folder")]
    [InlineData("serve", "--config", "/there/is/no/such/file.yaml")]
    [InlineData("serve", "--watch", "perhaps")]
    [InlineData("predict", "m", "--input", "rows.csv", "--output", "./rows.csv")]
    [InlineData("pipeline", "check", "/there/is/no/such/file.yaml")]
    [InlineData("bench")]
    [InlineData("bench", "--model", "m", "--connections", "0")]
    [InlineData("bench", "--model", "m", "--rate", "-1")]
    [InlineData("bench", "--model", "m", "--duration", "0")]
    [InlineData("bench", "--model", "m", "--protocol", "carrier-pigeon")]
    [InlineData("bench", "--model", "m", "--url", "ftp://x")]
    [InlineData("bench", "--model", "m", "--shape", "x")]
    public async Task Wrong_usage_is_one_line_on_standard_error_and_status_2(params string[] args)
    {
        (int code, string output, string error) = await RunAsync(args);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal("", output);
        Assert.StartsWith("slipway", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(character => character == '\n'));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_status_1()
    {
        (int code, _, string error) = await RunAsync("bench", "--model", "m", "--url", "127.0.0.1:1");
        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith("slipway: no server answers: ", error, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", error, StringComparison.Ordinal);
        Assert.Contains("is it started, and is this its address?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_that_answers_at_the_address_is_named()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answer = AnswerAsync(listener);

        (int code, _, string error) = await RunAsync("endpoint", "list", "--url", $"http://{listener.LocalEndpoint}");

        await answer;
        Assert.NotEqual(ExitCode.Done, code);
        Assert.Equal($"slipway: {listener.LocalEndpoint} answered 400 Bad Request without a reason: is it the right address and port?{Environment.NewLine}", error);

        static async Task AnswerAsync(TcpListener listener)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            _ = await client.GetStream().ReadAsync(new byte[4096]);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        }
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_wrong_usage()
    {
        string file = Path.GetTempFileName();
        try
        {
            (int code, _, string error) = await RunAsync("serve", "--data", file);

            Assert.Equal((ExitCode.Usage, $"slipway: data: '{file}' is a file; expected a folder{Environment.NewLine}"), (code, error));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("serve", "--help")]
    [InlineData("version")]
    public async Task Help_and_version_are_status_0(params string[] args)
    {
        (int code, string output, string error) = await RunAsync(args);
        Assert.Equal(ExitCode.Done, code);
        Assert.NotEqual("", output);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task The_page_about_the_command_line_has_every_command()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "command-line.md"), TestContext.Current.CancellationToken);
        string[][] rows =
        [
            .. page.Split('\n')
                .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(static line => line[3..line.IndexOf('`', 3)].Replace("\\|", "|", StringComparison.Ordinal).Split(' ')),
        ];

        foreach (Command command in SlipwayCommand.Create(new CliTerminal { Out = TextWriter.Null, Error = TextWriter.Null }).Subcommands)
        {
            string[][] told = [.. rows.Where(row => row[0] == command.Name)];
            Assert.True(told.Length > 0, $"{command.Name} is not on the page");
            Assert.All(command.Subcommands, subcommand => Assert.Contains(told, row => row[1].Split('|').Contains(subcommand.Name)));
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await SlipwayCommand.RunAsync(args, new CliTerminal { Out = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
