using System.Buffers.Binary;
using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Protos.Inference;
using Slipway.Protocols.Tests.Grpc;

namespace Slipway.Protocols.Tests.OpenInference.Grpc;

public sealed class ModelInferTests : IAsyncLifetime
{
    private const string Method = "inference.GRPCInferenceService/ModelInfer";

    private GrpcTestServer _server = null!;
    private GrpcTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync();
        _server.Models.Add("add");
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Golden_request_with_raw_contents_is_read_and_answered()
    {
        // V4 of the protocol's fact sheet.
        byte[] request = Convert.FromHexString("0a036164641a01372a0d0a0178120446503332" + "1a0201023a080000803f000020c0");
        GrpcReply reply = await _client.CallAsync(Method, request);

        ModelInferResponse response = reply.Single(ModelInferResponse.Parser);
        Assert.Equal(("add", "1", "7"), (response.ModelName, response.ModelVersion, response.Id));
        Assert.Equal([1, 2], Assert.Single(response.Outputs).Shape);
        Assert.Equal("0000803F000020C0", Convert.ToHexString(Assert.Single(response.RawOutputContents).Span));
        Assert.Equal("application/grpc", reply.Metadata.GetValueOrDefault("content-type", "application/grpc"));
    }

    [Fact]
    public async Task Golden_request_with_typed_contents_and_priority_is_converted()
    {
        // V5 of the protocol's fact sheet.
        byte[] request = Convert.FromHexString(
            "0a03616464220e0a087072696f72697479120228012a1e0a01781205494e5436341a01032a0f1a0d01ffffffffffffffffff01ac02");
        GrpcReply reply = await _client.CallAsync(Method, request);

        reply.Single(ModelInferResponse.Parser);
        Assert.Equal(1, _server.Models.Last!.Priority);
        byte[] data = Assert.Single(_server.Models.Last.Inputs).Data;
        Assert.Equal([1L, -1L, 300L], Enumerable.Range(0, 3).Select(i => BinaryPrimitives.ReadInt64LittleEndian(data.AsSpan(i * 8))));
    }

    [Fact]
    public async Task Golden_response_with_strings_is_written_byte_for_byte()
    {
        // V6 of the protocol's fact sheet.
        _server.Models.Run = static (_, _) => ValueTask.FromResult<IReadOnlyList<Tensor>>(
            [new Tensor("y", TensorDataType.String, new TensorShape(2), Convert.FromHexString("02000000686900000000"))]);
        GrpcReply reply = await _client.CallAsync(Method, Request(new TensorShape(1), "INT8", [1], id: "7"));

        Assert.Equal(
            "0A03616464" + "120131" + "1A0137" + "2A0D0A017912054259544553" + "1A0102" + "320A02000000686900000000",
            Convert.ToHexString(Assert.Single(reply.Messages)));
    }

    [Fact]
    public async Task Unknown_model_is_NOT_FOUND_in_a_trailers_only_answer()
    {
        GrpcReply reply = await _client.CallAsync(Method, Request(new TensorShape(1), "INT8", [1], model: "nope"));

        Assert.Equal(5, reply.Status);
        Assert.Contains("unknown model", reply.Message, StringComparison.Ordinal);
        Assert.True(reply.TrailersOnly);
    }

    [Fact]
    public async Task Model_that_is_loading_is_UNAVAILABLE_and_says_when_to_come_back()
    {
        _server.Models.Add("slow", state: ServableState.Loading);
        GrpcReply reply = await _client.CallAsync(Method, Request(new TensorShape(1), "INT8", [1], model: "slow"));

        Assert.Equal(14, reply.Status);
        Assert.Equal("250", reply.Metadata["grpc-retry-pushback-ms"]);
    }

    [Fact]
    public async Task Large_tensor_comes_back_as_it_went()
    {
        byte[] data = new byte[9 << 20];
        new Random(5).NextBytes(data);
        GrpcReply reply = await _client.CallAsync(Method, Request(new TensorShape(data.Length), "UINT8", data));

        Assert.True(data.AsSpan().SequenceEqual(reply.Single(ModelInferResponse.Parser).RawOutputContents[0].Span));
    }

    internal static ModelInferRequest Request(TensorShape shape, string datatype, byte[] data, string id = "", string model = "add", string name = "x")
    {
        ModelInferRequest request = new() { ModelName = model, Id = id };
        ModelInferRequest.Types.InferInputTensor input = new() { Name = name, Datatype = datatype };
        input.Shape.AddRange(shape.Dimensions.ToArray());
        request.Inputs.Add(input);
        request.RawInputContents.Add(ByteString.CopyFrom(data));
        return request;
    }
}
