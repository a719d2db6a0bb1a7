using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Protocols.Metrics;
using Slipway.Server.Telemetry;

namespace Slipway.Server.Tests.Telemetry;

public sealed class MetricsExportTests
{
    private const string Export = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_collector_that_speaks_grpc_without_encryption_gets_calls_at_each_interval()
    {
        Channel<byte[]> received = Channel.CreateUnbounded<byte[]>();
        await using WebApplication collector = await StartCollectorAsync(received.Writer);
        TelemetryOptions options = new()
        {
            Endpoint = new Uri(collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
            Protocol = OtlpProtocol.Grpc,
            Traces = false,
            MetricsInterval = TimeSpan.FromMilliseconds(50),
        };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSlipwayMetrics().AddTelemetry(options);
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        ProtocolMetrics metrics = host.Services.GetRequiredService<ProtocolMetrics>();
        metrics.Stop(metrics.Start(ProtocolOperation.OpenInferenceHttpInfer), null, null, 0, 0);

        byte[] first = await received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        byte[] second = await received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        // The message says its length, and everything is in it: ExportMetricsServiceRequest, resource_metrics 1, scope_metrics 2, metrics 2 { name 1 }.
        Assert.All([first, second], message => Assert.Equal(message.Length - 5, (int)BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(1))));
        Assert.Contains("slipway.server.active_requests", ProtobufFields.At(second[5..], 1, 2, 2, 1).Select(static name => Encoding.UTF8.GetString(name)));
    }

    private static async Task<WebApplication> StartCollectorAsync(ChannelWriter<byte[]> received)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        WebApplication collector = builder.Build();
        collector.MapPost(Export, (RequestDelegate)(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            received.TryWrite(body.ToArray());
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }));
        await collector.StartAsync();
        return collector;
    }
}
