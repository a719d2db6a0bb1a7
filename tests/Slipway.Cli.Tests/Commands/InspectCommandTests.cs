using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.TestKit;

namespace Slipway.Cli.Tests.Commands;

public sealed class InspectCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_is_described_for_people_and_for_machines()
    {
        string file = _folder.Write("model.onnx", OnnxModels.AddSub());

        (int code, string output, _) = await RunAsync("inspect", file);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("difference", output, StringComparison.Ordinal);
        Assert.Contains("[batch, 4]", output, StringComparison.Ordinal);

        (code, output, _) = await RunAsync("inspect", file, "--json");
        Assert.Equal(ExitCode.Done, code);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal("onnx", json.RootElement.GetProperty("format").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("outputs").GetArrayLength());
    }

    [Fact]
    public async Task A_file_that_is_no_model_or_not_there_is_status_3()
    {
        string file = _folder.Write("model.onnx", "not a model");
        foreach (string path in (string[])[file, _folder.PathOf("none.onnx")])
        {
            (int code, _, string error) = await RunAsync("inspect", path);
            Assert.Equal(ExitCode.BadInput, code);
            Assert.StartsWith("slipway: ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_damaged_model_is_named_by_every_command_that_reads_one()
    {
        string file = _folder.Write("cut.onnx", OnnxModels.AddSub().AsSpan(..^40).ToArray());
        Directory.CreateDirectory(_folder.PathOf("nothing"));
        string rows = _folder.Write("rows.csv", "a,b\n1,2\n");
        string output = _folder.PathOf("out.csv");
        foreach (string[] command in (string[][])
            [["inspect", file], ["convert", file, "-o", output], ["score", file, "-i", rows, "-o", output], ["model", "card", file], ["inspect", _folder.PathOf("nothing")]])
        {
            (int code, _, string error) = await RunAsync(command);
            Assert.Equal(ExitCode.BadInput, code);
            Assert.Contains(command[^1] == _folder.PathOf("nothing") ? "nothing'" : "cut.onnx'", error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await SlipwayCommand.RunAsync(args, new CliTerminal { Out = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
