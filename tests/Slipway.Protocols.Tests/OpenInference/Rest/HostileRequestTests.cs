using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Core;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.OpenInference.Rest;

public sealed class HostileRequestTests
{
    private const string Input = "\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"FP32\"";

    [Theory]
    [InlineData("", 400, "expected an object")]
    [InlineData("[]", 400, "expected an object")]
    [InlineData("{}", 400, "no 'inputs'")]
    [InlineData("""{"inputs":5}""", 400, "an array of inputs")]
    [InlineData("""{"inputs":[5]}""", 400, "an input object")]
    [InlineData("""{"inputs":[{"name":"x"}]}""", 400, "input 'x' has no 'datatype'")]
    [InlineData("""{"inputs":[{"shape":[1]}]}""", 400, "the input at byte 11 has no 'name'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","data":[1]}]}""", 400, "input 'x' has no 'shape'")]
    [InlineData("""{"inputs":[],"parameters":{"priority":1,"priority":2}}""", 400, "'priority' for the second time")]
    [InlineData("""{"inputs":[],"outputs":[{"name":"y","parameters":{"binary_data":true,"binary_data":false}}]}""", 400, "'binary_data' for the second time")]
    [InlineData("""{"inputs":[],"outputs":[{"name":"y","parameters":{"classification":1,"classification":2}}]}""", 400, "'classification' for the second time")]
    [InlineData("""{"inputs":[],"parameters":{"timeout":1,"timeout":2}}""", 400, "'timeout' for the second time")]
    [InlineData("""{"inputs":[],"parameters":{"binary_data_output":true,"binary_data_output":false}}""", 400, "'binary_data_output' for the second time")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8,"binary_data_size":4}}]}""", 400, "'binary_data_size' for the second time")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP31","data":[1,2]}]}""", 400, "input 'x': 'FP31' is not a datatype")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"fp32","data":[1,2]}]}""", 400, "input 'x': 'fp32' is not a datatype")]
    [InlineData("""{"inputs":[{"name":"x","shape":[-2],"datatype":"FP32","data":[1,2]}]}""", 400, "negative dimension")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2.0],"datatype":"FP32","data":[1,2]}]}""", 400, "a dimension")]
    [InlineData("""{"inputs":[{"name":"x","shape":[9223372036854775807,9223372036854775807],"datatype":"FP32","data":[1]}]}""", 400, "is not the shape of a tensor")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1000000000],"datatype":"FP32","data":[1]}]}""", 400, "too short for as many")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3]}]}", 400, "3 values, but shape [2,2] has 4")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4,5]}]}", 400, "more values than the 4 of its shape")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[[1,2,3],[4]]}]}", 400, "holds 3 where 2 were expected")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[[1,2],[3,4]}]}", 400, "',' or ']'")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[[1,2],3,4]}]}", 400, "expected an array")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,[3],4]}]}", 400, "expected a number")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,\"4\"]}]}", 400, "expected a number")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,null]}]}", 400, "expected a number")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,1e39]}]}", 400, "fits binary32")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,+4]}]}", 400, "expected a number")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,04]}]}", 400, "expected a number")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,]}]}", 400, "expected a number")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":7}]}", 400, "expected an array")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4],\"data\":[1,2,3,4]}]}", 400, "'data' for the second time")]
    [InlineData("{\"inputs\":[{" + Input + ",\"name\":\"y\",\"data\":[1,2,3,4]}]}", 400, "'name' for the second time")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}],\"inputs\":[]}", 400, "'inputs' for the second time")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}]} x", 400, "end of the text")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}]", 400, "expected")]
    [InlineData("{\"inputs\":[{" + Input + "}]}", 400, "either 'data' or the parameter 'binary_data_size'")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4],\"parameters\":{\"binary_data_size\":16}}]}", 400, "either 'data' or")]
    [InlineData("{\"inputs\":[{" + Input + ",\"parameters\":{\"binary_data_size\":16}}]}", 400, "no header Inference-Header-Content-Length")]
    [InlineData("{\"inputs\":[{" + Input + ",\"parameters\":{\"shared_memory_region\":\"r\"}}]}", 501, "shared memory is not supported")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}],\"outputs\":[{\"name\":\"y\"},{\"name\":\"y\"}]}", 400, "asked for twice")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}],\"outputs\":[{\"name\":\"y\",\"parameters\":{\"classification\":0}}]}", 400, "1 or more")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}],\"parameters\":{\"triton_x\":1}}", 400, "reserved")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}],\"parameters\":{\"sequence_id\":5}}", 501, "sequence")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}],\"parameters\":{\"priority\":-1}}", 400, "priority")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}],\"parameters\":{\"a\":[1]}}", 400, "must be a string, a number or a truth value")]
    [InlineData("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}],\"parameters\":{\"a\":1,\"a\":2}}", 400, "second time")]
    [InlineData("{\"id\":\"\\ud800\",\"inputs\":[]}", 400, "surrogate")]
    [InlineData("{\"id\":\"\\x\",\"inputs\":[]}", 400, "escape")]
    public async Task Malformed_requests_are_refused_with_what_is_wrong(string body, int status, string part)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await Post(host, Encoding.UTF8.GetBytes(body));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.StartsWith("{\"error\":\"", text, StringComparison.Ordinal);
        Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_without_a_meaning_are_passed_over_however_often_they_come()
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await Post(
            host, Encoding.UTF8.GetBytes("{\"more\":1,\"inputs\":[{" + Input + ",\"data\":[1,2,3,4],\"note\":[],\"note\":{}}],\"more\":{\"inputs\":[]}}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("UINT8", "[0,255]", true)]
    [InlineData("UINT8", "[256]", false)]
    [InlineData("UINT8", "[-1]", false)]
    [InlineData("INT8", "[-128,127]", true)]
    [InlineData("INT8", "[-129]", false)]
    [InlineData("INT16", "[32768]", false)]
    [InlineData("INT32", "[2147483648]", false)]
    [InlineData("UINT32", "[4294967295]", true)]
    [InlineData("INT64", "[-9223372036854775808,9223372036854775807]", true)]
    [InlineData("INT64", "[9223372036854775808]", false)]
    [InlineData("UINT64", "[18446744073709551615]", true)]
    [InlineData("UINT64", "[18446744073709551616]", false)]
    [InlineData("INT32", "[1.0]", false)]
    [InlineData("INT32", "[1e2]", false)]
    [InlineData("BOOL", "[true,false]", true)]
    [InlineData("BOOL", "[1]", false)]
    [InlineData("FP64", "[NaN,Infinity,-Infinity,Inf,-Inf,1e308]", true)]
    [InlineData("FP64", "[1e309]", false)]
    [InlineData("BYTES", "[\"a\",\"\\u00e9\\n\",\"\"]", true)]
    [InlineData("BYTES", "[{\"b64\":\"AA==\"}]", false)]
    public async Task Values_are_taken_exactly_or_refused(string datatype, string data, bool accepted)
    {
        Assert.True(TensorDataTypes.TryParse(datatype, out TensorDataType type));
        await using ProtocolHost host = await ProtocolHost.StartAsync(
            new FakeInference(SampleModels.Echo(type, -1)), static endpoints => endpoints.MapOpenInferenceRest());
        int count = data.Count(static c => c == ',') + 1;
        string body = "{\"inputs\":[{\"data\":" + data + ",\"name\":\"x\",\"shape\":[" + count + "],\"datatype\":\"" + datatype + "\"}]}";
        using HttpResponseMessage answer = await host.Client.PostAsync("/v2/models/echo/infer", new ByteArrayContent(Encoding.UTF8.GetBytes(body)));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
        if (accepted && datatype is not ("BYTES" or "FP64"))
        {
            Assert.EndsWith("\"data\":" + data + "}]}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nesting_deeper_than_the_bound_is_refused_and_harms_nobody()
    {
        await using ProtocolHost host = await Start();
        foreach (string body in (string[])
        [
            "{\"inputs\":[{" + Input + ",\"data\":" + new string('[', 1_000_000) + "}]}",
            "{\"unknown\":" + new string('[', 1_000_000),
            string.Concat(Enumerable.Repeat("{\"a\":", 1_000_000)),
        ])
        {
            using HttpResponseMessage answer = await Post(host, Encoding.UTF8.GetBytes(body));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("deeper than 64", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await AssertServes(host);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused()
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await Post(host, [.. "{\"id\":\""u8, 0xC3, 0x28, .. "\",\"inputs\":[]}"u8]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("UTF-8", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1", 400, "whole number")]
    [InlineData("x", 400, "whole number")]
    [InlineData("99999999999", 400, "whole number")]
    [InlineData("500", 400, "but the body has")]
    [InlineData("10", 400, "the request's JSON")]
    public async Task A_wrong_header_length_is_refused(string header, int status, string part)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await Post(host, Encoding.UTF8.GetBytes("{\"inputs\":[{" + Input + ",\"data\":[1,2,3,4]}]}"), header);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Contains(part, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, 15, "expecting 1 additional bytes")]
    [InlineData(16, 17, "unexpected additional input data")]
    [InlineData(12, 12, "Expected 16, got 12")]
    [InlineData(2_000_000_000, 16, "Expected 16, got 2000000000")]
    public async Task Binary_sizes_that_do_not_add_up_are_refused(int claimed, int sent, string part)
    {
        await using ProtocolHost host = await Start();
        byte[] json = Encoding.UTF8.GetBytes("{\"inputs\":[{" + Input + ",\"parameters\":{\"binary_data_size\":" + claimed + "}}]}");
        using HttpResponseMessage answer = await Post(host, [.. json, .. new byte[sent]], json.Length.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(part, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":[1,3],\"datatype\":\"BOOL\",\"parameters\":{\"binary_data_size\":3}}]}")]
    [InlineData("")]
    public async Task Bytes_that_are_no_truth_values_are_refused(string json)
    {
        await using ProtocolHost host = await ProtocolHost.StartAsync(
            new FakeInference(SampleModels.Echo(TensorDataType.Bool, 1, 3)), static endpoints => endpoints.MapOpenInferenceRest());
        foreach ((byte value, HttpStatusCode expected) in ((byte, HttpStatusCode)[])[(1, HttpStatusCode.OK), (2, HttpStatusCode.BadRequest), (255, HttpStatusCode.BadRequest)])
        {
            HttpRequestMessage request = new(HttpMethod.Post, "/v2/models/echo/infer") { Content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(json), 0, 1, value]) };
            request.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", json.Length.ToString(CultureInfo.InvariantCulture));
            using HttpResponseMessage answer = await host.Client.SendAsync(request);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Json_and_binary_inputs_may_be_mixed_and_chunked()
    {
        await using ProtocolHost host = await Start();
        byte[] json = Encoding.UTF8.GetBytes("{\"inputs\":[{" + Input + ",\"parameters\":{\"binary_data_size\":16}}]}");
        byte[] block = new byte[16];
        BitConverter.TryWriteBytes(block, 3f);
        HttpRequestMessage request = new(HttpMethod.Post, "/v2/models/linear/infer") { Content = new ByteArrayContent([.. json, .. block]) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("inference-header-content-length", json.Length.ToString(CultureInfo.InvariantCulture));
        using HttpResponseMessage answer = await host.Client.SendAsync(request);
        Assert.Contains("\"data\":[6.0,1.0,0.0,1.0]", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_beyond_the_limits_are_refused_with_413()
    {
        await using ProtocolHost host = await ProtocolHost.StartAsync(
            new FakeInference(SampleModels.Linear), static endpoints => endpoints.MapOpenInferenceRest(), static options =>
            {
                options.MaxJsonBytes = 1000;
                options.MaxBodyBytes = 100_000;
                options.MaxDecompressedBytes = 2000;
            });
        byte[] large = Encoding.UTF8.GetBytes("{\"x\":\"" + new string('a', 1500) + "\"}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(host, large)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(host, new byte[200_000])).StatusCode);

        HttpRequestMessage chunked = new(HttpMethod.Post, "/v2/models/linear/infer") { Content = new ByteArrayContent(large) };
        chunked.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.Client.SendAsync(chunked)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(host, Gzip(new byte[10_000_000]), encoding: "gzip")).StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Bodies_are_decompressed_and_answers_compressed_when_asked(string coding)
    {
        await using ProtocolHost host = await Start();
        string values = string.Join(',', Enumerable.Range(0, 2000));
        byte[] json = Encoding.UTF8.GetBytes("{\"inputs\":[{\"name\":\"x\",\"shape\":[1000,2],\"datatype\":\"FP32\",\"data\":[" + values + "]}]}");
        byte[] packed = coding == "gzip" ? Gzip(json) : Zlib(json);
        HttpRequestMessage request = new(HttpMethod.Post, "/v2/models/linear/infer") { Content = new ByteArrayContent(packed) };
        request.Content.Headers.ContentEncoding.Add(coding);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", $"identity;q=0.5, {coding}, *;q=0.1");
        using HttpResponseMessage answer = await host.Client.SendAsync(request);
        Assert.Equal(coding, answer.Content.Headers.ContentEncoding.Single());
        await using Stream body = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = coding == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : new ZLibStream(body, CompressionMode.Decompress);
        string text = await new StreamReader(plain).ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith(",3996.0,2000.0]}]}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_or_broken_compression_is_refused()
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage unknown = await Post(host, "{}"u8.ToArray(), encoding: "br");
        Assert.Equal(HttpStatusCode.NotImplemented, unknown.StatusCode);
        Assert.Equal("gzip, deflate", string.Join(", ", unknown.Headers.GetValues("Accept-Encoding")));
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(host, "no gzip at all"u8.ToArray(), encoding: "gzip")).StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_compressed_body_that_is_cut_off_is_refused_even_where_all_its_values_have_come(string coding)
    {
        await using ProtocolHost host = await Start();
        byte[] json = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}"""u8.ToArray();
        byte[] packed = coding == "gzip" ? Gzip(json) : Zlib(json);
        Assert.Equal(HttpStatusCode.OK, (await Post(host, packed, encoding: coding)).StatusCode);
        foreach (int missing in (int[])[1, 4, 9, packed.Length / 2])
        {
            using HttpResponseMessage answer = await Post(host, packed[..^missing], encoding: coding);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_caller_that_leaves_in_the_middle_of_its_body_harms_nobody()
    {
        await using ProtocolHost host = await Start();
        for (int i = 0; i < 5; i++)
        {
            using TcpClient client = new();
            await client.ConnectAsync(host.EndPoint, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("POST /v2/models/linear/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n{\"inputs\":["u8.ToArray(), TestContext.Current.CancellationToken);
        }

        await AssertServes(host);
    }

    [Fact]
    public async Task A_body_longer_than_its_content_length_is_cut_there()
    {
        await using ProtocolHost host = await Start();
        using TcpClient client = new();
        await client.ConnectAsync(host.EndPoint, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("POST /v2/models/linear/infer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\n{\"inputs\":[]}"u8.ToArray(), TestContext.Current.CancellationToken);
        string answer = await new StreamReader(client.GetStream()).ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"error\":", answer, StringComparison.Ordinal);
        await AssertServes(host);
    }

    [Fact]
    public async Task A_caller_that_goes_away_cancels_its_request()
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeInference inference = new(SampleModels.Linear)
        {
            Before = async (_, token) =>
            {
                using CancellationTokenRegistration registration = token.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, token);
            },
        };
        await using ProtocolHost host = await ProtocolHost.StartAsync(inference, static endpoints => endpoints.MapOpenInferenceRest());
        using (CancellationTokenSource impatience = new(TimeSpan.FromMilliseconds(200)))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Client.PostAsync(
                "/v2/models/linear/infer", new StringContent("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}"""), impatience.Token));
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(ErrorCode.Overloaded, 429, "1")]
    [InlineData(ErrorCode.ModelNotReady, 503, "1")]
    [InlineData(ErrorCode.DeadlineExceeded, 504, null)]
    [InlineData(ErrorCode.Internal, 500, null)]
    public async Task Failures_of_the_model_have_their_status_and_say_when_to_come_back(ErrorCode code, int status, string? retryAfter)
    {
        FakeInference inference = new(SampleModels.Linear) { Before = (_, _) => throw new SlipwayException(code, "told so") };
        await using ProtocolHost host = await ProtocolHost.StartAsync(inference, static endpoints => endpoints.MapOpenInferenceRest());
        using HttpResponseMessage answer = await Post(host, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}"""u8.ToArray());
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal(retryAfter, answer.Headers.RetryAfter?.ToString());
        Assert.Equal("""{"error":"told so"}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unforeseen_fault_tells_nothing()
    {
        FakeInference inference = new(SampleModels.Linear) { Before = (_, _) => throw new IOException("/secret/path") };
        await using ProtocolHost host = await ProtocolHost.StartAsync(inference, static endpoints => endpoints.MapOpenInferenceRest());
        using HttpResponseMessage answer = await Post(host, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}"""u8.ToArray());
        Assert.Equal((HttpStatusCode.InternalServerError, """{"error":"internal error"}"""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Parameters_reach_the_request()
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await Post(host, """
            {"parameters":{"priority":2,"timeout":1500,"mine":"yes","n":7,"f":0.5,"b":true,"sequence_id":0},"extra":{"a":[1,{"b":null}]},"inputs":[{"data":[1,2],"extra":[[]],"shape":[1,2],"datatype":"FP32","name":"x"}]}
            """u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        InferenceRequest last = host.Inference.Last!;
        Assert.Equal((2, TimeSpan.FromMicroseconds(1500)), (last.Priority, last.QueueTimeout));
        Assert.Equal(["b", "f", "mine", "n"], last.Parameters.Keys.Order());
        Assert.Equal(ParameterValue.Of("yes"), last.Parameters["mine"]);
    }

    private static async Task AssertServes(ProtocolHost host)
    {
        using HttpResponseMessage answer = await Post(host, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[[1,2]]}]}"""u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static Task<ProtocolHost> Start() =>
        ProtocolHost.StartAsync(new FakeInference(SampleModels.Linear), static endpoints => endpoints.MapOpenInferenceRest());

    private static Task<HttpResponseMessage> Post(ProtocolHost host, byte[] body, string? headerLength = null, string? encoding = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/v2/models/linear/infer") { Content = new ByteArrayContent(body) };
        if (headerLength is not null)
        {
            request.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", headerLength);
        }

        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        return host.Client.SendAsync(request);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionMode.Compress, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Zlib(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (ZLibStream stream = new(packed, CompressionMode.Compress, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }
}
