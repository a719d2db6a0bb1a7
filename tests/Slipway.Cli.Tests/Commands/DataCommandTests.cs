using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Registry;
using Slipway.Registry.Options;
using Slipway.TestKit;

namespace Slipway.Cli.Tests.Commands;

public sealed class DataCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_is_checked_backed_up_restored_and_collected()
    {
        string data = _folder.PathOf("data"), backup = _folder.PathOf("backup"), restored = _folder.PathOf("restored");
        await FillAsync(data);

        Assert.Equal(ExitCode.Done, (await RunAsync("check", "--data", data)).Code);
        Assert.Equal(ExitCode.Done, (await RunAsync("backup", backup, "--data", data)).Code);
        Assert.Equal(ExitCode.Done, (await RunAsync("restore", backup, "--data", restored)).Code);
        (int code, string output, _) = await RunAsync("check", "--data", restored, "--json");
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(1, JsonDocument.Parse(output).RootElement.GetProperty("versions").GetInt64());

        Assert.Contains("removed 0 of 2", (await RunAsync("gc", "--data", data)).Output, StringComparison.Ordinal);
        Assert.Contains("would remove 1 of 2", (await RunAsync("gc", "--data", data, "--grace-hours", "0", "--dry-run")).Output, StringComparison.Ordinal);
        Assert.Contains("removed 1 of 2", (await RunAsync("gc", "--data", data, "--grace-hours", "0")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_is_listed_and_status_1()
    {
        string data = _folder.PathOf("data");
        await FillAsync(data);
        foreach (string blob in Directory.EnumerateFiles(Path.Combine(data, "blobs"), "*", SearchOption.AllDirectories))
        {
            File.Delete(blob);
        }

        (int code, string output, string error) = await RunAsync("check", "--data", data);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("version 1 of model fraud", output, StringComparison.Ordinal);
        Assert.Contains("1 problem", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("gc")]
    [InlineData("backup", "elsewhere")]
    public async Task A_folder_without_a_store_is_wrong_usage_and_gets_none(params string[] args)
    {
        (int code, _, string error) = await RunAsync([.. args, "--data", _folder.Root]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("holds no registry", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Root));
    }

    [Fact]
    public async Task Restoring_over_a_store_is_refused()
    {
        string data = _folder.PathOf("data");
        await FillAsync(data);
        await RunAsync("backup", _folder.PathOf("backup"), "--data", data);
        (int code, _, string error) = await RunAsync("restore", _folder.PathOf("backup"), "--data", data);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("holds a store already", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encrypted_content_is_checked_and_collected_with_its_configuration_and_kept_from_a_collection_without_it()
    {
        string data = _folder.PathOf("data");
        using RSA key = RSA.Create(2048);
        string config = _folder.Write(
            "slipway.yaml", $"data: \"{data}\"\nsecurity:\n  encryption:\n    keys: [\"{_folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem())}\"]\n");
        Assert.Equal(ExitCode.Done, (await SlipwayAsync("model", "push", _folder.Write("weights.bin", "secret"), "--name", "m", "--config", config)).Code);

        (int code, _, string error) = await RunAsync("gc", "--data", data, "--grace-hours", "0");
        Assert.NotEqual(ExitCode.Done, code);
        Assert.Contains("--config", error, StringComparison.Ordinal);
        Assert.NotEqual(ExitCode.Done, (await RunAsync("check", "--data", data)).Code);

        Assert.Contains("removed 0 of 1", (await RunAsync("gc", "--config", config, "--grace-hours", "0")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync("check", "--config", config)).Code);
    }

    [Fact]
    public async Task Encrypted_content_is_backed_up_and_restored_as_it_is_kept()
    {
        string data = _folder.PathOf("data"), backup = _folder.PathOf("backup"), restored = _folder.PathOf("restored");
        const string Secret = "a planted secret that is long enough to be found";
        using RSA key = RSA.Create(2048);
        string keys = $"security:\n  encryption:\n    keys: [\"{_folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem())}\"]\n";
        string config = _folder.Write("slipway.yaml", $"data: \"{data}\"\n{keys}");
        Assert.Equal(ExitCode.Done, (await SlipwayAsync("model", "push", _folder.Write("old.bin", "kept before encryption"), "--name", "m", "--data", data)).Code);
        Assert.Equal(ExitCode.Done, (await SlipwayAsync("model", "push", _folder.Write("weights.bin", Secret), "--name", "m", "--config", config)).Code);

        Assert.Contains("2 of them are new", (await RunAsync("backup", backup, "--config", config)).Output, StringComparison.Ordinal);
        Assert.Contains("0 of them are new", (await RunAsync("backup", backup, "--config", config)).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync("restore", backup, "--data", restored)).Code);
        foreach (string file in Directory.EnumerateFiles(backup, "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(restored, "*", SearchOption.AllDirectories)))
        {
            Assert.True((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Secret)) < 0, file);
        }

        string back = _folder.Write("back.yaml", $"data: \"{restored}\"\n{keys}");
        Assert.Equal(ExitCode.Done, (await RunAsync("check", "--config", back)).Code);
        Assert.NotEqual(ExitCode.Done, (await RunAsync("check", "--data", restored)).Code);

        // A folder for the one is none for the other.
        string plain = _folder.PathOf("plain");
        await FillAsync(plain);
        (int code, _, string error) = await RunAsync("backup", backup, "--data", plain);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("choose another folder", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_push_of_encrypted_content_left_is_collected()
    {
        string data = _folder.PathOf("data");
        using RSA key = RSA.Create(2048);
        string config = _folder.Write(
            "slipway.yaml", $"data: \"{data}\"\nsecurity:\n  encryption:\n    keys: [\"{_folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem())}\"]\n");
        Assert.Equal(ExitCode.Done, (await SlipwayAsync("model", "push", _folder.Write("weights.bin", "secret"), "--name", "m", "--config", config)).Code);
        string part = _folder.Write("data/blobs/incoming/0123", "half");
        string envelope = _folder.Write("data/envelopes/ab/0123.new", "half");
        File.SetLastWriteTimeUtc(part, DateTime.UtcNow.AddDays(-2));
        File.SetLastWriteTimeUtc(envelope, DateTime.UtcNow.AddDays(-2));

        Assert.Contains("and 2 unfinished ones", (await RunAsync("gc", "--config", config)).Output, StringComparison.Ordinal);
        Assert.False(File.Exists(part) || File.Exists(envelope));
        Assert.Equal(ExitCode.Done, (await RunAsync("check", "--config", config)).Code);
    }

    private static async Task FillAsync(string data)
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddSlipwayRegistry(new RegistryOptions { DataFolder = data }).BuildServiceProvider();
        IBlobStore blobs = services.GetRequiredService<IBlobStore>();
        await blobs.PutAsync(new MemoryStream([1]), 10, CancellationToken.None);
        BlobInfo blob = await blobs.PutAsync(new MemoryStream([1, 2, 3]), 10, CancellationToken.None);
        await services.GetRequiredService<IModelRegistry>().CreateVersionAsync(
            new NewModelVersion { Model = "fraud", CreateModel = true, Manifest = new ModelManifest([new ArtifactFile("model.onnx", blob.Digest, blob.Length)]) },
            new ChangeContext("ana"),
            CancellationToken.None);
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => SlipwayAsync(["data", .. args]);

    private static async Task<(int Code, string Output, string Error)> SlipwayAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await SlipwayCommand.RunAsync(args, new CliTerminal { Out = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
