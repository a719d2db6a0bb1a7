using System.Text;
using Slipway.Cli.Terminal;
using Slipway.TestKit;

namespace Slipway.Cli.Tests.Commands;

public sealed class PipelineCommandTests
{
    [Theory]
    [InlineData("y: a.y", ExitCode.Done, "p: ready, 1 inputs, 1 outputs")]
    [InlineData("y: a.z", ExitCode.BadInput, "outputs.y: step 'a' has no output 'z'")]
    [InlineData("y: b", ExitCode.Usage, "pipelines.p.outputs.y: there is no step or input 'b'")]
    public async Task A_file_is_checked_against_the_models_of_a_folder(string output, int expected, string message)
    {
        using TemporaryFolder folder = new();
        folder.Write("models/adder/1/model.onnx", OnnxModels.Add(1));
        folder.Write("slipway.yaml", Encoding.UTF8.GetBytes($"pipelines: {{ p: {{ inputs: {{ x: 'FP32[-1, 2]' }}, steps: {{ a: {{ model: adder, inputs: {{ x: x }} }} }}, outputs: {{ {output} }} }} }}"));
        using StringWriter written = new(), error = new();
        int code = await SlipwayCommand.RunAsync(
            ["pipeline", "check", Path.Combine(folder.Root, "slipway.yaml"), "--models", Path.Combine(folder.Root, "models")], new CliTerminal { Out = written, Error = error });
        Assert.Equal(expected, code);
        Assert.Contains(message, written.ToString() + error, StringComparison.Ordinal);
    }
}
