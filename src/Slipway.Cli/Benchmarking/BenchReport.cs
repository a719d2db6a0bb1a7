using System.Text.Json.Serialization;

namespace Slipway.Cli.Benchmarking;

/// <summary>What a run measured, as it is written with <c>--json</c>. Names are relied on by scripts: only ever add.</summary>
internal sealed record BenchReport
{
    /// <summary>Address of the server.</summary>
    public required string Url { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary><c>json</c>, <c>binary</c> or <c>grpc</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Connections.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests per second that were asked for; null in a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>Bytes of one request's body.</summary>
    public required int RequestBytes { get; init; }

    /// <summary>Seconds that were measured.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests answered with success.</summary>
    public required long Succeeded { get; init; }

    /// <summary>Requests that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Failures by kind: an HTTP status, <c>grpc-</c> and a status, or an exception's name.</summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    /// <summary>Requests answered with success per second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Latencies in microseconds: <c>min</c>, <c>mean</c>, <c>p50</c>, <c>p75</c>, <c>p90</c>, <c>p95</c>, <c>p99</c>, <c>p99.9</c>, <c>p99.99</c>, <c>max</c>.</summary>
    public required IReadOnlyDictionary<string, double> LatencyMicroseconds { get; init; }

    /// <summary>Latencies of a histogram under the names above.</summary>
    public static IReadOnlyDictionary<string, double> Latencies(LatencyHistogram latency) => latency.Count == 0
        ? new Dictionary<string, double>()
        : new Dictionary<string, double>
        {
            ["min"] = latency.Min.TotalMicroseconds,
            ["mean"] = latency.Mean.TotalMicroseconds,
            ["p50"] = latency.Percentile(50).TotalMicroseconds,
            ["p75"] = latency.Percentile(75).TotalMicroseconds,
            ["p90"] = latency.Percentile(90).TotalMicroseconds,
            ["p95"] = latency.Percentile(95).TotalMicroseconds,
            ["p99"] = latency.Percentile(99).TotalMicroseconds,
            ["p99.9"] = latency.Percentile(99.9).TotalMicroseconds,
            ["p99.99"] = latency.Percentile(99.99).TotalMicroseconds,
            ["max"] = latency.Max.TotalMicroseconds,
        };
}

/// <summary>JSON of the report.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
