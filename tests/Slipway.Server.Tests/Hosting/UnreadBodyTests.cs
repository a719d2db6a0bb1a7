using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Server.Draining;
using Slipway.TestKit.Fakes;

namespace Slipway.Server.Tests.Hosting;

public sealed class UnreadBodyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _body = new(new PipeOptions(pauseWriterThreshold: 0));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(404, null)]
    [InlineData(200, "12")]
    public async Task Answer_of_a_refused_request_ends_when_its_body_has_come(int status, string? grpcStatus)
    {
        Task answered = Answer(status, grpcStatus, "HTTP/2");
        await _body.Writer.WriteAsync(new byte[5], Token);
        Assert.False(answered.IsCompleted);

        await _body.Writer.CompleteAsync();
        await answered.WaitAsync(Token);
    }

    [Theory]
    [InlineData(200, null, "HTTP/2")]
    [InlineData(404, null, "HTTP/1.1")]
    public async Task Other_answers_wait_for_nothing(int status, string? grpcStatus, string protocol) =>
        await Answer(status, grpcStatus, protocol).WaitAsync(Token);

    [Fact]
    public async Task Slow_and_large_bodies_are_not_waited_for()
    {
        Task slow = Answer(404, null, "HTTP/2");
        Assert.False(slow.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await slow.WaitAsync(Token);

        Task large = Answer(404, null, "HTTP/2");
        await _body.Writer.WriteAsync(new byte[1 << 20], Token);
        await large.WaitAsync(Token);
    }

    [Fact]
    public async Task Body_that_was_given_up_is_left_alone()
    {
        await _body.Reader.CompleteAsync();
        await Answer(404, null, "HTTP/2").WaitAsync(Token);
    }

    private Task Answer(int status, string? grpcStatus, string protocol)
    {
        DefaultHttpContext context = new();
        context.Request.Protocol = protocol;
        context.Features.Set<IRequestBodyPipeFeature>(new Body(_body.Reader));
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new Detection());
        UnreadBody middleware = new(
            answering =>
            {
                answering.Response.StatusCode = status;
                answering.Response.Headers.GrpcStatus = grpcStatus;
                return Task.CompletedTask;
            },
            _time);
        return middleware.InvokeAsync(context);
    }

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;

    private sealed class Detection : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
