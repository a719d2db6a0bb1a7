using System.IO.Compression;
using System.Net;
using System.Text;
using Slipway.Core;
using Slipway.Protocols.TensorFlowServing.Rest;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.TensorFlowServing.Rest;

public sealed class PredictTests
{
    private static readonly FakeServable Half = new(
        "half",
        [new("x", TensorDataType.Float32, new(-1))],
        [new("y", TensorDataType.Float32, new(-1))],
        static request => [TestTensors.Floats("y", [request.Inputs[0].ElementCount], [.. request.Inputs[0].Values<float>().Select(static v => (v * 0.5f) + 2)])],
        version: 123);

    private static readonly FakeServable Mixed = new(
        "mixed",
        [new("t", TensorDataType.String, new(-1)), new("s", TensorDataType.Int32, new(-1, 2))],
        [new("a", TensorDataType.Float32, new(-1)), new("img_bytes", TensorDataType.String, new(-1))],
        static _ => [TestTensors.Floats("a", [2], 0.5f, 1), TestTensors.Bytes("img_bytes", [2], [0, 1], [])]);

    private static readonly FakeServable Echo = new(
        "echo",
        [new("b", TensorDataType.String, new(-1))],
        [new("text", TensorDataType.String, new(-1))],
        static request => [new Tensor("text", TensorDataType.String, request.Inputs[0].Shape, request.Inputs[0].Data.ToArray())]);

    private static readonly FakeServable Odd = new(
        "odd",
        [new("x", TensorDataType.Float32, new(-1))],
        [new("y", TensorDataType.Float32, new(-1))],
        static _ => [TestTensors.Floats("y", [3], float.NaN, float.NegativeInfinity, 1e6f)]);

    private static readonly FakeServable Matrix = new(
        "matrix",
        [new("x", TensorDataType.Float32, new(-1, 2, 2))],
        [new("y", TensorDataType.Float32, new(-1, 2, 2)), new("n", TensorDataType.Int64, new())],
        static request =>
        [
            new Tensor("y", TensorDataType.Float32, request.Inputs[0].Shape, request.Inputs[0].Data.ToArray()),
            TestTensors.Of<long>("n", TensorDataType.Int64, [], 7),
        ]);

    [Theory]
    [InlineData("half", """{"instances":[1.0,2.0,5.0]}""", """{"predictions":[2.5,3.0,4.5]}""")] // T1
    [InlineData("half", """{"instances":[{"x":1.0},{"x":2.0}]}""", """{"predictions":[2.5,3.0]}""")]
    [InlineData("half", """{"inputs":{"x":[1.0,2.0]}}""", """{"outputs":[2.5,3.0]}""")] // T2
    [InlineData("half", """{"inputs":[1.0,2.0]}""", """{"outputs":[2.5,3.0]}""")]
    [InlineData("half", """{"inputs":{"x":[1.0],"unknown":"ignored"},"signature_name":"serving_default"} trailing""", """{"outputs":[2.5]}""")]
    [InlineData("half", """{"more":1,"inputs":{"x":[1.0],"y":2,"y":3},"more":2}""", """{"outputs":[2.5]}""")]
    [InlineData("half", """{"signature_name":"","instances":[NaN,-Infinity,1e1]}""", """{"predictions":[NaN,-Infinity,7.0]}""")]
    [InlineData("HALF", """{"instances":[1]}""", null)]
    [InlineData(
        "mixed", """{"instances":[{"t":"foo","s":[1,2]},{"s":[3,4],"t":"bar"}]}""",
        """{"predictions":[{"a":0.5,"img_bytes":{"b64":"AAE="}},{"a":1.0,"img_bytes":{"b64":""}}]}""")] // T3
    [InlineData("mixed", """{"inputs":{"t":["foo","bar"],"s":[[1,2],[3,4]]}}""", """{"outputs":{"a":[0.5,1.0],"img_bytes":[{"b64":"AAE="},{"b64":""}]}}""")]
    [InlineData("echo", """{"instances":["a","bé\n\"\u0041"]}""", """{"predictions":["a","bé\n\"A"]}""")]
    [InlineData("echo", """{"instances":[{"b64":"aGk="},"plain"]}""", """{"predictions":["hi","plain"]}""")]
    [InlineData("echo", """{"instances":[{"b":{"b64":"aGk="}}]}""", """{"predictions":["hi"]}""")]
    [InlineData("echo", """{"inputs":{"b64":"aGk="}}""", null)]
    [InlineData("odd", """{"instances":[1]}""", """{"predictions":[NaN,-Infinity,1000000.0]}""")] // T5
    [InlineData(
        "matrix", """{"inputs":[[[1,2],[3,4]],[[5,6],[7,8]]]}""", """{"outputs":{"y":[[[1.0,2.0],[3.0,4.0]],[[5.0,6.0],[7.0,8.0]]],"n":7}}""")]
    public async Task Predictions_are_answered_in_the_form_of_the_question(string model, string body, string? expected)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await Post(host, $"/v1/models/{model}:predict", body);
        string text = await answer.Content.ReadAsStringAsync();
        if (expected is null)
        {
            Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        }
        else
        {
            Assert.Equal(expected, text);
            Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task T4_a_base64_instance_is_bytes()
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await Post(host, "/v1/models/echo:predict", """{"instances":[{"b64":"AAE="}]}""");
        Assert.Equal([1L], host.Inference.Last!.Inputs[0].Shape.Dimensions.ToArray());
        Assert.Equal([2, 0, 0, 0, 0, 1], host.Inference.Last.Inputs[0].Data.ToArray());
    }

