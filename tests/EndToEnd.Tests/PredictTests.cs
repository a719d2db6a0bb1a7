using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

public sealed class PredictTests
{
    [Fact]
    public async Task Predicting_with_a_server_and_scoring_without_one_give_the_same_rows()
    {
        string samples = Path.Combine(Repository.Root, "samples", "quickstart");
        using TemporaryFolder answers = new();
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", Path.Combine(samples, "models"));
        foreach (string name in (string[])["iris", "breast_cancer", "digits"])
        {
            foreach (string ending in (string[])["csv", "jsonl"])
            {
                string rows = Path.Combine(samples, "rows", $"{name}.csv");
                string predicted = answers.PathOf($"{name}.predicted.{ending}"), scored = answers.PathOf($"{name}.scored.{ending}");
                (int code, _, string errors) = await SlipwayProcess.RunAsync(
                    "predict", name, "--input", rows, "--output", predicted, "--url", server.Http.ToString(), "--batch", "5");
                Assert.True(code == 0, errors);
                (code, _, errors) = await SlipwayProcess.RunAsync("score", Path.Combine(samples, "models", name, "1", "model.onnx"), "--input", rows, "--output", scored);
                Assert.True(code == 0, errors);

                // Open Inference's metadata has no class names, so the header of a CSV counts the classes where scoring names them.
                int header = ending == "csv" ? 1 : 0;
                string[] expected = await File.ReadAllLinesAsync(scored);
                Assert.Equal(12 + header, expected.Length);
                Assert.Equal(expected[header..], (await File.ReadAllLinesAsync(predicted))[header..]);
            }
        }
    }

    [Fact]
    public async Task A_bad_row_is_status_3_with_its_line_and_an_unknown_model_status_1()
    {
        using TemporaryFolder files = new();
        string rows = files.Write("rows.csv", "x_0,x_1\n1,2\n1,two\n");
        files.Write("models/m/1/model.onnx", OnnxModels.Add(1));
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", files.PathOf("models"));

        (int code, string output, string errors) = await SlipwayProcess.RunAsync("predict", "m", "--input", rows, "--url", server.Http.ToString());
        Assert.Equal(3, code);
        Assert.Equal("", output);
        Assert.Contains("line 3", errors, StringComparison.Ordinal);

        (code, _, errors) = await SlipwayProcess.RunAsync("predict", "nope", "--input", rows, "--url", server.Http.ToString());
        Assert.Equal(1, code);
        Assert.Contains("nope", errors, StringComparison.Ordinal);
    }
}
