using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Slipway.Server.Tests.Telemetry;

/// <summary>A collector that takes OTLP over HTTP and keeps the names of what it got.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;

    private OtlpReceiver(WebApplication application)
    {
        _application = application;
    }

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Name, trace id and parent span id of each span.</summary>
    public ConcurrentBag<(string Name, string Trace, string Parent)> Spans { get; } = [];

    public ConcurrentBag<string> Metrics { get; } = [];

    public ConcurrentBag<string> Keys { get; } = [];

    public static async Task<OtlpReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        OtlpReceiver receiver = new(builder.Build());
        receiver._application.MapPost("/v1/traces", (RequestDelegate)(context => receiver.TakeAsync(context, receiver.TakeTraces)));
        receiver._application.MapPost("/v1/metrics", (RequestDelegate)(context => receiver.TakeAsync(context, receiver.TakeMetrics)));
        await receiver._application.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        Keys.Add(context.Request.Headers["x-key"].ToString());
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        take(body.ToArray());
    }

    // ExportTraceServiceRequest: resource_spans 1, scope_spans 2, spans 2 { trace_id 1, parent_span_id 4, name 5 }.
    private void TakeTraces(byte[] request)
    {
        foreach (byte[] span in ProtobufFields.At(request, 1, 2, 2))
        {
            Spans.Add((
                Encoding.UTF8.GetString(ProtobufFields.At(span, 5).Single()),
                Convert.ToHexStringLower(ProtobufFields.At(span, 1).Single()),
                Convert.ToHexStringLower(ProtobufFields.At(span, 4).SingleOrDefault() ?? [])));
        }
    }

    // ExportMetricsServiceRequest: resource_metrics 1, scope_metrics 2, metrics 2 { name 1 }.
    private void TakeMetrics(byte[] request)
    {
        foreach (byte[] name in ProtobufFields.At(request, 1, 2, 2, 1))
        {
            Metrics.Add(Encoding.UTF8.GetString(name));
        }
    }
}
