using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Inference.Repository;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository;

/// <summary>Links, strange names and hostile folders.</summary>
public sealed class FolderSafetyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _outside = new();

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public async Task External_data_is_loaded_from_plain_files_of_the_version()
    {
        _folder.Write("m/1/model.onnx", OnnxModels.WithExternalData());
        _folder.Write("m/1/weights.bin", new byte[8]);

        using PreparedModel model = await PrepareAsync("m");

        Assert.NotNull(model.Model.File);
        Assert.NotNull(model.ExternalData["weights.bin"].File);
        Assert.Matches("^[0-9a-f]{64}$", model.Digest);
    }

    [Fact]
    public async Task External_data_behind_a_link_is_refused()
    {
        _folder.Write("m/1/model.onnx", OnnxModels.WithExternalData());
        File.CreateSymbolicLink(_folder.PathOf("m/1/weights.bin"), _outside.Write("secret", new byte[8]));
        await RefusedAsync("m", "symbolic link");
    }

    [Fact]
    public async Task External_data_in_a_folder_that_is_a_link_is_refused()
    {
        _folder.Write("m/1/model.onnx", OnnxModels.WithExternalData("sub/weights.bin"));
        _outside.Write("sub/weights.bin", new byte[8]);
        Directory.CreateSymbolicLink(_folder.PathOf("m/1/sub"), _outside.PathOf("sub"));

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await PrepareAsync("m"));
        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
    }

    [Fact]
    public async Task External_data_with_a_second_name_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells the number of names");
        _folder.Write("m/1/model.onnx", OnnxModels.WithExternalData());
        string secret = _outside.Write("secret", new byte[8]);
        using Process link = Process.Start("ln", [secret, _folder.PathOf("m/1/weights.bin")]);
        await link.WaitForExitAsync(TestContext.Current.CancellationToken);
        await RefusedAsync("m", "second name");
    }

    [Fact]
    public async Task A_model_file_that_is_a_link_inside_its_version_is_refused()
    {
        _outside.Write("model.onnx", OnnxModels.Identity());
        Directory.CreateDirectory(_folder.PathOf("m/1"));
        File.CreateSymbolicLink(_folder.PathOf("m/1/model.onnx"), _outside.PathOf("model.onnx"));
        await RefusedAsync("m", "symbolic link");
    }

    [Fact]
    public async Task A_pipe_is_never_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        Directory.CreateDirectory(_folder.PathOf("m/1"));
        using Process make = Process.Start("mkfifo", [_folder.PathOf("m/1/model.onnx")]);
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        await RefusedAsync("m", "is empty");
    }

    [Fact]
    public async Task A_model_folder_may_be_a_link_inside_the_models_folder_and_not_out_of_it()
    {
        _folder.Write(".store/abc/1/model.onnx", OnnxModels.Identity());
        Directory.CreateSymbolicLink(_folder.PathOf("inside"), ".store/abc");
        _outside.Write("1/model.onnx", OnnxModels.Identity());
        Directory.CreateSymbolicLink(_folder.PathOf("outside"), _outside.Root);
        Directory.CreateSymbolicLink(_folder.PathOf("round"), "round");
        Directory.CreateSymbolicLink(_folder.PathOf("up"), "../../../..");
        Directory.CreateDirectory(_folder.PathOf("version"));
        Directory.CreateSymbolicLink(_folder.PathOf("version/7"), _outside.PathOf("1"));

        DesiredState state = await LookAsync();

        Assert.Null(state.Models["inside"].Problem);
        Assert.Single(state.Models["inside"].Versions);
        Assert.All(["outside", "up", "version"], name => Assert.Contains("symbolic link", state.Models[name].Problem, StringComparison.Ordinal));
        Assert.False(state.Models.TryGetValue("round", out DesiredModel? round) && round.Versions.Count > 0);
        Assert.Null((await LookAsync(FolderLinks.Anywhere)).Models["outside"].Problem);
        Assert.NotNull((await LookAsync(FolderLinks.Never)).Models["inside"].Problem);
    }

    [Fact]
    public async Task A_swap_of_a_link_like_git_sync_does_it_is_seen_whole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a rename over a link");
        _outside.Write("rev-a/m/1/model.onnx", OnnxModels.Add(1));
        _outside.Write("rev-b/m/1/model.onnx", OnnxModels.Add(2, width: 3));
        _outside.Age(TimeSpan.FromMinutes(1));
        string link = _outside.PathOf("current");
        Directory.CreateSymbolicLink(link, "rev-a");
        FolderModelSourceOptions options = new() { Path = link, SettleTime = TimeSpan.Zero };
        using ScanLoop loop = new(new FolderScanner(options, TimeProvider.System), options, TimeProvider.System, NullLogger.Instance);
        ModelArtifact before = (await loop.LookAsync(CancellationToken.None)).Models["m"].Versions[1];

        Directory.CreateSymbolicLink(_outside.PathOf("next"), "rev-b");
        using Process move = Process.Start("mv", ["-Tf", _outside.PathOf("next"), link]);
        await move.WaitForExitAsync(TestContext.Current.CancellationToken);

        ModelArtifact after = (await loop.LookAsync(CancellationToken.None)).Models["m"].Versions[1];
        Assert.NotEqual(before.ChangeToken, after.ChangeToken);
        using Stream stream = after.OpenRead("model.onnx");
        Assert.Equal(OnnxModels.Add(2, width: 3).Length, stream.Length);
    }

    [Fact]
    public async Task A_Kubernetes_volume_is_read_through_its_data_link()
    {
        _folder.Write("m/1/..2026_01_01/model.onnx", OnnxModels.WithExternalData());
        _folder.Write("m/1/..2026_01_01/weights.bin", new byte[8]);
        Directory.CreateSymbolicLink(_folder.PathOf("m/1/..data"), "..2026_01_01");
        File.CreateSymbolicLink(_folder.PathOf("m/1/model.onnx"), "..data/model.onnx");
        File.CreateSymbolicLink(_folder.PathOf("m/1/weights.bin"), "..data/weights.bin");

        using PreparedModel model = await PrepareAsync("m");

        Assert.Equal(8, model.ExternalData["weights.bin"].Length);
    }

    [Theory]
    [InlineData("new\nline")]
    [InlineData("tab\tname")]
    [InlineData(" space")]
    [InlineData("a:b")]
    [InlineData("back\\slash")]
    public async Task Names_that_can_not_be_names_are_a_problem_of_theirs_alone(string name)
    {
        _folder.Write($"{name}/1/model.onnx", OnnxModels.Identity());
        _folder.Write("fine/1/model.onnx", OnnxModels.Identity());

        DesiredState state = await LookAsync();

        Assert.Contains("the name can't be a model's", state.Models[name].Problem, StringComparison.Ordinal);
        Assert.Null(state.Models["fine"].Problem);
    }

    [Theory]
    [InlineData("münchen-模型")]
    [InlineData("with space")]
    [InlineData("a.b.c")]
    [InlineData("-rf")]
    [InlineData("'; drop table")]
    public async Task Other_names_are_names(string name)
    {
        _folder.Write($"{name}/1/model.onnx", OnnxModels.Identity());
        Assert.Null((await LookAsync()).Models[name].Problem);
    }

    [Fact]
    public async Task A_file_and_a_folder_of_one_name_are_a_problem()
    {
        _folder.Write("m/1/model.onnx", OnnxModels.Identity());
        _folder.Write("m.onnx", OnnxModels.Identity());
        Assert.Contains("two things are named 'm'", (await LookAsync()).Models["m"].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_folders_and_files_are_a_problem_of_their_model_alone()
    {
        _folder.Write("deep/1/" + string.Concat(Enumerable.Repeat("d/", 20)) + "model.onnx", OnnxModels.Identity());
        _folder.Write("fine/1/model.onnx", OnnxModels.Identity());

        DesiredState state = await LookAsync();

        Assert.NotNull(state.Models["deep"].Problem);
        Assert.Null(state.Models["fine"].Problem);
    }

    [Fact]
    public async Task The_digest_names_the_bytes_and_the_names_and_nothing_else()
    {
        _folder.Write("a/1/model.onnx", OnnxModels.Identity());
        _folder.Write("b/7/model.onnx", OnnxModels.Identity());
        _folder.Write("c/1/model.onnx", OnnxModels.Identity());
        _folder.Write("c/1/extra.txt", "x");
        using PreparedModel a = await PrepareAsync("a");
        using PreparedModel b = await PrepareAsync("b");
        using PreparedModel c = await PrepareAsync("c");

        Assert.Equal(a.Digest, b.Digest);
        Assert.NotEqual(a.Digest, c.Digest);
    }

    [Fact]
    public async Task The_digest_is_the_hash_of_the_manifest()
    {
        byte[] bytes = OnnxModels.Identity();
        _folder.Write("a/1/model.onnx", bytes);
        _folder.Write("a/1/empty", "");
        _folder.Write("a/1/Z/notes.txt", "hello");
        using PreparedModel model = await PrepareAsync("a");

        string manifest = "slipway-version-1\n"
            + $"Z/notes.txt {Hash("hello"u8)} 5\n"
            + $"empty {Hash([])} 0\n"
            + $"model.onnx {Hash(bytes)} {bytes.Length}\n";
        Assert.Equal(Hash(System.Text.Encoding.UTF8.GetBytes(manifest)), model.Digest);
    }

    [Fact]
    public async Task A_version_of_thousands_of_files_needs_few_of_them_open_at_once()
    {
        _folder.Write("a/1/model.onnx", OnnxModels.Identity());
        for (int i = 0; i < 3000; i++)
        {
            _folder.Write($"a/1/parts/{i}", "x");
        }

        using PreparedModel model = await PrepareAsync("a");

        Assert.Equal(64, model.Digest.Length);
        Assert.True(!OperatingSystem.IsLinux() || Directory.GetFiles("/proc/self/fd").Length < 1500);
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private async Task<DesiredState> LookAsync(FolderLinks links = FolderLinks.WithinModels)
    {
        FolderModelSourceOptions options = new() { Path = _folder.Root, SettleTime = TimeSpan.Zero, Links = links };
        using ScanLoop loop = new(new FolderScanner(options, TimeProvider.System), options, TimeProvider.System, NullLogger.Instance);
        return await loop.LookAsync(CancellationToken.None);
    }

    private async Task<PreparedModel> PrepareAsync(string name)
    {
        DesiredModel model = (await LookAsync()).Models[name];
        Assert.Null(model.Problem);
        return await new ModelPreparer(ModelFormats.Default).PrepareAsync(Assert.Single(model.Versions).Value, CancellationToken.None);
    }

    private async Task RefusedAsync(string name, string reason)
    {
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await PrepareAsync(name));
        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_outside.Root, refused.Message, StringComparison.Ordinal);
    }
}
