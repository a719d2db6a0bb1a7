using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.TestKit;

namespace Slipway.Cli.Tests.Commands;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_file_carries_where_it_came_from_and_what_its_features_are()
    {
        string source = _folder.Write("model.txt", LightGbmModels.Binary);
        string target = _folder.PathOf("out.onnx");
        (int code, string output, string error) = await RunAsync("convert", source, "--output", target, "--json");
        Assert.Equal((ExitCode.Done, ""), (code, error));

        using JsonDocument json = JsonDocument.Parse(output);
        byte[] bytes = await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken);
        Assert.Equal("lightgbm", json.RootElement.GetProperty("format").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), json.RootElement.GetProperty("sha256").GetString());
        JsonElement model = json.RootElement.GetProperty("model");
        Assert.Equal("slipway", model.GetProperty("producer").GetString());
        Assert.NotEqual("", model.GetProperty("producerVersion").GetString());
        JsonElement metadata = model.GetProperty("metadata");
        Assert.Equal("""["a","b"]""", metadata.GetProperty("slipway.features").GetString());
        Assert.Equal(json.RootElement.GetProperty("sourceDigest").GetString(), metadata.GetProperty("source_digest").GetString());
        Assert.Equal("LightGBM", metadata.GetProperty("source").GetString());

        (code, output, _) = await RunAsync("inspect", target, "--json");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("slipway.features", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_converted_file_scores_as_the_model_does()
    {
        string source = _folder.Write("model.txt", LightGbmModels.Binary);
        string target = _folder.PathOf("out.onnx");
        string rows = _folder.Write("rows.csv", "b,a\n1,0.5\n1,0.6\n,\n");
        Assert.Equal(ExitCode.Done, (await RunAsync("convert", source, "-o", target)).Code);
        foreach (string model in (string[])[source, target])
        {
            Assert.Equal(ExitCode.Done, (await RunAsync("score", model, "-i", rows, "-o", model + ".csv")).Code);
        }

        string expected = await File.ReadAllTextAsync(source + ".csv", TestContext.Current.CancellationToken);
        Assert.Equal(4, expected.Count(static character => character == '\n'));
        Assert.Equal(expected, await File.ReadAllTextAsync(target + ".csv", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_other_runtimes_refuse_is_said_to_be_one()
    {
        string source = _folder.PathOf("model.keras");
        await using (ZipArchive layers = await ZipFile.OpenReadAsync(Path.Combine(Repository.Root, "tests", "Slipway.Keras.Tests", "Fixtures", "layers.zip"), TestContext.Current.CancellationToken))
        {
            await layers.GetEntry("hashing/model.keras")!.ExtractToFileAsync(source, TestContext.Current.CancellationToken);
        }

        (int code, _, string error) = await RunAsync("convert", source, "-o", _folder.PathOf("out.onnx"));
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("operators of the domain ai.slipway", error, StringComparison.Ordinal);

        (_, _, error) = await RunAsync("convert", _folder.Write("model.txt", LightGbmModels.Binary), "-o", _folder.PathOf("plain.onnx"));
        Assert.DoesNotContain("ai.slipway", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_when_told_so()
    {
        string source = _folder.Write("model.txt", LightGbmModels.Binary);
        string target = _folder.Write("out.onnx", "precious");
        (int code, _, string error) = await RunAsync("convert", source, "-o", target);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--force", error, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));

        Assert.Equal(ExitCode.Done, (await RunAsync("convert", source, "-o", target, "--force")).Code);
        Assert.NotEqual("precious", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_model_that_is_damaged_or_no_model_leaves_no_file_and_is_status_3()
    {
        string target = _folder.PathOf("out.onnx");
        foreach (string content in (string[])[LightGbmModels.Binary.Replace("left_child=-1", "left_child=9", StringComparison.Ordinal), "GGUF", "", "hello"])
        {
            (int code, _, string error) = await RunAsync("convert", _folder.Write("model.txt", content), "-o", target);
            Assert.Equal(ExitCode.BadInput, code);
            Assert.Equal(1, error.Count(static character => character == '\n'));
            Assert.Equal(["model.txt"], Directory.EnumerateFileSystemEntries(_folder.Root).Select(Path.GetFileName));
        }
    }

    [Fact]
    public async Task An_onnx_file_comes_back_as_it_is()
    {
        byte[] bytes = OnnxModels.AddSub();
        string target = _folder.PathOf("out.onnx");
        Assert.Equal(ExitCode.Done, (await RunAsync("convert", _folder.Write("model.onnx", bytes), "-o", target)).Code);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_target_that_makes_no_sense_is_wrong_usage()
    {
        string source = _folder.Write("model.txt", LightGbmModels.Binary);
        foreach (string target in (string[])[source, _folder.Root, _folder.PathOf("none/out.onnx"), _folder.PathOf("out.onnx.gz")])
        {
            Assert.Equal(ExitCode.Usage, (await RunAsync("convert", source, "-o", target, "--force")).Code);
        }

        Assert.Equal(ExitCode.Usage, (await RunAsync("convert", source)).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("convert", source, "-o", "-", "--json")).Code);
    }

    [Fact]
    public async Task A_format_that_is_only_recognised_is_status_3_and_says_what_to_do()
    {
        string model = _folder.Write("model.gguf", "GGUF and more");
        string rows = _folder.Write("rows.csv", "a\n1\n");
        (int code, _, string error) = await RunAsync("score", model, "-i", rows, "-o", _folder.PathOf("out.csv"));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("GGUF language model", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tensors_behind_a_symbolic_link_are_refused_offline_too()
    {
        string other = _folder.Write("elsewhere/weights.bin", new byte[8]);
        string model = _folder.Write("model.onnx", OnnxModels.WithExternalData());
        File.CreateSymbolicLink(_folder.PathOf("weights.bin"), other);
        string rows = _folder.Write("rows.csv", "x\n1\n");
        (int code, _, string error) = await RunAsync("score", model, "-i", rows, "-o", _folder.PathOf("out.csv"));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("symbolic link", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await SlipwayCommand.RunAsync(args, new CliTerminal { Out = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
