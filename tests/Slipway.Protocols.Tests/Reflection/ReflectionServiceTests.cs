using Google.Protobuf;
using Google.Protobuf.Reflection;
using Slipway.Protocols.Protos.Reflection.V1;
using Slipway.Protocols.Tests.Grpc;

namespace Slipway.Protocols.Tests.Reflection;

public sealed class ReflectionServiceTests : IAsyncLifetime
{
    private GrpcTestServer _server = null!;
    private GrpcTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync();
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v1alpha")]
    public async Task Services_are_listed(string version)
    {
        ServerReflectionResponse response = Assert.Single(await AskAsync(version, new ServerReflectionRequest { ListServices = "*" }));
        Assert.Equal(
            [
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "inference.GRPCInferenceService",
                "tensorflow.serving.ModelService", "tensorflow.serving.PredictionService", "tensorflow.serving.SessionService",
            ],
            response.ListServicesResponse.Service.Select(static service => service.Name));
    }

    [Theory]
    [InlineData("inference.GRPCInferenceService")]
    [InlineData("inference.GRPCInferenceService.ModelInfer")]
    [InlineData("inference.ModelInferRequest.InferInputTensor")]
    [InlineData("inference.ModelInferRequest.model_name")]
    [InlineData("tensorflow.serving.PredictionService")]
    [InlineData("tensorflow.TensorProto")]
    [InlineData("inference.DataType")]
    [InlineData("inference.TYPE_FP32")]
    [InlineData("google.protobuf.Any")]
    public async Task File_of_a_symbol_comes_with_all_that_it_imports(string symbol)
    {
        ServerReflectionResponse response = Assert.Single(await AskAsync("v1", new ServerReflectionRequest { FileContainingSymbol = symbol }));
        IReadOnlyList<FileDescriptor> files = FileDescriptor.BuildFromByteStrings(response.FileDescriptorResponse.FileDescriptorProto.Reverse());
        Assert.NotEmpty(files);
    }

    [Fact]
    public async Task Questions_are_answered_one_after_the_other_and_what_is_not_known_is_an_error_in_the_stream()
    {
        IReadOnlyList<ServerReflectionResponse> answers = await AskAsync(
            "v1",
            new ServerReflectionRequest { FileByFilename = "inference/grpc_service.proto" },
            new ServerReflectionRequest { FileByFilename = "nope.proto" },
            new ServerReflectionRequest { AllExtensionNumbersOfType = "inference.ModelInferRequest" },
            new ServerReflectionRequest());
        Assert.NotNull(answers[0].FileDescriptorResponse);
        Assert.Equal(5, answers[1].ErrorResponse.ErrorCode);
        Assert.Empty(answers[2].AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Equal(3, answers[3].ErrorResponse.ErrorCode);
    }

    private async Task<IReadOnlyList<ServerReflectionResponse>> AskAsync(string version, params ServerReflectionRequest[] questions)
    {
        byte[] body = [.. questions.SelectMany(static question => GrpcTestClient.Frame(question.ToByteArray()))];
        GrpcReply reply = await _client.SendRawAsync($"grpc.reflection.{version}.ServerReflection/ServerReflectionInfo", body);
        Assert.Equal(0, reply.Status);
        return [.. reply.Messages.Select(ServerReflectionResponse.Parser.ParseFrom)];
    }
}
