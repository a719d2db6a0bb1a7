using System.Globalization;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>Publishing, pointing, serving and asking for the past, with the real program.</summary>
public sealed class RegistryTests : IDisposable
{
    private static readonly float[] Zeros = [0f, 0f];

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _files = new();

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Pushed_model_answers_once_an_alias_points_at_it_and_the_server_was_there_before()
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient client = new(server.Http);

        Assert.StartsWith("m:1 published: onnx", await RunAsync(server, "model", "push", Model(1), "--name", "m"), StringComparison.Ordinal);
        SlipwayClientException unserved = await Assert.ThrowsAsync<SlipwayClientException>(() => client.InferAsync(Call()));
        Assert.Contains("no alias", unserved.Message, StringComparison.Ordinal);
        Assert.Equal("m@champion → 1", await RunAsync(server, "model", "alias", "m", "champion", "1"));

        Assert.Equal(("1", 1f), await EventuallyAsync(client, "1"));
        InferResult labelled = await client.InferAsync(Call() with { Version = "champion" });
        Assert.Equal("1", labelled.Version);
    }

    [Fact]
    public async Task Pushed_model_is_served_by_a_server_that_starts_afterwards()
    {
        await DirectAsync("model", "push", Model(3), "--name", "m", "--alias", "champion");

        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient client = new(server.Http);

        Assert.Equal(1, server.Models);
        Assert.Equal(("1", 3f), Of(await client.InferAsync(Call())));
    }

    [Fact]
    public async Task Alias_that_another_process_moves_in_the_folder_moves_traffic()
    {
        await DirectAsync("model", "push", Model(1), "--name", "m", "--alias", "champion");
        await DirectAsync("model", "push", Model(2), "--name", "m");
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient client = new(server.Http);
        Assert.Equal(("1", 1f), Of(await client.InferAsync(Call())));

        await DirectAsync("model", "alias", "m", "champion", "2", "--expect", "1", "--reason", "better");

        Assert.Equal(("2", 2f), await EventuallyAsync(client, "2"));
    }

    [Fact]
    public async Task Moving_an_alias_to_and_fro_under_load_fails_no_request()
    {
        for (int value = 1; value <= 3; value++)
        {
            await DirectAsync("model", "push", Model(value), "--name", "m", "--alias", "champion");
        }

        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient client = new(server.Http);
        await using Load plain = Load.Start(server, Call(), rest: 2, grpc: 1);
        await using Load labelled = Load.Start(server, Call() with { Version = "champion" }, rest: 1, grpc: 0);
        foreach (int version in (int[])[1, 2, 3, 1, 3, 2])
        {
            await RunAsync(server, "model", "alias", "m", "champion", Text(version));
            Assert.Equal((Text(version), (float)version), await EventuallyAsync(client, Text(version)));
        }

        await plain.WaitForAsync(20);
        await labelled.WaitForAsync(20);
        Assert.Empty(plain.Failures);
        Assert.Empty(labelled.Failures);
    }

    [Fact]
    public async Task The_past_tells_where_an_alias_pointed_and_who_had_approved()
    {
        await DirectAsync("model", "push", Model(1), "--name", "m", "--alias", "champion", "--reason", "first");
        await DirectAsync("model", "approve", "m:1", "--comment", "fine");
        string then = await NextInstantAsync();
        await DirectAsync("model", "push", Model(2), "--name", "m", "--alias", "champion", "--reason", "second");

        string past = await DirectAsync("model", "show", "m", "--as-of", then, "--json");
        string now = await DirectAsync("model", "show", "m@champion", "--json");

        Assert.Contains("\"reason\": \"first\"", past, StringComparison.Ordinal);
        Assert.Contains("\"comment\": \"fine\"", past, StringComparison.Ordinal);
        Assert.DoesNotContain("second", past, StringComparison.Ordinal);
        Assert.Contains("\"number\": 2", now, StringComparison.Ordinal);
        (int code, _, string errors) = await SlipwayProcess.RunAsync("model", "show", "m", "--data", _data.Root, "--as-of", "2001-01-01");
        Assert.Equal((1, "slipway: there was no model 'm' at 2001-01-01T00:00:00Z\n"), (code, errors.ReplaceLineEndings("\n").Trim() + "\n"));
    }

    [Fact]
    public async Task Server_that_is_killed_while_versions_are_pushed_comes_back_with_whole_versions_only()
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        string url = server.Admin.ToString();
        byte[] weights = new byte[24 << 20];
        new Random(1).NextBytes(weights);
        string folder = Path.GetDirectoryName(_files.Write("big/model.onnx", OnnxModels.Add(7)))!;
        await File.WriteAllBytesAsync(Path.Combine(folder, "weights.bin"), weights, TestContext.Current.CancellationToken);
        await RunAsync(server, "model", "push", Model(1), "--name", "m", "--alias", "champion");

        Task<(int Code, string Output, string Errors)> pushing = SlipwayProcess.RunAsync("model", "push", folder, "--name", "m", "--url", url);
        await server.KillAsync();
        (int code, _, _) = await pushing;

        await using SlipwayProcess again = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient client = new(again.Http);
        Assert.Equal(("1", 1f), Of(await client.InferAsync(Call())));
        string list = await RunAsync(again, "model", "show", "m");
        Assert.Equal(code == 0, list.Contains("weights", StringComparison.Ordinal) || list.Contains("| 2 ", StringComparison.Ordinal));
        Assert.Equal("m:", (await RunAsync(again, "model", "push", folder, "--name", "m"))[..2]);
    }

    [Fact]
    public async Task Two_commands_at_once_publish_two_versions_and_one_compare_and_set_wins()
    {
        await DirectAsync("model", "push", Model(1), "--name", "m", "--alias", "champion");
        string[] published = await Task.WhenAll(Enumerable.Range(2, 3).Select(value => DirectAsync("model", "push", Model(value), "--name", "m")));
        (int Code, string Output, string Errors)[] moved = await Task.WhenAll(Enumerable.Range(2, 3).Select(version =>
            SlipwayProcess.RunAsync("model", "alias", "m", "champion", Text(version), "--expect", "1", "--data", _data.Root)));

        Assert.Equal(["m:2", "m:3", "m:4"], published.Select(line => line[..3]).Order());
        Assert.Single(moved, static move => move.Code == 0);
        Assert.All(moved.Where(static move => move.Code != 0), static move => Assert.Contains("champion", move.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Downloaded_files_are_those_that_were_pushed_and_nothing_is_overwritten()
    {
        string folder = Path.GetDirectoryName(_files.Write("model/model.onnx", OnnxModels.Add(1)))!;
        _files.Write("model/notes/readme.txt", "hello"u8.ToArray());
        await DirectAsync("model", "push", folder, "--name", "m");
        string target = _files.PathOf("out");

        await DirectAsync("model", "download", "m:1", "--output", target);
        (int code, _, string errors) = await SlipwayProcess.RunAsync("model", "download", "m", "--output", target, "--data", _data.Root);

        Assert.Equal(OnnxModels.Add(1), await File.ReadAllBytesAsync(Path.Combine(target, "model.onnx"), TestContext.Current.CancellationToken));
        Assert.Equal("hello", await File.ReadAllTextAsync(Path.Combine(target, "notes/readme.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(2, code);
        Assert.Contains("--force", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "there is no file or folder", "model", "push", "nothing.onnx", "--name", "m")]
    [InlineData(2, "KEY=VALUE was expected", "model", "push", "nothing.onnx", "--name", "m", "--tag", "x")]
    [InlineData(2, "a number was expected", "model", "push", "nothing.onnx", "--name", "m", "--metric", "x=y")]
    [InlineData(1, "the registry has no model 'nobody'", "model", "show", "nobody")]
    [InlineData(1, "nobody", "model", "alias", "nobody", "champion", "1")]
    [InlineData(2, "VERSION is missing", "model", "alias", "m", "champion")]
    [InlineData(2, "--expect", "model", "alias", "m", "champion", "1", "--expect", "x")]
    [InlineData(2, "is no time", "model", "show", "m", "--as-of", "yesterday")]
    [InlineData(2, "names no version", "model", "approve", "m")]
    [InlineData(2, "give one of them", "model", "list", "--url", "http://127.0.0.1:1")]
    [InlineData(2, "there is no file or folder", "apply", "-f", "nothing.yaml")]
    [InlineData(3, "there is no folder", "import", "triton", "nothing")]
    public async Task Wrong_use_is_one_line_and_a_status(int code, string expected, params string[] args)
    {
        (int status, string output, string errors) = await SlipwayProcess.RunAsync([.. args, "--data", _data.Root]);

        Assert.Equal(code, status);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Empty(output);
    }

    [Fact]
    public async Task Declared_models_are_made_and_the_second_time_nothing_is_done()
    {
        _files.Write("models/add.onnx", OnnxModels.Add(5));
        string file = _files.Write("registry.yaml", "models: {m: {description: adds, versions: [{path: models/add.onnx, metrics: {rmse: 0.5}}], aliases: {champion: models/add.onnx}}}\n");

        string planned = await DirectAsync("apply", "-f", file, "--dry-run");
        string first = await DirectAsync("apply", "-f", file);
        string second = await DirectAsync("apply", "-f", file);

        Assert.Equal(first, planned);
        Assert.Contains("m: + publish models/add.onnx", first, StringComparison.Ordinal);
        Assert.Empty(second);
        Assert.Contains("champion→1", await DirectAsync("model", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imported_repository_is_served_as_it_was_and_is_imported_once()
    {
        _files.Write("repository/m/2/model.onnx", OnnxModels.Add(2));
        _files.Write("repository/m/5/model.onnx", OnnxModels.Add(5));
        _files.Write("repository/m/config.pbtxt", "name: \"m\"\nplatform: \"onnxruntime_onnx\"\n"u8.ToArray());

        string first = await DirectAsync("import", "triton", _files.PathOf("repository"));
        string second = await DirectAsync("import", "triton", _files.PathOf("repository"));
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        using SlipwayClient client = new(server.Http);

        Assert.Equal("m: versions 2 as 1, 5 as 2; champion→2", first);
        Assert.Equal("m: versions 2 as 1, 5 as 2", second);
        Assert.Equal(("2", 5f), Of(await client.InferAsync(Call())));
    }

    private static InferCall Call() => new("m", [ClientTensor.Of("x", [1, 2], Zeros)]);

    private static (string? Version, float Value) Of(InferResult result) => (result.Version, (float)result["y"][0]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Model(int value) => _files.Write($"add{value}.onnx", OnnxModels.Add(value));

    private static async Task<string> RunAsync(SlipwayProcess server, params string[] args) => await RunAsync([.. args, "--url", server.Admin.ToString()]);

    private Task<string> DirectAsync(params string[] args) => RunAsync([.. args, "--data", _data.Root]);

    private static async Task<string> RunAsync(string[] args)
    {
        (int code, string output, string errors) = await SlipwayProcess.RunAsync(args);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {code} {errors}");
        return output.Trim();
    }

    private static async Task<(string? Version, float Value)> EventuallyAsync(SlipwayClient client, string version)
    {
        while (true)
        {
            try
            {
                InferResult result = await client.InferAsync(Call());
                if (result.Version == version)
                {
                    return Of(result);
                }
            }
            catch (SlipwayClientException refusal) when (refusal.IsTransient)
            {
                // Not served yet.
            }

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    // A moment that is after what was done and before what is to be done: the store counts in milliseconds.
    private static async Task<string> NextInstantAsync()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow.AddMilliseconds(1);
        while (DateTimeOffset.UtcNow <= now.AddMilliseconds(1))
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        return now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
