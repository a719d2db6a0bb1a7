namespace Slipway.Server.Telemetry;

/// <summary>Export of traces and metrics by OTLP to an OpenTelemetry collector. Off unless an endpoint is named.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Base address of the collector, e.g. <c>http://collector:4318</c>; null (default): nothing is exported.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>How the collector is spoken to. Default: protobuf over HTTP (port 4318 by convention).</summary>
    public OtlpProtocol Protocol { get; set; } = OtlpProtocol.Http;

    /// <summary>Headers sent along, for collectors that ask for a key. Put secrets into the environment, not into the file.</summary>
    public IDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>Whether traces are exported. Default true.</summary>
    public bool Traces { get; set; } = true;

    /// <summary>Whether metrics are exported. Default true.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>Share of requests that are traced when the caller's <c>traceparent</c> says nothing, 0 to 1. Default 0.01.</summary>
    public double SamplingRatio { get; set; } = 0.01;

    /// <summary>Time between two exports of metrics. Default 60 s, as OpenTelemetry says; at least 1 s.</summary>
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Value of <c>service.name</c>. Default <c>slipway</c>.</summary>
    public string ServiceName { get; set; } = "slipway";
}
