using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Options;

namespace Slipway.Server.Tests.Traffic;

/// <summary>Feedback is offered to whoever wants it, and who was meant may say what is wrong with it.</summary>
public sealed class FeedbackTests : IAsyncLifetime
{
    private SlipwayServer _server = null!;
    private HttpClient _admin = null!;

    public async ValueTask InitializeAsync()
    {
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Logging.Level = LogLevel.None;
        _server = await SlipwayServer.StartAsync(options, static services =>
        {
            services.AddSingleton<IFeedbackSink>(new Taster("first", "r1"));
            services.AddSingleton<IFeedbackSink>(new Taster("second", "r2"));
            services.AddSingleton<IFeedbackSink>(new Silent());
        });
        _admin = new HttpClient { BaseAddress = _server.Addresses["admin"] };
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("first,r1", HttpStatusCode.OK, """{"taken":1,"ignored":0}""")]
    [InlineData("nobody,r1", HttpStatusCode.OK, """{"taken":0,"ignored":1}""")]
    [InlineData("silent,r1", HttpStatusCode.OK, """{"taken":1,"ignored":0}""")]
    [InlineData("first,r1 second,r1", HttpStatusCode.OK, """{"taken":1,"ignored":1,"problems":[{"item":1,"message":"second does not know r1"}]}""")]
    [InlineData("nobody,r1 second,r1 first,r2", HttpStatusCode.NotFound, "items[1]: second does not know r1 (2 reports could not be used)")]
    [InlineData("second,r3", HttpStatusCode.NotFound, "items[0]: second does not know r3")]
    public async Task Who_was_meant_says_what_is_wrong(string reports, HttpStatusCode status, string expected)
    {
        string items = string.Join(',', reports.Split(' ').Select(report => report.Split(',')).Select(pair => $$"""{"endpoint":"{{pair[0]}}","metric":"m","value":1,"requestId":"{{pair[1]}}"}"""));
        using StringContent content = new($$"""{"items":[{{items}}]}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _admin.PostAsync(new Uri("/api/v1/feedback", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private sealed class Taster(string endpoint, string id) : IFeedbackSink
    {
        public bool Take(Feedback feedback) => Take(feedback, out _);

        public bool Take(Feedback feedback, out string? problem)
        {
            bool isMine = feedback.Endpoint == endpoint;
            problem = isMine && feedback.RequestId != id ? $"{endpoint} does not know {feedback.RequestId}" : null;
            return isMine && problem is null;
        }
    }

    private sealed class Silent : IFeedbackSink
    {
        public bool Take(Feedback feedback) => feedback.Endpoint == "silent";
    }
}