    [Theory]
    [InlineData("half", """{"instances":[]}""", 400, "at least one element")]
    [InlineData("half", "[1]", 400, "Is not object")]
    [InlineData("nope", """{"instances":[1]}""", 404, "Servable not found for request: Latest(nope)")]
    [InlineData("half/versions/7", """{"instances":[1]}""", 404, "Servable not found for request: Specific(half, 7)")]
    [InlineData("half/labels/canary", """{"instances":[1]}""", 400, "Unrecognized servable version label: canary")]
    [InlineData("half", """{"instances":[[1.0],[1.0,2.0]]}""", 400, "Expecting tensor size: 1 but got: 2")]
    [InlineData("half", """{"instances":[1],"inputs":[1]}""", 400, "not two")]
    [InlineData("half", """{"instances":[1],"signature_name":"other"}""", 400, "Serving signature name: \"other\" not found in signature def")]
    [InlineData("half", """{"instances":[1],"signature_name":5}""", 400, "must be a string")]
    [InlineData("half", "{}", 400, "Missing 'inputs' or 'instances' key")]
    [InlineData("half", """{"instances":[1,}""", 400, "expected")]
    [InlineData("half", """{"instances":[1 2]}""", 400, "at byte 16")]
    [InlineData("half", """{"instances":["a"]}""", 400, "expected a number")]
    [InlineData("half", """{"inputs":{"y":[1]}}""", 400, "Missing but required: {x}")]
    [InlineData("mixed", """{"instances":[{"t":"a","s":[1,2]},{"t":"b"}]}""", 400, "element: 1 key: s of 'instances' list")]
    [InlineData("mixed", """{"instances":[{"t":"a","s":[1,2]},{"t":"b","s":[1]}]}""", 400, "Expecting tensor size: 2 but got: 1")]
    [InlineData("mixed", """{"instances":[{"t":"a","s":[1,2.5]}]}""", 400, "element: 0 key: s")]
    [InlineData("mixed", """{"instances":[{"t":"a","s":[1,2],"z":1}]}""", 400, "key: z")]
    [InlineData("mixed", """{"instances":[{"t":"a","t":"b","s":[1,2]}]}""", 400, "given twice")]
    [InlineData("mixed", """{"instances":[1,2]}""", 400, "each element must be an object")]
    [InlineData("mixed", """{"inputs":[1,2]}""", 400, "must be an object")]
    [InlineData("echo", """{"instances":[{"b64":"not base64"}]}""", 400, "valid base64")]
    [InlineData("echo", """{"instances":[true]}""", 400, "expected a string")]
    [InlineData("matrix", """{"inputs":[[[1,2],[3]]]}""", 400, "Encountered list at unexpected size: 1 at level: 2 expected size: 2")]
    [InlineData("matrix", """{"instances":[[[1,2],[3,4]]]}""", 400, "has no shape information")]
    public async Task Wrong_requests_are_told_what_is_wrong(string model, string body, int status, string part)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await Post(host, $"/v1/models/{model}:predict", body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.StartsWith("{\"error\":\"", text, StringComparison.Ordinal);
        Assert.Contains(part, text.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_match_without_regard_to_case_and_versions_and_labels_choose()
    {
        await using ProtocolHost host = await Start();
        host.Inference.Labels["half"] = new Dictionary<string, long> { ["stable"] = 123 };
        foreach (string path in (string[])["/V1/Models/half:PREDICT", "/v1/models/half/versions/123:predict", "/v1/models/half/labels/stable:predict"])
        {
            using HttpResponseMessage answer = await Post(host, path, """{"instances":[1.0]}""");
            Assert.Equal("""{"predictions":[2.5]}""", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_gzip_body_is_decompressed()
    {
        await using ProtocolHost host = await Start();
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write("""{"instances":[1.0]}"""u8);
        }

        ByteArrayContent content = new(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage answer = await host.Client.PostAsync("/v1/models/half:predict", content);
        Assert.Equal("""{"predictions":[2.5]}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("POST", "/v1/models/half:explain", """{"error":"Malformed request: POST /v1/models/half:explain"}""")]
    [InlineData("POST", "/v1/models/half", """{"error":"Malformed request: POST /v1/models/half"}""")]
    [InlineData("PUT", "/v1/models/half:predict", """{"error":"Malformed request: PUT /v1/models/half:predict"}""")]
    [InlineData("GET", "/v1/models/half/versions/x", """{"error":"Malformed request: GET /v1/models/half/versions/x"}""")]
    [InlineData("GET", "/v1/other", """{"error":"Malformed request: GET /v1/other"}""")]
    public async Task What_the_protocol_does_not_have_is_a_malformed_request(string verb, string path, string expected)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(verb), path));
        Assert.Equal((HttpStatusCode.BadRequest, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("https://example.org", HttpStatusCode.OK)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    public async Task A_preflight_from_a_page_is_answered(string origin, HttpStatusCode expected)
    {
        await using ProtocolHost host = await Start();
        HttpRequestMessage request = new(HttpMethod.Options, "/v1/models/half:predict");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        using HttpResponseMessage answer = await host.Client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static Task<ProtocolHost> Start() =>
        ProtocolHost.StartAsync(new FakeInference(Half, Mixed, Echo, Odd, Matrix), static endpoints => endpoints.MapTensorFlowServingRest());

    private static Task<HttpResponseMessage> Post(ProtocolHost host, string path, string body) =>
        host.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"));
}
