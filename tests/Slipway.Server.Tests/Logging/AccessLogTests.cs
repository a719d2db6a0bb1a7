using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Server.Logging;

namespace Slipway.Server.Tests.Logging;

public sealed class AccessLogTests
{
    [Theory]
    [InlineData("/v2/models/iris/infer", "curl/8", true)]
    [InlineData("/v2/health/ready", "curl/8", false)]
    [InlineData("/v2", "kube-probe/1.30", false)]
    public async Task Requests_are_written_and_probes_are_not(string path, string agent, bool written)
    {
        Entries entries = new();
        using LoggerFactory loggers = new([entries]);
        AccessLog log = new(
            context =>
            {
                context.Response.StatusCode = 204;
                return Task.CompletedTask;
            },
            TimeProvider.System,
            loggers.CreateLogger<AccessLog>());
        DefaultHttpContext context = new();
        context.Request.Method = "POST";
        context.Request.Path = path;
        context.Request.QueryString = new QueryString("?secret=1");
        context.Request.Headers.UserAgent = agent;

        await log.InvokeAsync(context);

        Assert.Equal(written ? 1 : 0, entries.Lines.Count);
        Assert.All(entries.Lines, line =>
        {
            Assert.StartsWith($"POST {path} 204 in ", line, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_request_for_an_endpoint_names_the_arm_that_answered()
    {
        Entries entries = new();
        using LoggerFactory loggers = new([entries]);
        AccessLog log = new(
            static context =>
            {
                context.Response.Headers["Slipway-Endpoint"] = "scoring";
                context.Response.Headers["Slipway-Arm"] = "next";
                return Task.CompletedTask;
            },
            TimeProvider.System,
            loggers.CreateLogger<AccessLog>());
        await log.InvokeAsync(new DefaultHttpContext());
        Assert.EndsWith(" by scoring/next", Assert.Single(entries.Lines), StringComparison.Ordinal);
    }

    private sealed class Entries : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
