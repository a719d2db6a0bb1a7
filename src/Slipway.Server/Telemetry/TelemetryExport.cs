using System.Reflection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Slipway.Server.Telemetry;

/// <summary>Exports traces and metrics from the start of the host until its end; what is pending is sent when it stops.</summary>
internal sealed class TelemetryExport(TelemetryOptions options) : IHostedService, IDisposable
{
    private const string Sources = "Slipway.*";
    private const string RuntimeMeter = "System.Runtime";
    private const int FlushMilliseconds = 5000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService(options.ServiceName, serviceVersion: Version(), autoGenerateServiceInstanceId: true)
            .AddTelemetrySdk();
        if (options.Traces)
        {
            // Which requests are traced is decided before a span is made; whatever gets here was chosen.
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .SetSampler(new ParentBasedSampler(new AlwaysOnSampler()))
                .AddSource(Sources)
                .AddOtlpExporter(exporter => Configure(exporter, "v1/traces"))
                .Build();
        }

        if (options.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(Sources, RuntimeMeter)
                .AddOtlpExporter((exporter, reader) =>
                {
                    Configure(exporter, "v1/metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.MetricsInterval.TotalMilliseconds;
                })
                .Build();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.Shutdown(FlushMilliseconds);
        _metrics?.Shutdown(FlushMilliseconds);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static string Version() =>
        typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private void Configure(OtlpExporterOptions exporter, string path)
    {
        bool grpc = options.Protocol == OtlpProtocol.Grpc;
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;

        // Over HTTP each signal has a path of its own below the base address.
        exporter.Endpoint = grpc ? options.Endpoint! : new Uri($"{options.Endpoint!.ToString().TrimEnd('/')}/{path}");
        exporter.Headers = string.Join(',', options.Headers.Select(static header => $"{header.Key}={Uri.EscapeDataString(header.Value)}"));
    }
}
