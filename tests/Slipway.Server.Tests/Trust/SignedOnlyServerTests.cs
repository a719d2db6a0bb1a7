using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;
using Slipway.Trust.Audit;
using Slipway.Trust.Folders;
using Slipway.Trust.Keys;
using Slipway.Trust.Policy;
using Slipway.Trust.Signing;

namespace Slipway.Server.Tests.Trust;

public sealed class SignedOnlyServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey _key = SigningKey.Create();

    public void Dispose()
    {
        _folder.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task It_serves_what_is_signed_and_refuses_the_rest_by_name_before_anything_reads_it()
    {
        byte[] model = OnnxModels.Add(1);
        foreach (string name in new[] { "signed", "altered", "extra", "hidden", "dotted", "unsigned", "configured" })
        {
            _folder.Write($"models/{name}/1/model.onnx", model);
        }

        _folder.Write("models/single.onnx", model);
        _folder.Write("models/lone.onnx", model);
        _folder.Write("models/dotted/1/.notes", "signed too");
        _folder.Write("models/flat/model.onnx", model);
        _folder.Write("models/flat/model.yaml", "labels:\n  stable: 1\n");
        _folder.Write("models/garbage/1/model.onnx", "no parser gets to see that this is not ONNX");
        foreach (string name in new[] { "signed/1", "altered/1", "extra/1", "hidden/1", "dotted/1", "flat", "single.onnx" })
        {
            await SignAsync(name);
        }

        _folder.Write("models/altered/1/model.onnx", OnnxModels.Add(2));
        _folder.Write("models/extra/1/more.bin", "x");
        _folder.Write("models/hidden/1/.more", "x");
        _folder.Age(TimeSpan.FromMinutes(5));
        await using SlipwayServer server = await StartAsync();

        Assert.Equal(["dotted", "flat", "signed", "single"], Served(server));
        Assert.Equal(
            [
                "altered: file 'model.onnx' is not as it was signed: its content has changed",
                "configured: it is not signed",
                "extra: file 'more.bin' is not in the signed manifest",
                "garbage: it is not signed",
                "hidden: file '.more' is not in the signed manifest",
                "lone: it is not signed",
                "unsigned: it is not signed",
            ],
            Refused(server));

        // A signature that comes later is looked at, as is one that goes.
        await SignAsync("lone.onnx");
        File.Delete(_folder.PathOf("models/single.onnx.sig"));
        IModelControl control = server.Services.GetRequiredService<IModelControl>();
        await control.LoadAsync("lone", null, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<SlipwayException>(() => control.LoadAsync("single", null, TestContext.Current.CancellationToken));
        Assert.Contains("lone", Served(server));

        await server.StopAsync(TestContext.Current.CancellationToken);
        await server.DisposeAsync();
        List<string> actions = [];
        using FolderAuditStore store = FolderAuditStore.OpenRead(AuditFolder.Of(_folder.PathOf("data")));
        AuditReport report = await AuditVerifier.VerifyAsync(store, [AuditFolder.PublicKeyOf(_folder.PathOf("data"))!], entry =>
        {
            actions.Add(System.Text.Encoding.UTF8.GetString(entry.Json.Span));
            return ValueTask.CompletedTask;
        }, TestContext.Current.CancellationToken);
        Assert.Null(report.Fault);
        Assert.Equal(report.Entries, report.Checkpoint!.Size);
        Assert.Contains(actions, static action => action.Contains("\"subject\":\"altered:1\",\"outcome\":\"denied\"", StringComparison.Ordinal));
        Assert.Contains(actions, static action => action.Contains("\"action\":\"model.load\",\"kind\":\"model\",\"subject\":\"lone\",\"outcome\":\"done\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_load_over_the_network_is_recorded_with_where_it_came_from()
    {
        _folder.Write("models/m.onnx", OnnxModels.Add(1));
        _folder.Age(TimeSpan.FromMinutes(5));
        await using (SlipwayServer server = await StartAsync(SignatureMode.Allow))
        {
            using HttpClient client = new();
            (await client.PostAsync(new Uri(server.Addresses["admin"], "/api/v1/models/m/unload"), null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
            await client.PostAsync(new Uri(server.Addresses["http"], "/v2/repository/models/nothing/load"), null, TestContext.Current.CancellationToken);
            (await client.GetAsync(new Uri(server.Addresses["admin"], "/api/v1/models"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        string[] lines = File.ReadAllLines(Directory.EnumerateFiles(AuditFolder.Of(_folder.PathOf("data")), "0*.log").Single());
        Assert.Equal(2, lines.Length);
        Assert.Contains("\"actor\":\"anonymous\",\"action\":\"model.unload\",\"kind\":\"model\",\"subject\":\"m\",\"outcome\":\"done\",\"remote\":\"127.0.0.1\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"action\":\"model.load\",\"kind\":\"model\",\"subject\":\"nothing\",\"outcome\":\"failed\"", lines[1], StringComparison.Ordinal);
    }

    private async Task<SlipwayServer> StartAsync(SignatureMode mode = SignatureMode.Refuse)
    {
        ServerOptions options = new() { Data = _folder.PathOf("data") };
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = _folder.PathOf("models");
        options.Logging.Level = LogLevel.None;
        options.Signing = new SigningOptions { Mode = mode, Signers = new SignerFiles { Keys = [_folder.Write("key.pub", _key.PublicKey.ToPem())] } };
        SlipwayServer server = await SlipwayServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await server.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        return server;
    }

    private async Task SignAsync(string name)
    {
        ModelOnDisk model = ModelOnDisk.Open(_folder.PathOf("models/" + name), null, []);
        await File.WriteAllBytesAsync(model.SignaturePath, (await new ModelSigner(_key).SignAsync(model.Name, model.Files, TestContext.Current.CancellationToken)).ToJson());
    }

    private static IEnumerable<ModelSnapshot> Models(SlipwayServer server) =>
        server.Services.GetRequiredService<IModelCatalog>().GetModels().OrderBy(static model => model.Name, StringComparer.Ordinal);

    private static List<string> Served(SlipwayServer server) =>
        [.. Models(server).Where(static model => model.Versions.Any(static version => version.State == ServableState.Ready)).Select(static model => model.Name)];

    private static List<string> Refused(SlipwayServer server) =>
    [
        .. Models(server).SelectMany(static model => model.Versions.Where(static version => version.State == ServableState.Failed)
            .Select(version => $"{model.Name}: {version.Reason![(version.Reason!.IndexOf("for it: ", StringComparison.Ordinal) + 8)..]}")),
    ];
}
