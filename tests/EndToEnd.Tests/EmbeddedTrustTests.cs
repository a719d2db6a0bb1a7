using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>Commands that work on a data folder without a server keep to the same rules: signatures are asked for, decisions are in the audit log.</summary>
public sealed class EmbeddedTrustTests : IDisposable
{
    private readonly TemporaryFolder _files = new();
    private readonly TemporaryFolder _data = new();

    public void Dispose()
    {
        _files.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Decisions_and_refused_pushes_are_in_the_audit_log_which_verifies()
    {
        string config = SignedOnly();
        (int code, _, string errors) = await RunAsync("model", "push", _files.Write("plain.onnx", OnnxModels.Add(1)), "--name", "m", "--config", config);
        Assert.Equal(3, code);
        Assert.Contains("it is not signed", errors, StringComparison.Ordinal);

        string folder = Path.GetDirectoryName(_files.Write("signed/model.onnx", OnnxModels.Add(2)))!;
        await DoneAsync("model", "sign", folder, "--key", _files.PathOf("signer.pem"));
        await DoneAsync("model", "push", folder, "--name", "m", "--config", config, "--data", _data.Root);
        await DoneAsync("model", "approve", "m:1", "--comment", "fine", "--data", _data.Root);
        await DoneAsync("model", "alias", "m", "champion", "1", "--reason", "first", "--data", _data.Root);
        await DoneAsync("model", "stage", "m:1", "Production", "--data", _data.Root);
        (code, _, _) = await RunAsync("model", "alias", "m", "champion", "9");
        Assert.Equal(1, code);
        await DoneAsync("model", "alias", "m", "champion", "--delete", "--data", _data.Root);
        await DoneAsync("model", "delete", "m:1", "--data", _data.Root);
        await DoneAsync("model", "delete", "m", "--yes", "--data", _data.Root);

        await DoneAsync("audit", "verify", "--data", _data.Root);
        string log = await DoneAsync("audit", "export", "--data", _data.Root);
        (string?, string?, string?)[] entries = [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];
        Assert.Equal(
            [
                ("model.load", "m:0", "denied"), ("version.approve", "m:1", "done"), ("alias.move", "m@champion to 1", "done"), ("version.stage", "m:1", "done"),
                ("alias.move", "m@champion to 9", "failed"), ("alias.delete", "m@champion", "done"), ("version.delete", "m:1", "done"), ("model.delete", "m", "done"),
            ],
            entries);
        Assert.Contains(Environment.UserName, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_decided_that_a_damaged_audit_log_can_not_record()
    {
        await DoneAsync("model", "push", _files.Write("plain.onnx", OnnxModels.Add(1)), "--name", "m", "--alias", "champion", "--data", _data.Root);
        string log = Directory.EnumerateFiles(_data.PathOf("audit"), "0*.log").Single();
        await File.WriteAllTextAsync(log, (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Replace("champion", "chempion", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (int code, _, string errors) = await RunAsync("model", "alias", "m", "challenger", "1");

        Assert.NotEqual(0, code);
        Assert.Contains("entry 1 has been altered", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("challenger", await DoneAsync("model", "show", "m", "--json", "--data", _data.Root), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_names_a_signed_version_by_the_registrys_digest()
    {
        string config = SignedOnly();
        string folder = Path.GetDirectoryName(_files.Write("signed/model.onnx", OnnxModels.Add(2)))!;
        await DoneAsync("model", "sign", folder, "--key", _files.PathOf("signer.pem"));
        await DoneAsync("model", "push", folder, "--name", "m", "--alias", "champion", "--config", config, "--data", _data.Root);
        string digest = JsonDocument.Parse(await DoneAsync("model", "show", "m:1", "--json", "--data", _data.Root)).RootElement.GetProperty("digest").GetString()!;

        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root, "--config", config);
        using HttpClient http = new() { BaseAddress = server.Http, DefaultRequestHeaders = { { "Slipway-Receipt", "true" } } };
        using StringContent body = new("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [0, 0]}]}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri("v2/models/m/infer", UriKind.Relative), body, TestContext.Current.CancellationToken);

        using JsonDocument envelope = JsonDocument.Parse(Convert.FromBase64String(answer.Headers.GetValues("Slipway-Receipt").Single()));
        using JsonDocument statement = JsonDocument.Parse(envelope.RootElement.GetProperty("payload").GetBytesFromBase64());
        Assert.Equal(digest, statement.RootElement.GetProperty("predicate").GetProperty("modelDigest").GetString());
    }

    [Fact]
    public async Task A_version_that_an_MLflow_client_registers_has_to_be_signed_where_signatures_are_asked_for()
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root, "--config", SignedOnly());
        using MlflowClient client = new(server.Admin);
        (_, string run, string artifacts) = await client.StartRunAsync("lab");
        string source = await client.LogModelAsync(run, artifacts, "model", new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.Add(1) });

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => client.RegisterAsync("m", source, run));

        Assert.Contains("it is not signed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_a_server_is_taken_from_the_environment_by_commands_of_every_kind()
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--data", _data.Root);
        (string, string)[] there = [("SLIPWAY_URL", server.Admin.Authority)];
        (string, string)[] wrong = [("SLIPWAY_URL", "no address:")];
        foreach (string[] command in (string[][])[["model", "list"], ["rollout", "list"]])
        {
            (int code, _, string errors) = await SlipwayProcess.RunAsync(command, there);
            Assert.True(code == 0, $"{command[0]}: {code} {errors}");
            (code, _, errors) = await SlipwayProcess.RunAsync(command, wrong);
            Assert.Equal(2, code);
            Assert.Contains("SLIPWAY_URL", errors, StringComparison.Ordinal);
        }
    }

    // A configuration that takes what signer.pem signed and nothing else.
    private string SignedOnly()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _files.Write("signer.pem", key.ExportPkcs8PrivateKeyPem());
        string trusted = _files.Write("signer.pub", key.ExportSubjectPublicKeyInfoPem());
        return _files.Write("slipway.yaml", $"security: {{ signing: {{ policy: refuse, keys: [\"{trusted}\"] }} }}\n");
    }

    private static (string? Action, string? Subject, string? Outcome) Read(string line)
    {
        using JsonDocument entry = JsonDocument.Parse(line);
        return (Text(entry.RootElement, "action"), Text(entry.RootElement, "subject"), Text(entry.RootElement, "outcome"));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] args) => SlipwayProcess.RunAsync([.. args, "--data", _data.Root]);

    private static async Task<string> DoneAsync(params string[] args)
    {
        (int code, string output, string errors) = await SlipwayProcess.RunAsync(args);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {code} {errors}");
        return output;
    }
}
