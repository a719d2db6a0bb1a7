using System.Net;
using Slipway.Core;
using Slipway.Protocols.TensorFlowServing.Rest;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.TensorFlowServing.Rest;

public sealed class ModelInformationTests
{
    [Theory]
    [InlineData(
        "/v1/models/half/versions/123",
        """{"model_version_status":[{"version":"123","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}],"name":"half","ready":true}""")]
    [InlineData(
        "/v1/models/half",
        """{"model_version_status":[{"version":"124","state":"END","status":{"error_code":"FAILED_PRECONDITION","error_message":"broken file"}},{"version":"123","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}],"name":"half","ready":true}""")]
    [InlineData(
        "/v1/models/half/labels/next",
        """{"model_version_status":[{"version":"124","state":"END","status":{"error_code":"FAILED_PRECONDITION","error_message":"broken file"}}],"name":"half","ready":false}""")]
    [InlineData("/v1/models", """{"models":["half"]}""")]
    [InlineData(
        "/v1/models/half/metadata",
        """{"model_spec":{"name":"half","signature_name":"","version":"123"},"metadata":{"signature_def":{"signature_def":{"serving_default":{"inputs":{"x":{"dtype":"DT_FLOAT","tensor_shape":{"dim":[{"size":"-1","name":"batch"}],"unknown_rank":false},"name":"x"}},"outputs":{"y":{"dtype":"DT_FLOAT","tensor_shape":{"dim":[{"size":"-1","name":""}],"unknown_rank":false},"name":"y"}},"method_name":"tensorflow/serving/predict","defaults":{}}}}}}""")]
    public async Task Models_are_described_as_clients_expect(string path, string expected)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await host.Client.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/v1/models/nope", 404, """{"error":"Could not find any versions of model nope"}""")]
    [InlineData("/v1/models/half/versions/5", 404, """{"error":"Could not find version 5 of model half"}""")]
    [InlineData("/v1/models/half/labels/nope", 400, """{"error":"Unrecognized servable version label: nope"}""")]
    [InlineData("/v1/models/nope/metadata", 404, """{"error":"Servable not found for request: Latest(nope)"}""")]
    public async Task What_is_not_there_is_said_in_the_words_clients_look_for(string path, int status, string expected)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await host.Client.GetAsync(path);
        Assert.Equal(((HttpStatusCode)status, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_version_that_the_policy_leaves_out_is_not_shown_unless_it_was_loaded()
    {
        FakeServable[] versions = [Version(121), Version(122), Version(123)];
        (versions[0].State, versions[1].State, versions[2].State) = (ServableState.Unloaded, ServableState.Unknown, ServableState.Ready);
        (versions[0].IsWanted, versions[1].IsWanted) = (false, false);
        await using ProtocolHost host = await ProtocolHost.StartAsync(new FakeInference(versions), static endpoints => endpoints.MapTensorFlowServingRest());

        string all = await host.Client.GetStringAsync("/v1/models/half");
        Assert.Contains("\"121\",\"state\":\"END\"", all, StringComparison.Ordinal);
        Assert.DoesNotContain("\"122\"", all, StringComparison.Ordinal);
        using HttpResponseMessage one = await host.Client.GetAsync("/v1/models/half/versions/122");
        Assert.Equal((HttpStatusCode.NotFound, """{"error":"Could not find version 122 of model half"}"""), (one.StatusCode, await one.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Every_route_says_what_permission_it_needs()
    {
        await using ProtocolHost host = await Start();
        Assert.NotEmpty(host.Endpoints);
        Assert.All(host.Endpoints, static endpoint => Assert.Single(endpoint.Metadata.OfType<RequiredPermission>()));
    }

    private static Task<ProtocolHost> Start()
    {
        FakeInference inference = new(Version(123), Version(124));
        inference.Labels["half"] = new Dictionary<string, long> { ["next"] = 124 };
        return ProtocolHost.StartAsync(inference, static endpoints => endpoints.MapTensorFlowServingRest());
    }

    private static FakeServable Version(long number) => new(
        "half",
        [new("x", TensorDataType.Float32, new(-1)) { DimensionNames = ["batch"] }],
        [new("y", TensorDataType.Float32, new(-1))],
        static _ => [],
        number)
    {
        State = number == 124 ? ServableState.Failed : ServableState.Ready,
        Reason = number == 124 ? "broken file" : null,
    };
}
