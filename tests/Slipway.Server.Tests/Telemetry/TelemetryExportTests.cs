using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Metrics;
using Slipway.Server.Telemetry;

namespace Slipway.Server.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    private static readonly ActivitySource Inner = new("Slipway.Tests");

    [Fact]
    public async Task Traces_and_metrics_arrive_at_the_collector()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        TelemetryOptions options = new() { Endpoint = collector.Address, SamplingRatio = 1, Headers = { ["x-key"] = "a%20b=c" } };
        await RunAsync(options, client => client.PostAsync("/infer/iris", null));

        (_, string trace, string parent) = Assert.Single(collector.Spans, span => span.Name == "POST /infer/{model}");
        Assert.Equal("", parent);
        Assert.Equal(trace, Assert.Single(collector.Spans, span => span.Name == "inner").Trace);
        Assert.Contains("slipway.server.request.duration", collector.Metrics);
        Assert.Contains("dotnet.gc.collections", collector.Metrics);
        Assert.All(collector.Keys, key => Assert.Equal("a%20b=c", key));
    }

    [Theory]
    [InlineData("01", true)]
    [InlineData("00", false)]
    public async Task The_callers_decision_to_trace_is_kept(string flags, bool traced)
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        TelemetryOptions options = new() { Endpoint = collector.Address, SamplingRatio = traced ? 0 : 1 };
        await RunAsync(options, client =>
        {
            HttpRequestMessage request = new(HttpMethod.Post, "/infer/iris");
            request.Headers.Add("traceparent", $"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}");
            return client.SendAsync(request);
        });

        Assert.Equal(
            traced ? [("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")] : [],
            collector.Spans.Where(span => span.Name != "inner").Select(span => (span.Trace, span.Parent)));
        Assert.Equal(traced ? 1 : 0, collector.Spans.Count(span => span.Name == "inner"));
    }

    [Fact]
    public async Task Probes_and_requests_not_drawn_leave_no_trace()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await RunAsync(
            new TelemetryOptions { Endpoint = collector.Address, SamplingRatio = 1, Metrics = false },
            client => client.GetAsync("/health"));
        await RunAsync(
            new TelemetryOptions { Endpoint = collector.Address, SamplingRatio = 0, Metrics = false },
            client => client.PostAsync("/infer/iris", null));
        Assert.Empty(collector.Spans);
        Assert.Empty(collector.Metrics);
    }

    [Fact]
    public async Task Nothing_is_exported_or_traced_without_an_endpoint()
    {
        await RunAsync(new TelemetryOptions { SamplingRatio = 1 }, client => client.PostAsync("/infer/iris", null), expectActivity: false);
    }

    [Fact]
    public async Task A_collector_that_is_gone_disturbs_nobody()
    {
        Uri address;
        await using (OtlpReceiver collector = await OtlpReceiver.StartAsync())
        {
            address = collector.Address;
        }

        await RunAsync(new TelemetryOptions { Endpoint = address, SamplingRatio = 1 }, client => client.PostAsync("/infer/iris", null));
    }

    private static async Task RunAsync(TelemetryOptions options, Func<HttpClient, Task<HttpResponseMessage>> send, bool? expectActivity = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSlipwayMetrics().AddTelemetry(options);
        await using WebApplication application = builder.Build();
        application.UseRouting();
        application.UseTelemetry(options);
        ProtocolMetrics metrics = application.Services.GetRequiredService<ProtocolMetrics>();
        application.MapPost("/infer/{model}", (RequestDelegate)(context =>
        {
            Assert.True(expectActivity is null || expectActivity == Activity.Current is not null);
            using Activity? inner = Activity.Current is null ? null : Inner.StartActivity("inner");
            metrics.Stop(metrics.Start(ProtocolOperation.OpenInferenceHttpInfer), null, null, 0, 0);
            return Task.CompletedTask;
        })).WithMetadata(new RequiredPermission(Permission.Infer));
        application.MapGet("/health", (RequestDelegate)(_ => Task.CompletedTask)).WithMetadata(new RequiredPermission(Permission.None));
        await application.StartAsync();
        using HttpClient client = new()
        {
            BaseAddress = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
        using HttpResponseMessage response = await send(client);
        response.EnsureSuccessStatusCode();
        await application.StopAsync();
    }
}
