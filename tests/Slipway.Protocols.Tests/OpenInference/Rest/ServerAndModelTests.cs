using System.Net;
using Slipway.Core;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.OpenInference.Rest;

public sealed class ServerAndModelTests
{
    [Theory]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true}""")]
    [InlineData("/v2/models", """{"models":["linear"]}""")]
    [InlineData("/v2/models/linear/ready", """{"name":"linear","ready":true}""")]
    [InlineData("/v2/models/linear/versions/1/ready", """{"name":"linear","ready":true}""")]
    [InlineData(
        "/v2/models/linear",
        """{"name":"linear","versions":["1"],"platform":"onnxruntime_onnx","inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],"outputs":[{"name":"y","datatype":"FP32","shape":[-1,2]}]}""")]
    public async Task What_is_asked_with_GET_is_answered_as_clients_expect(string path, string expected)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await host.Client.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Server_metadata_names_the_extensions()
    {
        await using ProtocolHost host = await Start();
        string text = await host.Client.GetStringAsync("/v2");
        Assert.StartsWith("""{"name":"slipway","version":""", text, StringComparison.Ordinal);
        Assert.Contains("\"binary_tensor_data\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v2/models/linear/infer", HttpStatusCode.MethodNotAllowed, """{"error":"Method Not Allowed"}""")]
    [InlineData("POST", "/v2/health/live", HttpStatusCode.MethodNotAllowed, """{"error":"Method Not Allowed"}""")]
    [InlineData("GET", "/v2/models/linear/versions/1/infer/more", HttpStatusCode.NotFound, """{"error":"Not Found"}""")]
    [InlineData("GET", "/v2/models/nope", HttpStatusCode.NotFound, """{"error":"Request for unknown model: 'nope' is not found"}""")]
    [InlineData("GET", "/v2/models/nope/ready", HttpStatusCode.NotFound, """{"error":"Request for unknown model: 'nope' is not found"}""")]
    [InlineData("GET", "/v2/models/linear/versions/9", HttpStatusCode.NotFound, """{"error":"model 'linear' has no version 9"}""")]
    [InlineData("GET", "/v2/models/linear/versions/9/ready", HttpStatusCode.ServiceUnavailable, """{"error":"Model version not ready: 'linear':9"}""")]
    public async Task What_is_not_there_is_said_in_json(string verb, string path, HttpStatusCode status, string expected)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(verb), path));
        Assert.Equal((status, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("PUT", "/v2/models/linear/infer", "POST")]
    [InlineData("DELETE", "/v2/models/linear", "GET,HEAD")]
    [InlineData("PATCH", "/v2/logging", "GET,HEAD,POST")]
    public async Task A_verb_that_a_path_does_not_have_is_answered_with_those_that_it_has(string verb, string path, string allowed)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(verb), path));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, allowed), (answer.StatusCode, string.Join(',', answer.Content.Headers.Allow)));
    }

    [Theory]
    [InlineData(ServableState.Unknown, true, HttpStatusCode.OK)]
    [InlineData(ServableState.Unloaded, true, HttpStatusCode.OK)]
    [InlineData(ServableState.Failed, true, HttpStatusCode.ServiceUnavailable)]
    [InlineData(ServableState.Unknown, false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(ServableState.Unloaded, false, HttpStatusCode.ServiceUnavailable)]
    public async Task A_version_is_ready_before_it_is_loaded_where_a_request_would_load_it(ServableState state, bool isWanted, HttpStatusCode expected)
    {
        FakeServable lazy = new("lazy", [], [], static _ => [], config: new ModelConfig { Load = LoadPolicy.OnDemand }) { State = state, IsWanted = isWanted };
        await using ProtocolHost host = await ProtocolHost.StartAsync(new FakeInference(lazy), static endpoints => endpoints.MapOpenInferenceRest());
        Assert.Equal(expected, (await host.Client.GetAsync("/v2/models/lazy/ready")).StatusCode);
        Assert.Equal(expected, (await host.Client.GetAsync("/v2/models/lazy/versions/1/ready")).StatusCode);
    }

    [Fact]
    public async Task A_server_that_is_not_ready_lives()
    {
        await using ProtocolHost host = await Start();
        host.Inference.IsReady = false;
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/v2/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Client.GetAsync("/v2/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Every_route_says_what_permission_it_needs()
    {
        await using ProtocolHost host = await Start();
        Assert.NotEmpty(host.Endpoints);
        Assert.All(host.Endpoints, static endpoint => Assert.Single(endpoint.Metadata.OfType<RequiredPermission>()));
    }

    private static Task<ProtocolHost> Start() =>
        ProtocolHost.StartAsync(new FakeInference(SampleModels.Linear), static endpoints => endpoints.MapOpenInferenceRest());
}
