using System.Net;
using System.Text;
using Slipway.Core;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.OpenInference.Rest;

public sealed class GenerateTests
{
    [Theory]
    [InlineData("""{"x":[1,2,3,4]}""", """{"model_name":"linear","model_version":"1","y":[2.0,3.0,6.0,5.0]}""")]
    [InlineData("""{"id":"7","parameters":{"x":[1,2]},"note":true}""", """{"id":"7","model_name":"linear","model_version":"1","y":[2.0,3.0]}""")]
    [InlineData("""{"x":[]}""", """{"model_name":"linear","model_version":"1","y":[]}""")]
    public async Task Keys_of_one_flat_object_are_inputs_and_outputs(string body, string expected)
    {
        await using ProtocolHost host = await ProtocolHost.StartAsync(new FakeInference(SampleModels.Linear), static endpoints => endpoints.MapOpenInferenceRest());
        foreach (string path in (string[])["/v2/models/linear/generate", "/v2/models/linear/versions/1/generate"])
        {
            using HttpResponseMessage answer = await host.Client.PostAsync(path, new StringContent(body));
            Assert.Equal((HttpStatusCode.OK, expected), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task A_text_goes_in_and_comes_out_without_an_array()
    {
        await using ProtocolHost host = await ProtocolHost.StartAsync(new FakeInference(SampleModels.Echo(TensorDataType.String, -1, 1)), static endpoints => endpoints.MapOpenInferenceRest());
        using HttpResponseMessage answer = await host.Client.PostAsync("/v2/models/echo/generate", new StringContent("""{"x":"caf\u00e9 \"1\""}"""));
        Assert.Equal("""{"model_name":"echo","model_version":"1","x_out":"café \"1\""}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal(new TensorShape(1, 1), host.Inference.Last!.Inputs[0].Shape);
    }

    [Fact]
    public async Task A_stream_is_one_event()
    {
        await using ProtocolHost host = await ProtocolHost.StartAsync(new FakeInference(SampleModels.Linear), static endpoints => endpoints.MapOpenInferenceRest());
        using HttpResponseMessage answer = await host.Client.PostAsync("/v2/models/linear/generate_stream", new StringContent("""{"x":[1,2]}"""));
        Assert.Equal("text/event-stream; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("data: {\"model_name\":\"linear\",\"model_version\":\"1\",\"y\":[2.0,3.0]}\n\n", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("linear", """{"x":[1,2,3]}""", 400, "3 values don't fit its shape [-1,2]")]
    [InlineData("linear", """{"x":1}""", 400, "1 values don't fit")]
    [InlineData("linear", """{"x":[[1,2]]}""", 400, "flat array")]
    [InlineData("linear", """{"x":["a","b"]}""", 400, "input 'x'")]
    [InlineData("linear", """{"x":[1,2],"parameters":{"x":[1,2]}}""", 400, "second time")]
    [InlineData("linear", """{"x":[1,2],"id":"a","id":"b"}""", 400, "second time")]
    [InlineData("linear", """{"x":[1,2],"z":[1,2]}""", 400, "'z' is no input")]
    [InlineData("linear", """{"x":[1,2],"z":{}}""", 400, "'z' is no input")]
    [InlineData("linear", """{"x":[1,2],"parameters":3}""", 400, "the request's JSON")]
    [InlineData("linear", """{"x":[1,2""", 400, "")]
    [InlineData("linear", "", 400, "the request's JSON")]
    [InlineData("linear", """{"x":[1,2]} {}""", 400, "the request's JSON")]
    [InlineData("linear", """{"x":[1,2],"sequence_id":5}""", 501, "sequence")]
    [InlineData("nothing", """{"x":[1,2]}""", 404, "nothing")]
    public async Task What_does_not_fit_is_refused_with_a_status_also_on_a_stream(string model, string body, int status, string part)
    {
        await using ProtocolHost host = await ProtocolHost.StartAsync(new FakeInference(SampleModels.Linear), static endpoints => endpoints.MapOpenInferenceRest());
        foreach (string verb in (string[])["generate", "generate_stream"])
        {
            using HttpResponseMessage answer = await host.Client.PostAsync($"/v2/models/{model}/{verb}", new StringContent(body, Encoding.UTF8));
            string text = await answer.Content.ReadAsStringAsync();
            Assert.Equal((HttpStatusCode)status, answer.StatusCode);
            Assert.StartsWith("{\"error\":", text, StringComparison.Ordinal);
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }
}
