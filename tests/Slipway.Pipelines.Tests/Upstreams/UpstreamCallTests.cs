using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.TestKit.Fakes;
using static Slipway.Pipelines.Tests.Pipelines;

namespace Slipway.Pipelines.Tests.Upstreams;

/// <summary>What another server gets to see, and what becomes of what it says.</summary>
public sealed class UpstreamCallTests : IAsyncLifetime
{
    private const string Answer = """{"outputs":[{"name":"y","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""";

    private WebApplication _server = null!;

    private Func<HttpContext, Task> Serve { get; set; } = static context => context.Response.WriteAsync(Answer);

    private static Tensor Row => TestTensors.Floats("x", [1, 2], 1, 2);

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context => Serve(context));
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task What_is_left_of_the_time_goes_along()
    {
        JsonNode? seen = null;
        Serve = async context =>
        {
            seen = await JsonNode.ParseAsync(context.Request.Body);
            await context.Response.WriteAsync(Answer);
        };
        FakeTimeProvider time = new();
        using PipelineRunner runner = Runner(time, timeout: TimeSpan.FromMilliseconds(250));
        (await runner.AskAsync(Row)).Dispose();
        Assert.Equal(250_000, (long)seen!["parameters"]!["timeout"]!);
        using PipelineRunner unbounded = Runner(time, timeout: null);
        (await unbounded.AskAsync(Row)).Dispose();
        Assert.Null(seen!["parameters"]);
    }

    [Fact]
    public async Task The_trace_goes_along()
    {
        string? parent = null;
        Serve = context =>
        {
            parent = context.Request.Headers["traceparent"];
            return context.Response.WriteAsync(Answer);
        };
        using PipelineRunner runner = Runner(TimeProvider.System, timeout: null);
        using Activity edge = new Activity("edge").SetIdFormat(ActivityIdFormat.W3C).Start();
        (await runner.AskAsync(Row)).Dispose();
        Assert.Contains(edge.TraceId.ToHexString(), parent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_hung_up_on()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Serve = async context =>
        {
            begun.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                hungUp.TrySetResult();
            }
        };
        FakeTimeProvider time = new();
        using PipelineRunner runner = Runner(time, timeout: TimeSpan.FromMilliseconds(250));
        Task<InferenceResponse> answer = runner.AskAsync(Row);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMilliseconds(250));
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => answer.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal((ErrorCode.DeadlineExceeded, "pipeline 'p', step 'far': no answer within 250 ms"), (failure.Code, failure.Message));
        await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(400, "", ErrorCode.InvalidRequest)]
    [InlineData(404, "", ErrorCode.ModelNotReady)]
    [InlineData(429, "", ErrorCode.Overloaded)]
    [InlineData(500, "", ErrorCode.ModelFailed)]
    [InlineData(503, "", ErrorCode.ModelNotReady)]
    [InlineData(302, "", ErrorCode.ModelFailed)]
    [InlineData(200, "no json", ErrorCode.ModelFailed)]
    [InlineData(200, "[]", ErrorCode.ModelFailed)]
    [InlineData(200, "{\"outputs\":[{\"name\":\"z\"}]}", ErrorCode.ModelFailed)]
    [InlineData(200, "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP64\",\"shape\":[1,2],\"data\":[1,2]}]}", ErrorCode.ModelFailed)]
    [InlineData(200, "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1]}]}", ErrorCode.ModelFailed)]
    [InlineData(200, "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[2,1],\"data\":[1,2]}]}", ErrorCode.ModelFailed)]
    [InlineData(200, "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1,\"two\"]}]}", ErrorCode.ModelFailed)]
    [InlineData(200, "{\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[9223372036854775807,2],\"data\":[1,2]}]}", ErrorCode.ModelFailed)]
    public async Task What_another_server_says_wrong_is_a_failure_that_names_the_step(int status, string body, ErrorCode expected)
    {
        Serve = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        };
        using PipelineRunner runner = Runner(TimeProvider.System, timeout: null);
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => runner.AskAsync(Row));
        Assert.Equal(expected, failure.Code);
        Assert.StartsWith("pipeline 'p', step 'far': the upstream server", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_nested_too_deep_or_too_long_is_refused()
    {
        Serve = static context => context.Response.WriteAsync($$"""{"outputs":[{"name":"y","datatype":"FP32","shape":[1,2],"data":{{new string('[', 5000)}}{{new string(']', 5000)}}}]}""");
        using PipelineRunner deep = Runner(TimeProvider.System, timeout: null);
        Assert.Equal(ErrorCode.ModelFailed, (await Assert.ThrowsAsync<SlipwayException>(() => deep.AskAsync(Row))).Code);
        Serve = static context => context.Response.WriteAsync(new string(' ', 5000) + Answer);
        using PipelineRunner small = Runner(TimeProvider.System, timeout: null, maxBytes: 4096);
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => small.AskAsync(Row));
        Assert.Equal(ErrorCode.PayloadTooLarge, failure.Code);
    }

    private PipelineRunner Runner(TimeProvider time, TimeSpan? timeout, long maxBytes = 1 << 20)
    {
        UpstreamBody body = new(new Uri(_server.Urls.First()), "m") { Inputs = new Dictionary<string, string> { ["x"] = "x" }, Outputs = [Floats("y", -1, 2)], MaxBytes = maxBytes };
        return new PipelineRunner(Of([Floats("x", -1, 2)], [Step("far", body) with { Timeout = timeout }], ("y", "far.y")), new FakeInference(), time);
    }
}
