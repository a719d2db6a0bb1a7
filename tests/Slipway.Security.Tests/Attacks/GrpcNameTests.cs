using System.Text;
using Slipway.Client;
using Slipway.Client.Grpc;
using Slipway.Security.Tests.Hosting;

namespace Slipway.Security.Tests.Attacks;

/// <summary>Names over gRPC, where any text may stand in a field.</summary>
public sealed class GrpcNameTests
{
    private static readonly string[] Names =
    [
        "..", "../credit", "../../../../etc/passwd", "/etc/passwd", "..\\..\\windows\\win.ini", "C:\\windows\\win.ini", "\\\\server\\share", "//server/share", "fraud-eu/../credit", "fraud-eu\0", "fraud-eu/1/model.onnx",
        "file:///etc/passwd", "fraud-eu\r\ninjected", "fraud-eu\u001b[31m", "%2e%2e%2fcredit", new string('a', 100_000),
    ];

    // Method, and the field of the request that holds the name; two numbers lead into a message.
    private static readonly (string Method, int[] Field)[] Methods =
    [
        ("inference.GRPCInferenceService/ModelReady", [1]),
        ("inference.GRPCInferenceService/ModelMetadata", [1]),
        ("inference.GRPCInferenceService/ModelConfig", [1]),
        ("inference.GRPCInferenceService/ModelStatistics", [1]),
        ("inference.GRPCInferenceService/ModelInfer", [1]),
        ("inference.GRPCInferenceService/RepositoryModelLoad", [2]),
        ("inference.GRPCInferenceService/RepositoryModelUnload", [2]),
        ("tensorflow.serving.PredictionService/Predict", [1, 1]),
        ("tensorflow.serving.PredictionService/Classify", [1, 1]),
        ("tensorflow.serving.PredictionService/GetModelMetadata", [1, 1]),
        ("tensorflow.serving.ModelService/GetModelStatus", [1, 1]),
        ("grpc.health.v1.Health/Check", [1]),
    ];

    [Fact]
    public async Task A_path_in_a_name_is_an_unknown_name()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using GrpcClient client = new(server.Server.Addresses["grpc"], ClientHandler.Create(server.KeyFor("admin")));
        List<string> wrong = [];
        foreach ((string method, int[] field) in Methods)
        {
            foreach (string name in Names)
            {
                try
                {
                    byte[] answer = await client.CallAsync(method, GrpcClient.Frame(Message(field, name)), TestContext.Current.CancellationToken);

                    // Asking whether a model is ready has an answer for every name.
                    if (!method.EndsWith("/ModelReady", StringComparison.Ordinal) || answer.AsSpan(5).IndexOf((byte)1) >= 0)
                    {
                        wrong.Add($"{method} {name}: answered");
                    }
                }
                catch (GrpcFailureException refusal)
                {
                    // 3 INVALID_ARGUMENT, 5 NOT_FOUND, 9 FAILED_PRECONDITION.
                    if ((int)refusal.Status is not (3 or 5 or 9) || refusal.Message.Contains("slipway-test-", StringComparison.Ordinal) || refusal.Message.Length > 2000)
                    {
                        wrong.Add($"{method} {name[..Math.Min(name.Length, 50)]}: {refusal.Status} {refusal.Message}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task A_key_for_some_models_is_refused_the_others_by_every_method_that_names_one()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using GrpcClient client = new(server.Server.Addresses["grpc"], ClientHandler.Create(server.KeyFor("admin:fraud-*")));
        foreach ((string method, int[] field) in Methods)
        {
            GrpcFailureException refusal = await Assert.ThrowsAsync<GrpcFailureException>(
                () => client.CallAsync(method, GrpcClient.Frame(Message(field, "credit")), TestContext.Current.CancellationToken));

            // 7 PERMISSION_DENIED; 3 where an empty request for a prediction is refused as such before its model is looked for.
            Assert.True(refusal.Status == 7 || (refusal.Status == 3 && method.StartsWith("tensorflow.serving.PredictionService/", StringComparison.Ordinal)), $"{method}: {refusal.Status} {refusal.Message}");
        }
    }

    [Fact]
    public async Task A_health_check_of_a_model_without_credentials_is_refused()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using GrpcClient client = new(server.Server.Addresses["grpc"], ClientHandler.Create());
        GrpcFailureException refusal = await Assert.ThrowsAsync<GrpcFailureException>(
            () => client.CallAsync("grpc.health.v1.Health/Check", GrpcClient.Frame(Message([1], "credit")), TestContext.Current.CancellationToken));
        Assert.Equal(16, (int)refusal.Status);
        await client.CallAsync("grpc.health.v1.Health/Check", GrpcClient.Frame([]), TestContext.Current.CancellationToken);
    }

    private static byte[] Message(int[] field, string name)
    {
        byte[] content = Encoding.UTF8.GetBytes(name);
        foreach (int number in field.Reverse())
        {
            content = [(byte)((number << 3) | 2), .. Varint(content.Length), .. content];
        }

        return content;
    }

    private static IEnumerable<byte> Varint(int value)
    {
        while (value > 127)
        {
            yield return (byte)(value | 128);
            value >>= 7;
        }

        yield return (byte)value;
    }
}
