using System.Net;
using Slipway.Core;
using Slipway.Protocols.TensorFlowServing.Rest;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.TensorFlowServing.Rest;

public sealed class ExamplesTests
{
    private static readonly FakeServable Half = new(
        "half",
        [new("x", TensorDataType.Float32, new(-1, 1))],
        [new("prediction", TensorDataType.Float32, new(-1, 1))],
        static request => [TestTensors.Floats("prediction", [request.Inputs[0].Shape[0], 1], [.. request.Inputs[0].Values<float>().Select(static v => (v * 0.5f) + 2)])]);

    private static readonly FakeServable Classes = new(
        "classes",
        [new("x", TensorDataType.Float32, new(-1, 2)), new("t", TensorDataType.String, new(-1))],
        [new("label", TensorDataType.Int64, new(-1)), new("probabilities", TensorDataType.Float32, new(-1, 2)) { Labels = ["no", "yes"] }],
        static request =>
        [
            TestTensors.Of<long>("label", TensorDataType.Int64, [1], 1),
            TestTensors.Floats("probabilities", [1, 2], request.Inputs[0].Values<float>()),
        ]);

    [Theory]
    [InlineData("half:regress", """{"more":1,"examples":[{"x":1.0}],"more":2}""", """{"results":[2.5]}""")]
    [InlineData("half:regress", """{"signature_name":"regress","examples":[{"x":1.0},{"x":2.0}]}""", """{"results":[2.5,3.0]}""")] // T7
    [InlineData("half:regress", """{"examples":[{"x":[1]},{"x":true}]}""", """{"results":[2.5,2.5]}""")]
    [InlineData("classes:classify", """{"examples":[{"x":[0.25,0.75]}],"context":{"t":{"b64":"aGk="}}}""", """{"results":[[["no",0.25],["yes",0.75]]]}""")]
    public async Task Examples_are_answered_one_by_one(string path, string body, string expected)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await host.Client.PostAsync($"/v1/models/{path}", new StringContent(body));
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{}", "'examples' is missing")]
    [InlineData("""{"examples":[]}""", "at least one")]
    [InlineData("""{"examples":[{"x":null}]}""", "expected a number")]
    [InlineData("""{"examples":[{"x":[[1]]}]}""", "expected a number")]
    [InlineData("""{"examples":[{"x":[1.0,2]}]}""", "different kinds")]
    [InlineData("""{"examples":[{"x":18446744073709551615}]}""", "expected a number")]
    [InlineData("""{"examples":[{"x":1,"x":2}]}""", "second time")]
    [InlineData("""{"examples":[{"x":[1.0,2.0]}]}""", "do not fit shape")]
    [InlineData("""{"examples":[{"y":1}]}""", "missing")]
    [InlineData("""{"signature_name":"regress","examples":[{"x":1}],"signature_name":"regress"}""", "'signature_name' for the second time")]
    [InlineData("""{"examples":[{"x":1}],"signature_name":"zzz"}""", "No signature was found with the name: zzz")]
    public async Task Wrong_examples_are_told_what_is_wrong(string body, string part)
    {
        await using ProtocolHost host = await Start();
        using HttpResponseMessage answer = await host.Client.PostAsync("/v1/models/half:regress", new StringContent(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(part, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<ProtocolHost> Start() => ProtocolHost.StartAsync(new FakeInference(Half, Classes), static endpoints => endpoints.MapTensorFlowServingRest());
}
