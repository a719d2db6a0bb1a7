using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.SageMaker;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.SageMaker;

public sealed class SageMakerTests
{
    private static FakeServable Sum => SumOf(maxBatchSize: 32);

    private static FakeServable Named => new(
        "named",
        [new("a", TensorDataType.Float32, new(-1, 1)), new("b", TensorDataType.Int64, new(-1, 1))],
        [new("label", TensorDataType.Int64, new(-1)), new("probabilities", TensorDataType.Float32, new(-1, 2))],
        static request =>
        [
            TestTensors.Of("label", TensorDataType.Int64, [request.Inputs[0].Shape[0]], request.Inputs.Single(static input => input.Name == "b").Values<long>()),
            TestTensors.Floats("probabilities", [request.Inputs[0].Shape[0], 2], [.. request.Inputs.Single(static input => input.Name == "a").Values<float>().SelectMany(static v => new[] { v, 1 - v })]),
        ],
        maxBatchSize: 32);

    [Fact]
    public async Task O1_ping_is_empty_and_csv_without_a_header_is_answered_alone()
    {
        await using ProtocolHost host = await Start(Sum);
        using HttpResponseMessage ping = await host.Client.GetAsync("/ping");
        Assert.Equal((HttpStatusCode.OK, ""), (ping.StatusCode, await ping.Content.ReadAsStringAsync()));
        using HttpResponseMessage answer = await Post(host, "/invocations", "1,2\n3,4\n", "text/csv", "application/json");
        Assert.Equal("[0.375,0.875]", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("""{"dataframe_split":{"columns":["p","q"],"data":[[1,2],[3,4.0]]}}""", """{"predictions":[0.375,0.875]}""")]
    [InlineData("""{"dataframe_split":{"index":[7,8],"data":[[1,2],[3,4]]}}""", """{"predictions":[0.375,0.875]}""")]
    [InlineData("""{"dataframe_records":[{"p":1,"q":2},{"q":4,"p":3}]}""", """{"predictions":[0.375,0.875]}""")]
    [InlineData("""{"instances":[[1,2],[3,4]],"params":{"any":1}}""", """{"predictions":[0.375,0.875]}""")]
    [InlineData("""{"instances":[{"x":[1,2]},{"x":[3,4]}]}""", """{"predictions":[0.375,0.875]}""")]
    [InlineData("""{"inputs":[[1,2],[3,4]]}""", """{"predictions":[0.375,0.875]}""")]
    [InlineData("""{"inputs":{"x":[[1,2]]}}""", """{"predictions":[0.375]}""")]
    [InlineData("[[1,2],[3,4]]", "[0.375,0.875]")]
    public async Task Every_json_form_is_understood(string body, string expected)
    {
        await using ProtocolHost host = await Start(Sum);
        using HttpResponseMessage answer = await Post(host, "/invocations", body, "application/json; charset=utf-8");
        Assert.Equal((HttpStatusCode.OK, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("1,2\n3,4\n", "text/csv", "0.375\n0.875\n")]
    [InlineData("""{"dataframe_split":{"columns":["p","q"],"data":[[1,2],[3,4]]}}""", "application/json", """{"predictions":[0.375,0.875]}""")]
    public async Task Rows_of_one_request_are_run_together_also_where_those_of_several_never_would_be(string body, string type, string expected)
    {
        await using ProtocolHost host = await Start(SumOf(maxBatchSize: 0, hasRows: true));
        using HttpResponseMessage answer = await Post(host, "/invocations", body, type, type);
        Assert.Equal((HttpStatusCode.OK, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Frames_are_matched_to_inputs_by_name_whatever_their_order()
    {
        await using ProtocolHost host = await Start(Named);
        string expected = """{"predictions":{"label":[7,8],"probabilities":[[0.25,0.75],[0.5,0.5]]}}""";
        foreach ((string body, string type) in ((string, string)[])
        [
            ("""{"dataframe_split":{"columns":["b","a"],"data":[[7,0.25],[8,0.5]]}}""", "application/json"),
            ("""{"dataframe_records":[{"b":7,"a":0.25,"extra":"x"},{"a":0.5,"b":8,"extra":null}]}""", "application/json"),
            ("b,a\n7,0.25\n8,0.5\n", "text/csv"),
        ])
        {
            using HttpResponseMessage answer = await Post(host, "/invocations", body, type);
            Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Columns_without_a_header_are_the_inputs_in_order()
    {
        await using ProtocolHost host = await Start(Named);
        using HttpResponseMessage answer = await Post(host, "/invocations", "0.25,7\n0.5,8\n", "text/csv");
        Assert.Equal("""{"label":[7,8],"probabilities":[[0.25,0.75],[0.5,0.5]]}""", await answer.Content.ReadAsStringAsync());
        using HttpResponseMessage refused = await Post(host, "/invocations", "0.25,7,1\n", "text/csv");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("inf,2\n3,4\n", "[Infinity,0.875]")]
    [InlineData("-Inf,2\n3,4\n", "[-Infinity,0.875]")]
    [InlineData("1,nan\n3,4\n", "[NaN,0.875]")]
    [InlineData("True,2\n3,4\n", "[0.375,0.875]")]
    [InlineData("FALSE,3\n3,4\n", "[0.375,0.875]")]
    [InlineData(",2\n3,4\n", "[NaN,0.875]")]
    [InlineData("p,q\n1,2\n3,4\n", """{"predictions":[0.375,0.875]}""")]
    [InlineData(",x\n1,2\n3,4\n", """{"predictions":[0.375,0.875]}""")]
    public async Task First_line_is_a_row_where_its_cells_are_values(string body, string expected)
    {
        await using ProtocolHost host = await Start(Sum);
        using HttpResponseMessage answer = await Post(host, "/invocations", body, "text/csv");
        Assert.Equal((HttpStatusCode.OK, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("NA,2\n3,4\n")]
    [InlineData("1,x\n3,4\n")]
    [InlineData("1,2,\"a\"\n3,4,5\n")]
    public async Task First_line_that_is_neither_row_nor_header_is_refused_rather_than_lost(string body)
    {
        await using ProtocolHost host = await Start(Sum);
        using HttpResponseMessage answer = await Post(host, "/invocations", body, "text/csv");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("neither a row of numbers nor a header", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_inputs_are_a_header_though_some_are_numbers()
    {
        FakeServable servable = new(
            "numbered",
            [new("a", TensorDataType.Float32, new(-1)), new("2", TensorDataType.Float32, new(-1))],
            [new("y", TensorDataType.Float32, new(-1))],
            static request => [TestTensors.Floats("y", [request.Inputs[0].Shape[0]], request.Inputs.Single(static input => input.Name == "2").Values<float>())],
            maxBatchSize: 32);
        await using ProtocolHost host = await Start(servable);
        using HttpResponseMessage answer = await Post(host, "/invocations", "2,a\n5,6\n", "text/csv");
        Assert.Equal("""{"predictions":[5.0]}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Configured_outputs_are_the_only_ones()
    {
        await using ProtocolHost host = await Start([Named], static options => options.Outputs = ["label"]);
        using HttpResponseMessage answer = await Post(host, "/invocations", "b,a\n7,0.25\n", "text/csv");
        Assert.Equal("""{"predictions":[7]}""", await answer.Content.ReadAsStringAsync());
        using HttpResponseMessage csv = await Post(host, "/invocations", "b,a\n7,0.25\n8,1\n", "text/csv", "text/csv");
        Assert.Equal("7\n8\n", await csv.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Arrays_of_numpy_go_in_and_out()
    {
        await using ProtocolHost host = await Start(Sum);
        byte[] head = NpyFormat.WriteHeader(TestTensors.Floats("x", [2, 2], 1, 2, 3, 4));
        Assert.Equal(0, head.Length % 64);
        byte[] body = [.. head, .. TestTensors.Floats("x", [2, 2], 1, 2, 3, 4).Data.ToArray()];
        using HttpResponseMessage answer = await Post(host, "/invocations", body, "application/x-npy", "application/x-npy");
        byte[] array = await answer.Content.ReadAsByteArrayAsync();
        Assert.Contains("'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", Encoding.Latin1.GetString(array), StringComparison.Ordinal);
        Assert.Equal([0.375f, 0.875f], [BitConverter.ToSingle(array, array.Length - 8), BitConverter.ToSingle(array, array.Length - 4)]);
    }

    [Fact]
    public async Task Arrays_of_other_numbers_are_taken_as_JSON_would_be_and_columns_become_rows()
    {
        await using ProtocolHost host = await Start([Sum, Named], static _ => { });
        foreach ((string head, byte[] elements) in ((string, byte[])[])
        [
            ("'<f8', 'fortran_order': False", Doubles(1, 2, 3, 4)),
            ("'<f8', 'fortran_order': True", Doubles(1, 3, 2, 4)),
            ("'|u1', 'fortran_order': True", [1, 3, 2, 4]),
            ("'<i8', 'fortran_order': False", [.. ((long[])[1, 2, 3, 4]).SelectMany(BitConverter.GetBytes)]),
        ])
        {
            byte[] body = Npy($"{{'descr': {head}, 'shape': (2, 2), }}", elements);
            using HttpResponseMessage answer = await Post(host, "/models/sum/invoke", body, "application/x-npy", null);
            Assert.Equal("[0.375,0.875]", await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("'<f8'", "takes FP32, which has no room for element 1 of the array")]
    [InlineData("'|b1'", "takes FP32, the array has BOOL")]
    [InlineData("'>f8'", "not little-endian")]
    public async Task Arrays_that_the_input_has_no_room_for_are_refused(string descriptor, string part)
    {
        await using ProtocolHost host = await Start(Sum);
        byte[] body = Npy($"{{'descr': {descriptor}, 'fortran_order': False, 'shape': (1, 2), }}", Doubles(1, 1e39));
        using HttpResponseMessage answer = await Post(host, "/invocations", body, "application/x-npy", null);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(part, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "application/json", null, 400)]
    [InlineData("""{"inputs":[[1,2]],"instances":[[1,2]]}""", "application/json", null, 400)]
    [InlineData("""{"other":[[1,2]]}""", "application/json", null, 400)]
    [InlineData("5", "application/json", null, 400)]
    [InlineData("""{"dataframe_split":{"columns":["p","q"],"data":[[1]]}}""", "application/json", null, 400)]
    [InlineData("""{"dataframe_split":{"columns":["p"]}}""", "application/json", null, 400)]
    [InlineData("""{"dataframe_split":{"index":[7],"data":[[1,2]],"index":[8]}}""", "application/json", null, 400)]
    [InlineData("1,2\n3\n", "text/csv", null, 400)]
    [InlineData("", "text/csv", null, 400)]
    [InlineData("[[1,2]]", "application/xml", null, 415)]
    [InlineData("[[1,2]]", "application/json; charset=latin1", null, 415)]
    [InlineData("[[1,2]]", "application/json", "image/png", 406)]
    [InlineData("[[1,2]]", "application/json", "image/png, */*;q=0.1", 200)]
    [InlineData("no array", "application/x-npy", null, 400)]
    public async Task Wrong_requests_get_the_status_of_the_contract(string body, string type, string? accept, int status)
    {
        await using ProtocolHost host = await Start(Sum);
        using HttpResponseMessage answer = await Post(host, "/invocations", Encoding.UTF8.GetBytes(body), type, accept);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        if (status >= 400)
        {
            using JsonDocument failure = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal("BAD_REQUEST", failure.RootElement.GetProperty("error_code").GetString());
            Assert.Equal(failure.RootElement.GetProperty("error").GetString(), failure.RootElement.GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task O2_models_are_loaded_listed_and_unloaded_by_name()
    {
        await using ProtocolHost host = await Start(Sum);
        await host.Inference.UnloadAsync("sum", TestContext.Current.CancellationToken);
        string load = """{"model_name":"sum","url":"/opt/ml/models/sum/model"}""";
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/models/sum")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Post(host, "/models", load)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Post(host, "/models", load)).StatusCode);
        Assert.Equal("""{"models":[{"modelName":"sum","modelUrl":"/opt/ml/models/sum/model"}]}""", await host.Client.GetStringAsync("/models"));
        Assert.Equal("""{"modelName":"sum","modelUrl":"/opt/ml/models/sum/model"}""", await host.Client.GetStringAsync("/models/sum"));
        using HttpResponseMessage answer = await Post(host, "/models/sum/invoke", "1,2\n", "text/csv");
        Assert.Equal("[0.375]", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await Post(host, "/models/zzz/invoke", "1,2\n", "text/csv")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Post(host, "/models", """{"model_name":"../etc","url":"/etc"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.DeleteAsync("/models/sum")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.DeleteAsync("/models/sum")).StatusCode);
        Assert.Equal("""{"models":[]}""", await host.Client.GetStringAsync("/models"));
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/ping")).StatusCode);
    }

    [Fact]
    public async Task Several_models_need_a_name_and_attributes_come_back()
    {
        await using ProtocolHost host = await Start([Sum, Named], static _ => { });
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(host, "/invocations", "1,2\n", "text/csv")).StatusCode);
        await using ProtocolHost configured = await Start([Sum, Named], static options => options.Model = "sum");
        ByteArrayContent content = new("1,2\n"u8.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        HttpRequestMessage request = new(HttpMethod.Post, "/invocations") { Content = content };
        request.Headers.Add("X-Amzn-SageMaker-Custom-Attributes", "trace=7");
        request.Headers.Add("X-Amzn-SageMaker-Inference-Id", "id-1");
        using HttpResponseMessage answer = await configured.Client.SendAsync(request);
        Assert.Equal("trace=7", answer.Headers.GetValues("X-Amzn-SageMaker-Custom-Attributes").Single());
        Assert.Equal("id-1", configured.Inference.Last!.Id);
    }

    [Fact]
    public async Task Every_route_says_what_permission_it_needs()
    {
        await using ProtocolHost host = await Start(Sum);
        Assert.All(host.Endpoints, static endpoint => Assert.Single(endpoint.Metadata.OfType<RequiredPermission>()));
    }

    private static byte[] Doubles(params double[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    // Version 1.0: the length of the dictionary as two bytes, then the dictionary, then the elements.
    private static byte[] Npy(string dictionary, byte[] elements) =>
        [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)(dictionary.Length + 1)), .. Encoding.ASCII.GetBytes(dictionary + "\n"), .. elements];

    // Gives (a + b) / 8 of each row.
    private static FakeServable SumOf(int maxBatchSize, bool hasRows = false) => new(
        "sum",
        [new("x", TensorDataType.Float32, new(-1, 2))],
        [new("y", TensorDataType.Float32, new(-1))],
        static request => [TestTensors.Floats("y", [request.Inputs[0].Shape[0]],
            [.. request.Inputs[0].Values<float>().Chunk(2).Select(static row => (row[0] + row[1]) / 8)])],
        maxBatchSize: maxBatchSize,
        hasRows: hasRows);

    private static Task<ProtocolHost> Start(FakeServable servable) => Start([servable], static _ => { });

    private static Task<ProtocolHost> Start(FakeServable[] servables, Action<SageMakerOptions> configure) => ProtocolHost.StartAsync(
        new FakeInference(servables), static endpoints => endpoints.MapSageMaker(), services: services => services.Configure(configure));

    private static Task<HttpResponseMessage> Post(ProtocolHost host, string path, string body, string type = "application/json", string? accept = null) =>
        Post(host, path, Encoding.UTF8.GetBytes(body), type, accept);

    private static Task<HttpResponseMessage> Post(ProtocolHost host, string path, byte[] body, string type, string? accept)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return host.Client.SendAsync(request);
    }
}
