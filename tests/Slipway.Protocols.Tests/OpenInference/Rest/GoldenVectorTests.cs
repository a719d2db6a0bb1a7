using System.Net;
using System.Text;
using Slipway.Core;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.OpenInference.Rest;

/// <summary>Whole exchanges, byte for byte, derived from the protocol's specification and its best known server and clients.</summary>
public sealed class GoldenVectorTests
{
    [Fact]
    public async Task V1_json_in_and_out()
    {
        await using ProtocolHost host = await Start(SampleModels.Add);
        using HttpResponseMessage answer = await Post(host, "/v2/models/add/infer", """
            {"id":"42","inputs":[{"name":"a","shape":[2,2],"datatype":"INT32","data":[[1,2],[3,4]]},{"name":"m","shape":[3],"datatype":"BOOL","data":[true,false,true]}],"outputs":[{"name":"y"}]}
            """);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.False(answer.Headers.Contains("Inference-Header-Content-Length"));
        Assert.Equal(
            """{"id":"42","model_name":"add","model_version":"1","outputs":[{"name":"y","datatype":"FP32","shape":[2,2],"data":[1.0,2.0,3.0,4.0]}]}""",
            await answer.Content.ReadAsStringAsync());
        Assert.Equal([1, 0, 1], host.Inference.Last!.Inputs[1].Values<byte>());
    }

    [Fact]
    public async Task V2_binary_in_and_out()
    {
        FakeServable add = new(
            "add",
            [new("x", TensorDataType.Float32, new(-1, 2))],
            [new("y", TensorDataType.Float32, new(-1, 2))],
            static request => [TestTensors.Floats("y", [1, 2], request.Inputs[0].Values<float>() is [var a, var b] ? [a * 2, b + 1] : [])]);
        await using ProtocolHost host = await Start(add);
        byte[] json = """{"id":"7","inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}],"parameters":{"binary_data_output":true}}"""u8.ToArray();
        Assert.Equal(143, json.Length);
        using HttpResponseMessage answer = await PostBytes(host, "/v2/models/add/infer", [.. json, .. Convert.FromHexString("0000803f000020c0")], 143);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(150, body.Length);
        Assert.Equal("142", answer.Headers.GetValues("Inference-Header-Content-Length").Single());
        Assert.Equal(
            """{"id":"7","model_name":"add","model_version":"1","outputs":[{"name":"y","datatype":"FP32","shape":[1,2],"parameters":{"binary_data_size":8}}]}""",
            Encoding.UTF8.GetString(body, 0, 142));
        Assert.Equal("000000400000c0bf", Convert.ToHexStringLower(body.AsSpan(142)));
    }

    [Theory]
    [InlineData("BYTES", 2, "02000000686900000000")]
    [InlineData("FP16", 2, "003e00c0")]
    [InlineData("BF16", 2, "c03f00c0")]
    [InlineData("BOOL", 2, "0100")]
    [InlineData("INT64", 1, "feffffffffffffff")]
    public async Task V3_binary_layouts_pass_through_untouched(string datatype, int elements, string hex)
    {
        Assert.True(TensorDataTypes.TryParse(datatype, out TensorDataType type));
        await using ProtocolHost host = await Start(SampleModels.Echo(type, -1));
        byte[] block = Convert.FromHexString(hex);
        byte[] json = Encoding.UTF8.GetBytes(
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[" + elements + "],\"datatype\":\"" + datatype + "\",\"parameters\":{\"binary_data_size\":" + block.Length
            + "}}],\"outputs\":[{\"name\":\"x_out\",\"parameters\":{\"binary_data\":true}}]}");
        using HttpResponseMessage answer = await PostBytes(host, "/v2/models/echo/infer", [.. json, .. block], json.Length);
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(block, body[^block.Length..]);
        Assert.Equal(block, host.Inference.Last!.Inputs[0].Data.ToArray());
    }

