using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Tests.Fakes;
using Slipway.Protocols.Tests.Grpc;
using Slipway.Protocols.Tests.OpenInference.Grpc;
using Slipway.TestKit;

namespace Slipway.Protocols.Tests.Clients;

/// <summary>Clients that others wrote hold a conversation with the server: see the scripts beside this file.</summary>
public sealed class GrpcClientTests
{
    private const string Python = "/usr/bin/python3";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Slipway.Protocols.Tests", "Clients");

    [Fact]
    public async Task Python_grpcio_is_satisfied()
    {
        Assert.SkipUnless(await ClientProcess.WorksAsync(Python, "-c", "import grpc, google.protobuf"), "needs python3-grpcio and python3-protobuf");
        Assert.SkipUnless(await ClientProcess.WorksAsync("protoc", "--version"), "needs protobuf-compiler");
        using TemporaryFolder messages = new();
        (int made, string problem) = await ClientProcess.RunAsync(Folder, "protoc", "-I.", $"--python_out={messages.Root}", "client.proto", "serving.proto");
        Assert.True(made == 0, problem);

        await using GrpcTestServer server = await StartAsync();
        (int exit, string output) = await ClientProcess.RunAsync(Folder, Python, "python/conversation.py", server.Address.Authority, messages.Root);
        Assert.True(exit == 0, output);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Node_grpc_js_is_satisfied()
    {
        Assert.SkipUnless(await ClientProcess.WorksAsync("node", "--version"), "needs node");
        Assert.SkipUnless(await ClientProcess.WorksAsync("npm", "--version"), "needs npm");
        using TemporaryFolder installed = new();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Folder, "node")))
        {
            File.Copy(file, Path.Combine(installed.Root, Path.GetFileName(file)));
        }

        (int made, string problem) = await ClientProcess.RunAsync(installed.Root, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        Assert.SkipUnless(made == 0, $"the packages can't be installed: {problem}");

        await using GrpcTestServer server = await StartAsync();
        (int exit, string output) = await ClientProcess.RunAsync(installed.Root, "node", "conversation.mjs", server.Address.Authority, Folder);
        Assert.True(exit == 0, output);
    }

    [Fact]
    public async Task H2load_gets_every_answer_on_many_streams()
    {
        Assert.SkipUnless(await ClientProcess.WorksAsync("h2load", "--version"), "needs nghttp2-client");
        await using GrpcTestServer server = await StartAsync();
        using TemporaryFolder folder = new();
        string body = folder.Write("request", GrpcTestClient.Frame(ModelInferTests.Request(new TensorShape(1), "INT8", [1], model: "echo").ToByteArray()));
        (int exit, string output) = await ClientProcess.RunAsync(
            folder.Root, "h2load", "-n", "3000", "-c", "4", "-m", "16", "-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers",
            $"{server.Address}inference.GRPCInferenceService/ModelInfer");
        Assert.True(exit == 0, output);
        Assert.Contains("3000 succeeded, 0 failed, 0 errored", output, StringComparison.Ordinal);
    }

    private static async Task<GrpcTestServer> StartAsync()
    {
        GrpcTestServer server = await GrpcTestServer.StartAsync();
        server.Models.Add("echo");
        server.Models.Add("slow");
        server.Models.Run = static async (request, token) =>
        {
            if (request.ModelName == "slow")
            {
                await Task.Delay(Timeout.Infinite, token);
            }

            return FakeModels.Echo(request);
        };
        return server;
    }
}
