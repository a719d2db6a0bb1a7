using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Slipway.Server.Telemetry;

/// <summary>Exports traces from the start of the host until its end; what is pending is sent when it stops.</summary>
internal sealed class TraceExport(TelemetryOptions options, TelemetryResource resource) : IHostedService, IDisposable
{
    private const string Sources = "Slipway.*";
    private const int FlushMilliseconds = 5000;

    private TracerProvider? _traces;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Which requests are traced is decided before a span is made; whatever gets here was chosen.
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty()
                .AddService(resource.Name, serviceVersion: resource.Version, serviceInstanceId: resource.Instance)
                .AddTelemetrySdk())
            .SetSampler(new ParentBasedSampler(new AlwaysOnSampler()))
            .AddSource(Sources)
            .AddOtlpExporter(Configure)
            .Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.Shutdown(FlushMilliseconds);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _traces?.Dispose();

    private void Configure(OtlpExporterOptions exporter)
    {
        bool grpc = options.Protocol == OtlpProtocol.Grpc;
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;

        // Over HTTP each signal has a path of its own below the base address.
        exporter.Endpoint = grpc ? options.Endpoint! : new Uri($"{options.Endpoint!.ToString().TrimEnd('/')}/v1/traces");
        exporter.Headers = string.Join(',', options.Headers.Select(static header => $"{header.Key}={Uri.EscapeDataString(header.Value)}"));
    }
}
