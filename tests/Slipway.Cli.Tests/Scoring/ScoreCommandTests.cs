using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.Cli.Tests.Scoring;

public sealed class ScoreCommandTests : IDisposable
{
    private const string Case = "perf/sklearn-onnx/rf100_breast_cancer";

    private readonly ScoringFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Scores_a_forest_as_its_makers_did()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using JsonDocument expected = JsonDocument.Parse(await File.ReadAllBytesAsync(Assets.PathOf(Case + ".expected.json")));
        double[] second = [.. expected.RootElement.GetProperty("predict_proba").EnumerateArray().Select(row => row[1].GetDouble())];

        (int code, string error) = await RunAsync(Assets.PathOf(Case + ".onnx"), "--input", Assets.PathOf(Case + ".csv"), "--output", _fixture.Output);

        Assert.Equal((0, ""), (code, error.StartsWith("scored ", StringComparison.Ordinal) ? "" : error));
        string[] lines = await File.ReadAllLinesAsync(_fixture.Output);
        Assert.Equal("label,probabilities_0,probabilities_1", lines[0]);
        Assert.Equal(second.Length, lines.Length - 1);
        for (int i = 0; i < second.Length; i++)
        {
            Assert.Equal(second[i], double.Parse(lines[i + 1].Split(',')[2], CultureInfo.InvariantCulture), 1e-5);
        }
    }

    [Fact]
    public async Task Batch_format_and_compression_change_no_answer()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        string[] lines = await File.ReadAllLinesAsync(Assets.PathOf(Case + ".csv"));
        string[] names = lines[0].Split(',');
        string packed = Path.Combine(_fixture.Folder, "rows.jsonl.gz");
        await using (GZipStream stream = new(File.Create(packed), CompressionLevel.Fastest))
        await using (StreamWriter writer = new(stream))
        {
            foreach (string[] cells in lines[1..].Select(line => line.Split(',')))
            {
                await writer.WriteLineAsync("{" + string.Join(',', names.Zip(cells, (name, cell) => $"\"{name}\":{cell}")) + "}");
            }
        }

        await RunAsync(Assets.PathOf(Case + ".onnx"), "-i", Assets.PathOf(Case + ".csv"), "-o", _fixture.Output, "--batch", "1", "--threads", "1");
        string again = Path.Combine(_fixture.Folder, "again.csv");
        (int code, string error) = await RunAsync(Assets.PathOf(Case + ".onnx"), "-i", packed, "-o", again, "--batch", "7", "--threads", "3");

        Assert.True(code == 0, error);
        string[] one = await File.ReadAllLinesAsync(_fixture.Output);
        string[] many = await File.ReadAllLinesAsync(again);
        Assert.Equal(one[0], many[0]);
        Assert.Equal(lines.Length, one.Length);
        Assert.Equal(lines.Length, many.Length);
        for (int i = 1; i < one.Length; i++)
        {
            // The engine adds a hundred trees in as many parts as it has threads, which all tests of a process share: the last digits may differ.
            Assert.All(Numbers(one[i]).Zip(Numbers(many[i])), static pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }

        static IEnumerable<double> Numbers(string line) => line.Split(',').Select(static cell => double.Parse(cell, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Rows_that_change_each_others_answers_are_run_one_by_one_unless_a_batch_is_asked_for()
    {
        // 8 bits for the range of all values at hand: next to 1000, 1 becomes 0.
        string model = Path.Combine(_fixture.Folder, "model.onnx");
        await File.WriteAllBytesAsync(model, new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, "batch", 2).Output("y", OnnxDataType.Float, "batch", 2)
            .Node("DynamicQuantizeLinear", ["x"], ["q", "scale", "zero"]).Node("DequantizeLinear", ["q", "scale", "zero"], ["y"])
            .Build());
        string rows = Path.Combine(_fixture.Folder, "rows.csv");
        await File.WriteAllTextAsync(rows, "x_0,x_1\n1,1\n1000,1000\n");

        (int code, string error) = await RunAsync(model, "-i", rows, "-o", _fixture.Output);
        Assert.Equal(0, code);
        Assert.Contains("--batch N", error, StringComparison.Ordinal);
        Assert.Equal(["y_0,y_1", "1,1", "1000,1000"], await File.ReadAllLinesAsync(_fixture.Output));

        (code, error) = await RunAsync(model, "-i", rows, "-o", _fixture.Output, "--batch", "2");
        Assert.Equal(0, code);
        Assert.DoesNotContain("--batch N", error, StringComparison.Ordinal);
        Assert.Equal(["y_0,y_1", "0,0", "1000,1000"], await File.ReadAllLinesAsync(_fixture.Output));
    }

    [Fact]
    public async Task Outputs_are_chosen_and_an_unknown_one_is_named()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        string model = Assets.PathOf(Case + ".onnx");
        await RunAsync(model, "-i", Assets.PathOf(Case + ".csv"), "-o", _fixture.Output, "--outputs", "label");
        Assert.Equal("label", (await File.ReadAllLinesAsync(_fixture.Output))[0]);

        (int code, string error) = await RunAsync(model, "-i", Assets.PathOf(Case + ".csv"), "-o", _fixture.Output, "--outputs", "labels");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("'labels'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_whose_every_row_is_bad_is_bad_input()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        string input = Path.Combine(_fixture.Folder, "in.csv");
        string header = (await File.ReadAllLinesAsync(Assets.PathOf(Case + ".csv")))[0];
        await File.WriteAllTextAsync(input, header + "\n1,2,3\n");

        Assert.Equal(ExitCode.BadInput, (await RunAsync(Assets.PathOf(Case + ".onnx"), "-i", input, "-o", _fixture.Output)).Code);
        Assert.Equal(["in.csv", "out.csv", "out.rejected.csv"], _fixture.Files);
    }

    [Fact]
    public async Task A_compressed_file_that_is_cut_off_or_damaged_is_bad_input_and_leaves_nothing()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using MemoryStream whole = new();
        await using (GZipStream stream = new(whole, CompressionLevel.Fastest, leaveOpen: true))
        {
            await stream.WriteAsync(await File.ReadAllBytesAsync(Assets.PathOf(Case + ".csv")));
        }

        byte[] packed = whole.ToArray();
        byte[] damaged = [.. packed];
        damaged[^6] ^= 1;
        string input = Path.Combine(_fixture.Folder, "in.csv.gz");
        foreach (byte[] bytes in (byte[][])[packed[..(packed.Length / 2)], packed[..^1], damaged, "no gzip"u8.ToArray()])
        {
            await File.WriteAllBytesAsync(input, bytes);
            (int code, string error) = await RunAsync(Assets.PathOf(Case + ".onnx"), "-i", input, "-o", _fixture.Output);
            Assert.Equal(ExitCode.BadInput, code);
            Assert.Contains("in.csv.gz' is damaged or cut off", error, StringComparison.Ordinal);
            Assert.Equal(["in.csv.gz"], _fixture.Files);
        }
    }

    [Theory]
    [InlineData("in.csv", "", "in.csv': the input is empty")]
    [InlineData("in.csv", "a,b,c,d\n1,2,3,4\n1,\"2", "in.csv': the row that begins at line 3 has a quote that is never closed")]
    [InlineData("in.csv", "a,b\n1,2\n", "in.csv': input 'x' takes 4 values")]
    [InlineData("in.csv", "a,b,c,d\n1,2,3,x\n", "in.csv': line 2: column 'd': not a valid FP32")]
    [InlineData("in.csv", "a;b;c;d\n1;2;3;4\n", "the first line holds ';' and no ',': try --delimiter ';'")]
    [InlineData("in.csv", "a\tb\tc\td\n1\t2\t3\t4\n", "try --delimiter tab")]
    [InlineData("in.jsonl", "[]\n", "in.jsonl': the first row is not a JSON object")]
    [InlineData("folder.csv", null, "folder.csv' is a folder")]
    public async Task What_is_wrong_with_the_rows_is_said_with_the_name_of_their_file(string name, string? text, string expected)
    {
        string model = Path.Combine(_fixture.Folder, "model.onnx");
        string input = Path.Combine(_fixture.Folder, name);
        await File.WriteAllBytesAsync(model, OnnxModels.Add(1, width: 4));
        if (text is null)
        {
            Directory.CreateDirectory(input);
        }
        else
        {
            await File.WriteAllTextAsync(input, text);
        }

        (int code, string error) = await RunAsync(model, "-i", input, "-o", _fixture.Output, "--strict");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("out.csv", _fixture.Files);
    }

    [Theory]
    [InlineData("a;b;c;d\n1;2;3;4\n", ";")]
    [InlineData("a\tb\tc\td\n1\t2\t3\t4\n", "tab")]
    public async Task The_delimiter_that_an_error_suggests_works(string text, string delimiter)
    {
        string model = Path.Combine(_fixture.Folder, "model.onnx");
        string input = Path.Combine(_fixture.Folder, "in.csv");
        await File.WriteAllBytesAsync(model, OnnxModels.Add(1, width: 4));
        await File.WriteAllTextAsync(input, text);

        (int code, string error) = await RunAsync(model, "-i", input, "-o", _fixture.Output, "--delimiter", delimiter);

        Assert.True(code == ExitCode.Done, error);
        Assert.DoesNotContain("--delimiter", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_takes_one_value_is_scored_with_a_note_about_the_delimiter()
    {
        string model = Path.Combine(_fixture.Folder, "model.onnx");
        string input = Path.Combine(_fixture.Folder, "in.csv");
        await File.WriteAllBytesAsync(model, OnnxModels.Add(1, width: 1));
        await File.WriteAllTextAsync(input, "a;b\n1;2\n");

        (int code, string error) = await RunAsync(model, "-i", input, "-o", _fixture.Output);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("note: the first line holds ';' and no ',': try --delimiter ';'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_is_a_folder_is_refused_before_any_row_is_scored()
    {
        string model = Path.Combine(_fixture.Folder, "model.onnx");
        string input = Path.Combine(_fixture.Folder, "in.csv");
        await File.WriteAllBytesAsync(model, OnnxModels.Add(1, width: 4));
        await File.WriteAllTextAsync(input, "a,b,c,d\n1,2,3,4\n");
        Directory.CreateDirectory(_fixture.Output);

        (int code, string error) = await RunAsync(model, "-i", input, "-o", _fixture.Output);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("out.csv' is a folder", error, StringComparison.Ordinal);
        Assert.Equal(["in.csv", "model.onnx", "out.csv"], _fixture.Files);
    }

    [Theory]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.parquet", "-o", "out.csv")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "-", "-o", "out.csv")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.csv", "-o", "in.csv")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.csv", "-o", "out.csv", "--rejects", "in.csv")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.csv", "-o", "out.csv", "--rejects", "out.csv")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.rejected.csv", "-o", "in.csv")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.csv", "-o", "./model.onnx", "--output-format", "csv")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.csv", "-o", "out.csv", "--batch", "0")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.csv", "-o", "out.csv", "--delimiter", "ab")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.csv")]
    [InlineData(ExitCode.Usage, "model.onnx", "-i", "in.csv", "-o", "-", "--output-format", "csv", "--json")]
    [InlineData(ExitCode.BadInput, "no-such-model.onnx", "-i", "in.csv", "-o", "out.csv")]
    public async Task A_wrong_call_has_its_exit_status_and_one_line(int status, params string[] arguments)
    {
        (int code, string error) = await RunAsync(arguments);

        Assert.Equal(status, code);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await SlipwayCommand.RunAsync(["score", .. arguments], new CliTerminal { Out = output, Error = error });
        return (code, error.ToString());
    }
}