    [Fact]
    public async Task V9_classification_gives_value_and_index_largest_first()
    {
        await using ProtocolHost host = await Start(SampleModels.Echo(TensorDataType.Float32, 4));
        using HttpResponseMessage answer = await Post(host, "/v2/models/echo/infer", """
            {"inputs":[{"name":"x","shape":[4],"datatype":"FP32","data":[1.1,3.3,0.5,2.4]}],"outputs":[{"name":"x_out","parameters":{"classification":2}}]}
            """);
        Assert.Equal(
            """{"model_name":"echo","model_version":"1","outputs":[{"name":"x_out","datatype":"BYTES","shape":[2],"data":["3.300000:1","2.400000:3"]}]}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task V10_unknown_path_half_precision_in_json_and_a_wrong_binary_size()
    {
        await using ProtocolHost host = await Start(SampleModels.Linear, SampleModels.Echo(TensorDataType.Float16, 1));
        using HttpResponseMessage unknown = await host.Client.GetAsync("/v2/nowhere");
        Assert.Equal((HttpStatusCode.NotFound, """{"error":"Not Found"}"""), (unknown.StatusCode, await unknown.Content.ReadAsStringAsync()));

        using HttpResponseMessage half = await Post(host, "/v2/models/echo/infer", """{"inputs":[{"name":"h","shape":[1],"datatype":"FP16","data":[1.0]}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, half.StatusCode);
        Assert.Equal(
            """{"error":"receiving FP16 data via JSON is not supported. Please use the binary data format for input h"}""",
            await half.Content.ReadAsStringAsync());

        byte[] json = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":4}}]}"""u8.ToArray();
        using HttpResponseMessage wrong = await PostBytes(host, "/v2/models/linear/infer", [.. json, 0, 0, 0, 0], json.Length);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(
            """{"error":"input byte size mismatch for input 'x' for model 'linear'. Expected 8, got 4"}""", await wrong.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task V11_a_dimension_of_zero_is_a_tensor_without_values()
    {
        await using ProtocolHost host = await Start(SampleModels.Linear);
        using HttpResponseMessage answer = await Post(
            host, "/v2/models/linear/infer", """{"inputs":[{"name":"x","shape":[0,2],"datatype":"FP32","data":[]}]}""");
        Assert.Equal(
            """{"model_name":"linear","model_version":"1","outputs":[{"name":"y","datatype":"FP32","shape":[0,2],"data":[]}]}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(0, "application/json")]
    [InlineData(1, "application/octet-stream")]
    public async Task An_answer_has_a_tail_and_its_header_only_where_a_binary_output_has_bytes(int rows, string contentType)
    {
        await using ProtocolHost host = await ProtocolHost.StartAsync(new FakeInference(SampleModels.Linear), static endpoints => endpoints.MapOpenInferenceRest());
        string data = string.Join(',', Enumerable.Repeat("1", rows * 2));
        using StringContent body = new($$$"""{"inputs":[{"name":"x","shape":[{{{rows}}},2],"datatype":"FP32","data":[{{{data}}}]}],"parameters":{"binary_data_output":true}}""");
        using HttpResponseMessage answer = await host.Client.PostAsync("/v2/models/linear/infer", body);
        Assert.Equal(contentType, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(rows > 0, answer.Headers.TryGetValues("Inference-Header-Content-Length", out _));
        Assert.Contains($"\"binary_data_size\":{rows * 8}", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":null,"parameters":null,"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":null,"data":[1,2]}],"outputs":null}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":[{"name":"y","parameters":null}]}""")]
    public async Task What_clients_write_as_null_was_not_given(string request)
    {
        await using ProtocolHost host = await ProtocolHost.StartAsync(new FakeInference(SampleModels.Linear), static endpoints => endpoints.MapOpenInferenceRest());
        using StringContent body = new(request);
        using HttpResponseMessage answer = await host.Client.PostAsync("/v2/models/linear/infer", body);
        Assert.Equal(
            """{"model_name":"linear","model_version":"1","outputs":[{"name":"y","datatype":"FP32","shape":[1,2],"data":[2.0,3.0]}]}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task V13_a_raw_tensor_is_a_batch_of_one_and_answered_in_binary()
    {
        await using ProtocolHost host = await Start(SampleModels.Linear);
        using HttpResponseMessage answer = await PostBytes(host, "/v2/models/linear/infer", Convert.FromHexString("0000803f000020c0"), 0);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([1L, 2L], host.Inference.Last!.Inputs[0].Shape.Dimensions.ToArray());
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal("000000400000c0bf", Convert.ToHexStringLower(body.AsSpan(^8..)));
    }

    private static Task<ProtocolHost> Start(params FakeServable[] servables) =>
        ProtocolHost.StartAsync(new FakeInference(servables), static endpoints => endpoints.MapOpenInferenceRest());

    private static Task<HttpResponseMessage> Post(ProtocolHost host, string path, string json) =>
        host.Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/x-www-form-urlencoded"));

    private static Task<HttpResponseMessage> PostBytes(ProtocolHost host, string path, byte[] body, int jsonLength)
    {
        ByteArrayContent content = new(body);
        content.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", jsonLength.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return host.Client.PostAsync(path, content);
    }
}
