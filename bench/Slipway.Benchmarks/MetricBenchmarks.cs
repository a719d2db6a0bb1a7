using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.Metrics.Collection;

namespace Slipway.Benchmarks;

/// <summary>What one request's metrics cost at the edge, with and without a collector.</summary>
[MemoryDiagnoser]
public class MetricBenchmarks
{
    private static readonly ServableInfo Servable = new("iris", 1, "", new ModelSignature([], []), ModelConfig.Default) { Platform = "onnxruntime_onnx" };

    private ServiceProvider _services = null!;
    private ProtocolMetrics _metrics = null!;
    private Histogram<double> _histogram = null!;

    [Params(false, true)]
    public bool Collected { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _services = new ServiceCollection().AddSlipwayMetrics().BuildServiceProvider();
        if (Collected)
        {
            _services.GetRequiredService<MetricCollector>();
        }

        _metrics = _services.GetRequiredService<ProtocolMetrics>();
        _histogram = _services.GetRequiredService<IMeterFactory>().Create("Slipway.Benchmarks").CreateHistogram<double>("x", "s");
    }

    [GlobalCleanup]
    public void Clean() => _services.Dispose();

    /// <summary>One request: four instruments, up to five labels.</summary>
    [Benchmark]
    public void Request()
    {
        RequestScope scope = _metrics.Start(ProtocolOperation.OpenInferenceHttpInfer);
        _metrics.Encoded(scope, Servable, scope.Started);
        _metrics.Stop(scope, Servable, null, 100, 200);
    }

    /// <summary>One record with two labels.</summary>
    [Benchmark]
    public void Record() => _histogram.Record(
        0.001, new KeyValuePair<string, object?>("model", "iris"), new KeyValuePair<string, object?>("version", "1"));
}
