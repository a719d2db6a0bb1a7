using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;
using Slipway.Protocols.Protos.Inference;
using Slipway.Protocols.Tests.OpenInference.Grpc;

namespace Slipway.Protocols.Tests.Grpc;

public sealed class GrpcProtocolTests : IAsyncLifetime
{
    private const string Infer = "inference.GRPCInferenceService/ModelInfer";
    private const string Live = "inference.GRPCInferenceService/ServerLive";

    private GrpcTestServer _server = null!;
    private GrpcTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync(static options =>
        {
            options.MaxReceiveMessageSize = 1 << 20;
            options.MaxDecompressedMessageSize = 2 << 20;
        });
        _server.Models.Add("add");
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("inference.GRPCInferenceService/Nope")]
    [InlineData("some.Other/Method")]
    public async Task Unknown_method_is_UNIMPLEMENTED(string method)
    {
        GrpcReply reply = await _client.CallAsync(method, []);
        Assert.Equal(12, reply.Status);
        Assert.Contains(method, reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SystemSharedMemoryRegister")]
    [InlineData("CudaSharedMemoryStatus")]
    public async Task Shared_memory_is_UNIMPLEMENTED(string method)
    {
        GrpcReply reply = await _client.CallAsync("inference.GRPCInferenceService/" + method, []);
        Assert.Equal(12, reply.Status);
        Assert.Contains("shared memory", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_content_type_is_415()
    {
        using HttpResponseMessage response = await _client.OpenAsync(Live, new ByteArrayContent([]), "application/json", CancellationToken.None);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    public async Task Both_content_types_are_gRPC(string contentType)
    {
        GrpcReply reply = await _client.SendAsync(Live, new ByteArrayContent(GrpcTestClient.Frame([])), contentType, CancellationToken.None);
        Assert.True(reply.Single(ServerLiveResponse.Parser).Live);
    }

    [Theory]
    [InlineData("", "got none")]
    [InlineData("00000000", "ended within")]
    [InlineData("0000000005AABB", "ended within")]
    [InlineData("00000000000000000000", "got more")]
    [InlineData("0200000000", "flag")]
    [InlineData("0100000000", "names no compression")]
    public async Task Wrong_framing_is_INVALID_ARGUMENT(string body, string message)
    {
        GrpcReply reply = await _client.SendRawAsync(Live, Convert.FromHexString(body));
        Assert.Equal(3, reply.Status);
        Assert.Contains(message, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Announced_length_beyond_the_limit_is_RESOURCE_EXHAUSTED_before_it_is_read()
    {
        GrpcReply reply = await _client.SendRawAsync(Live, Convert.FromHexString("00FFFFFFFF"));
        Assert.Equal(8, reply.Status);
        Assert.Contains("limit of 1048576 bytes", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Compressed_request_is_answered_in_kind(string encoding)
    {
        byte[] data = new byte[100_000];
        byte[] message = ModelInferTests.Request(new TensorShape(data.Length), "UINT8", data).ToByteArray();
        GrpcReply reply = await _client.SendRawAsync(
            Infer, GrpcTestClient.Frame(Compress(message, encoding), 1), ("grpc-encoding", encoding), ("grpc-accept-encoding", "identity, deflate, gzip"));

        Assert.Equal(data, reply.Single(ModelInferResponse.Parser).RawOutputContents[0]);
        Assert.Equal(encoding, reply.Metadata["grpc-encoding"]);
    }

    [Fact]
    public async Task Caller_that_accepts_no_compression_gets_none()
    {
        byte[] message = ModelInferTests.Request(new TensorShape(5000), "UINT8", new byte[5000]).ToByteArray();
        GrpcReply reply = await _client.SendRawAsync(Infer, GrpcTestClient.Frame(Compress(message, "gzip"), 1), ("grpc-encoding", "gzip"));

        reply.Single(ModelInferResponse.Parser);
        Assert.DoesNotContain("grpc-encoding", reply.Metadata.Keys);
    }

    [Fact]
    public async Task Unknown_compression_is_UNIMPLEMENTED_and_names_what_is_known()
    {
        GrpcReply reply = await _client.CallAsync(Live, [], ("grpc-encoding", "snappy"));
        Assert.Equal(12, reply.Status);
        Assert.Equal("identity,gzip,deflate", reply.Metadata["grpc-accept-encoding"].Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decompression_bomb_is_RESOURCE_EXHAUSTED()
    {
        byte[] bomb = Compress(new byte[64 << 20], "gzip");
        GrpcReply reply = await _client.SendRawAsync(Infer, GrpcTestClient.Frame(bomb, 1), ("grpc-encoding", "gzip"));
        Assert.Equal(8, reply.Status);
    }

    [Fact]
    public async Task Damaged_compressed_data_is_INVALID_ARGUMENT()
    {
        GrpcReply reply = await _client.SendRawAsync(Infer, GrpcTestClient.Frame([1, 2, 3, 4, 5, 6, 7, 8], 1), ("grpc-encoding", "gzip"));
        Assert.Equal(3, reply.Status);
    }

    [Fact]
    public async Task Deadline_ends_a_call_that_takes_longer_and_reaches_the_model()
    {
        CancellationToken seen = default;
        _server.Models.Run = async (_, token) =>
        {
            seen = token;
            await Task.Delay(Timeout.Infinite, token);
            return [];
        };
        GrpcReply reply = await _client.CallAsync(Infer, ModelInferTests.Request(new TensorShape(1), "INT8", [1]), ("grpc-timeout", "50m"));

        Assert.Equal(4, reply.Status);
        Assert.True(seen.IsCancellationRequested);
        Assert.NotNull(_server.Models.Last!.Deadline);
    }

    [Fact]
    public async Task Deadline_of_zero_is_over_at_once()
    {
        GrpcReply reply = await _client.CallAsync(Infer, ModelInferTests.Request(new TensorShape(1), "INT8", [1]), ("grpc-timeout", "0m"));
        Assert.Equal(4, reply.Status);
        Assert.Null(_server.Models.Last);
    }

    [Fact]
    public async Task Call_without_deadline_has_none()
    {
        await _client.CallAsync(Infer, ModelInferTests.Request(new TensorShape(1), "INT8", [1]));
        Assert.Null(_server.Models.Last!.Deadline);
    }

    [Fact]
    public async Task Large_messages_share_a_budget_and_give_their_part_back()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(services: static services => services.Configure<HttpProtocolOptions>(static options => options.MaxBufferedBytes = 5 << 20));
        server.Models.Add("add");
        using GrpcTestClient client = server.Connect();
        byte[] data = new byte[4 << 20];
        byte[] tooMuch = new byte[6 << 20];
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(0, (await client.CallAsync(Infer, ModelInferTests.Request(new TensorShape(data.Length), "UINT8", data))).Status);
            GrpcReply refused = await client.CallAsync(Infer, ModelInferTests.Request(new TensorShape(tooMuch.Length), "UINT8", tooMuch));
            Assert.Equal((8, "too many large request bodies at once"), (refused.Status, refused.Message));
        }
    }

    [Fact]
    public async Task Unforeseen_fault_is_INTERNAL_and_tells_nothing()
    {
        _server.Models.Run = static (_, _) => throw new InvalidOperationException("/secret/path");
        GrpcReply reply = await _client.CallAsync(Infer, ModelInferTests.Request(new TensorShape(1), "INT8", [1]));
        Assert.Equal((13, "internal error"), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task Message_beyond_ASCII_arrives_as_it_was()
    {
        GrpcReply reply = await _client.CallAsync(Infer, ModelInferTests.Request(new TensorShape(1), "INT8", [1], model: "größer 100% 模型"));
        Assert.Equal(5, reply.Status);
        Assert.Contains("größer 100% 模型", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_is_asked_once_more_after_a_thousand_cancelled_calls()
    {
        _server.Models.Run = static async (request, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return [];
        };
        byte[] body = GrpcTestClient.Frame(ModelInferTests.Request(new TensorShape(1), "INT8", [1]).ToByteArray());
        for (int round = 0; round < 20; round++)
        {
            using CancellationTokenSource leave = new();
            Task[] calls = [.. Enumerable.Range(0, 50).Select(_ => _client.SendAsync(Infer, new ByteArrayContent(body), "application/grpc", leave.Token))];
            await leave.CancelAsync();
            foreach (Task call in calls)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            }
        }

        _server.Models.Run = static (request, _) => ValueTask.FromResult(Fakes.FakeModels.Echo(request));
        GrpcReply reply = await _client.CallAsync(Infer, ModelInferTests.Request(new TensorShape(1), "INT8", [1]));
        Assert.Equal(0, reply.Status);
    }

    [Fact]
    public void Every_endpoint_declares_one_permission() =>
        Assert.All(_server.Endpoints, endpoint => Assert.Single(endpoint.Metadata.GetOrderedMetadata<RequiredPermission>()));

    [Fact]
    public void Every_method_of_every_service_is_mapped()
    {
        Google.Protobuf.Reflection.FileDescriptor[] files =
        [
            GrpcServiceReflection.Descriptor, Protos.TensorFlow.Serving.ServingReflection.Descriptor, Protos.Health.HealthReflection.Descriptor,
            Protos.Reflection.V1.ReflectionReflection.Descriptor, Protos.Reflection.V1Alpha.ReflectionReflection.Descriptor,
        ];
        IEnumerable<string> expected = files.SelectMany(file => file.Services).SelectMany(service => service.Methods).Select(method => $"{method.Service.FullName}/{method.Name}");
        IEnumerable<string> mapped = _server.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()).OfType<GrpcMethodMetadata>()
            .Select(method => $"{method.Service}/{method.Method}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), mapped.Order(StringComparer.Ordinal));
    }

    private static byte[] Compress(byte[] data, string encoding)
    {
        using MemoryStream target = new();
        using (Stream stream = encoding == "gzip" ? new GZipStream(target, CompressionLevel.Fastest) : new ZLibStream(target, CompressionLevel.Fastest))
        {
            stream.Write(data);
        }

        return target.ToArray();
    }
}
