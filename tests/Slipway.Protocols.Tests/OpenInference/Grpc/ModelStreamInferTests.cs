using System.Net;
using System.Threading.Channels;
using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Protos.Inference;
using Slipway.Protocols.Tests.Grpc;

namespace Slipway.Protocols.Tests.OpenInference.Grpc;

public sealed class ModelStreamInferTests : IAsyncLifetime
{
    private const string Method = "inference.GRPCInferenceService/ModelStreamInfer";

    private GrpcTestServer _server = null!;
    private GrpcTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync(static options => options.MaxStreamConcurrency = 4);
        _server.Models.Add("add");
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Ten_requests_are_answered_in_their_order_though_the_first_is_the_last_to_finish()
    {
        TaskCompletionSource last = new();
        int started = 0;
        _server.Models.Run = async (request, token) =>
        {
            // The first waits until the fourth, the most that run together, has begun.
            if (Interlocked.Increment(ref started) == 4)
            {
                last.SetResult();
            }

            if (request.Id == "0")
            {
                await last.Task.WaitAsync(token);
            }

            return Fakes.FakeModels.Echo(request);
        };
        GrpcReply reply = await _client.SendRawAsync(Method, Frames(Enumerable.Range(0, 10).Select(i => Request($"{i}"))));

        Assert.Equal(0, reply.Status);
        ModelStreamInferResponse[] answers = Parse(reply);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), answers.Select(answer => answer.InferResponse.Id));
        Assert.All(answers, answer => Assert.True(answer.InferResponse.Parameters["triton_final_response"].BoolParam));
        Assert.All(answers, answer => Assert.Equal("", answer.ErrorMessage));
    }

    [Fact]
    public async Task No_more_requests_run_together_than_the_bound()
    {
        int running = 0;
        int most = 0;
        _server.Models.Run = async (request, _) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return Fakes.FakeModels.Echo(request);
        };
        await _client.SendRawAsync(Method, Frames(Enumerable.Range(0, 100).Select(i => Request($"{i}"))));

        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task Failed_request_is_answered_in_the_stream_with_its_id_and_the_stream_goes_on()
    {
        GrpcReply reply = await _client.SendRawAsync(Method, Frames([Request("a"), Request("b", model: "nope"), Request("c")]));

        Assert.Equal(0, reply.Status);
        ModelStreamInferResponse[] answers = Parse(reply);
        Assert.Equal(["a", "b", "c"], answers.Select(answer => answer.InferResponse.Id));
        Assert.Contains("unknown model", answers[1].ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(answers[1].InferResponse.Outputs);
    }

    [Fact]
    public async Task Request_with_wrong_data_is_answered_in_the_stream_with_its_id()
    {
        ModelInferRequest wrong = Request("w");
        wrong.RawInputContents[0] = ByteString.CopyFrom(1, 2, 3);
        GrpcReply reply = await _client.SendRawAsync(Method, Frames([wrong, Request("c")]));

        ModelStreamInferResponse[] answers = Parse(reply);
        Assert.Equal("w", answers[0].InferResponse.Id);
        Assert.Contains("Expected 1, got 3", answers[0].ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("c", answers[1].InferResponse.Id);
    }

    [Fact]
    public async Task Failed_request_ends_the_stream_when_the_caller_asks_for_a_status()
    {
        GrpcReply reply = await _client.SendRawAsync(
            Method, Frames([Request("a"), Request("b", model: "nope"), Request("c")]), ("triton_grpc_error", "true"));

        Assert.Equal(5, reply.Status);
        Assert.Equal("a", Assert.Single(Parse(reply)).InferResponse.Id);
    }

    [Fact]
    public async Task Answers_come_while_the_caller_still_asks()
    {
        Channel<byte[]> requests = Channel.CreateUnbounded<byte[]>();
        using HttpResponseMessage response = await OpenAsync(requests);
        Stream answers = await response.Content.ReadAsStreamAsync();
        for (int i = 0; i < 3; i++)
        {
            await requests.Writer.WriteAsync(GrpcTestClient.Frame(Request($"{i}").ToByteArray()));
            Assert.Equal($"{i}", (await ReadAsync(answers)).InferResponse.Id);
        }

        requests.Writer.Complete();
        Assert.Equal(-1, answers.ReadByte());
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Caller_that_leaves_cancels_what_runs()
    {
        TaskCompletionSource running = new();
        TaskCompletionSource cancelled = new();
        _server.Models.Run = async (request, token) =>
        {
            if (request.Id == "wait")
            {
                running.SetResult();
                await using CancellationTokenRegistration registration = token.Register(() => cancelled.SetResult());
                await cancelled.Task;
                token.ThrowIfCancellationRequested();
            }

            return Fakes.FakeModels.Echo(request);
        };
        Channel<byte[]> requests = Channel.CreateUnbounded<byte[]>();
        HttpResponseMessage response = await OpenAsync(requests);
        await requests.Writer.WriteAsync(GrpcTestClient.Frame(Request("wait").ToByteArray()));
        await running.Task;
        response.Dispose();
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Server_that_stops_finishes_what_runs_and_ends_the_stream()
    {
        TaskCompletionSource running = new();
        TaskCompletionSource finish = new();
        _server.Models.Run = async (request, _) =>
        {
            if (request.Id == "last")
            {
                running.SetResult();
                await finish.Task;
            }

            return Fakes.FakeModels.Echo(request);
        };
        Channel<byte[]> requests = Channel.CreateUnbounded<byte[]>();
        using HttpResponseMessage response = await OpenAsync(requests);
        await requests.Writer.WriteAsync(GrpcTestClient.Frame(Request("last").ToByteArray()));
        await running.Task;
        _server.Stop();
        finish.SetResult();

        Stream answers = await response.Content.ReadAsStreamAsync();
        Assert.Equal("last", (await ReadAsync(answers)).InferResponse.Id);
        Assert.Equal(-1, answers.ReadByte());
        Assert.Equal("14", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    // Headers come with the first answer, so one request goes in front.
    private async Task<HttpResponseMessage> OpenAsync(Channel<byte[]> requests)
    {
        await requests.Writer.WriteAsync(GrpcTestClient.Frame(Request("first").ToByteArray()));
        HttpResponseMessage response = await _client.OpenAsync(Method, new ChannelContent(requests.Reader), "application/grpc", CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("first", (await ReadAsync(await response.Content.ReadAsStreamAsync())).InferResponse.Id);
        return response;
    }

    private static async Task<ModelStreamInferResponse> ReadAsync(Stream stream)
    {
        byte[] prefix = new byte[5];
        await stream.ReadExactlyAsync(prefix);
        byte[] message = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await stream.ReadExactlyAsync(message);
        return ModelStreamInferResponse.Parser.ParseFrom(message);
    }

    private static ModelStreamInferResponse[] Parse(GrpcReply reply) => [.. reply.Messages.Select(ModelStreamInferResponse.Parser.ParseFrom)];

    private static byte[] Frames(IEnumerable<ModelInferRequest> requests) => [.. requests.SelectMany(request => GrpcTestClient.Frame(request.ToByteArray()))];

    private static ModelInferRequest Request(string id, string model = "add") => ModelInferTests.Request(new TensorShape(1), "INT8", [1], id, model);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private sealed class ChannelContent(ChannelReader<byte[]> frames) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await foreach (byte[] frame in frames.ReadAllAsync(cancellationToken))
            {
                await stream.WriteAsync(frame, cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
