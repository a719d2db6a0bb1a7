using System.Diagnostics.Metrics;
using Google.Protobuf.Collections;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.Metrics.Otlp;
using Slipway.Protocols.Protos.OpenTelemetry;

namespace Slipway.Protocols.Tests.Metrics;

public sealed class OtlpMetricsTests : IDisposable
{
    private static readonly ServableInfo Servable = new("iris", 7, new string('0', 64), new ModelSignature([], []), ModelConfig.Default) { Platform = "onnxruntime_onnx" };

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSlipwayMetrics(options => options.MaxSeriesPerInstrument = 50)
        .AddOtlpMetrics([new("service.name", "test")])
        .BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_request_is_a_cumulative_histogram_under_the_instruments_own_name()
    {
        OtlpMetrics otlp = _services.GetRequiredService<OtlpMetrics>();
        ProtocolMetrics metrics = _services.GetRequiredService<ProtocolMetrics>();
        metrics.Stop(metrics.Start(ProtocolOperation.OpenInferenceHttpInfer), Servable, null, 10, 20);
        metrics.Stop(metrics.Start(ProtocolOperation.OpenInferenceHttpInfer), Servable, null, 10, 20);

        ResourceMetrics all = Assert.Single(Read(otlp).ResourceMetrics);
        Assert.Equal("test", Assert.Single(all.Resource.Attributes, attribute => attribute.Key == "service.name").Value.StringValue);
        Metric duration = Find(all, ProtocolMetrics.MeterName, "slipway.server.request.duration");
        Assert.Equal("s", duration.Unit);
        Assert.Equal(AggregationTemporality.Cumulative, duration.Histogram.AggregationTemporality);
        HistogramDataPoint point = Assert.Single(duration.Histogram.DataPoints);
        Assert.Equal(2UL, point.Count);
        Assert.Equal(2UL, point.BucketCounts.Aggregate(0UL, static (sum, count) => sum + count));
        Assert.Equal(point.ExplicitBounds.Count + 1, point.BucketCounts.Count);
        Assert.InRange(point.Sum, 0, 120);
        Assert.InRange(point.StartTimeUnixNano, 1UL, point.TimeUnixNano);
        Assert.Equal("model=iris version=7 protocol=v2_http operation=infer code=ok", Text(point.Attributes));

        Sum received = Find(all, ProtocolMetrics.MeterName, "slipway.server.received").Sum;
        Assert.True(received.IsMonotonic);
        Assert.Equal(AggregationTemporality.Cumulative, received.AggregationTemporality);
        Assert.Equal(20, Assert.Single(received.DataPoints).AsInt);
    }

    [Fact]
    public void Every_kind_of_instrument_keeps_its_form_and_the_types_of_its_labels()
    {
        OtlpMetrics otlp = _services.GetRequiredService<OtlpMetrics>();
        using Meter meter = _services.GetRequiredService<IMeterFactory>().Create("Slipway.Forms");
        meter.CreateCounter<double>("a.counter", "By").Add(1.5, new KeyValuePair<string, object?>("whole", 3L), new KeyValuePair<string, object?>("flag", true));
        meter.CreateUpDownCounter<int>("an.up_down").Add(-2);
        meter.CreateGauge<double>("a.gauge").Record(2);
        meter.CreateObservableGauge("an.observed", static () => 4L);
        meter.CreateObservableCounter("a.read.counter", static () => 5L);
        meter.CreateHistogram<double>("nothing.recorded");

        ResourceMetrics all = Assert.Single(Read(otlp).ResourceMetrics);
        NumberDataPoint counter = Assert.Single(Find(all, "Slipway.Forms", "a.counter").Sum.DataPoints);
        Assert.Equal(1.5, counter.AsDouble);
        Assert.Equal(3, counter.Attributes[0].Value.IntValue);
        Assert.True(counter.Attributes[1].Value.BoolValue);
        Sum upDown = Find(all, "Slipway.Forms", "an.up_down").Sum;
        Assert.False(upDown.IsMonotonic);
        Assert.Equal(-2, Assert.Single(upDown.DataPoints).AsInt);
        Assert.Equal(2.0, Assert.Single(Find(all, "Slipway.Forms", "a.gauge").Gauge.DataPoints).AsDouble);
        Assert.Equal(4, Assert.Single(Find(all, "Slipway.Forms", "an.observed").Gauge.DataPoints).AsInt);
        Sum read = Find(all, "Slipway.Forms", "a.read.counter").Sum;
        Assert.True(read.IsMonotonic);
        Assert.Equal(5, Assert.Single(read.DataPoints).AsInt);
        Assert.DoesNotContain(all.ScopeMetrics.SelectMany(static scope => scope.Metrics), static metric => metric.Name == "nothing.recorded");
    }

    [Fact]
    public void What_the_runtime_counts_up_and_down_is_not_monotonic()
    {
        ResourceMetrics all = Assert.Single(Read(_services.GetRequiredService<OtlpMetrics>()).ResourceMetrics);

        Assert.False(Find(all, "System.Runtime", "dotnet.thread_pool.thread.count").Sum.IsMonotonic);
        Assert.False(Find(all, "System.Runtime", "dotnet.thread_pool.queue.length").Sum.IsMonotonic);
        Assert.True(Find(all, "System.Runtime", "dotnet.thread_pool.work_item.count").Sum.IsMonotonic);
    }

    private static ExportMetricsServiceRequest Read(OtlpMetrics otlp) => ExportMetricsServiceRequest.Parser.ParseFrom(otlp.Encode());

    private static Metric Find(ResourceMetrics all, string meter, string name) =>
        Assert.Single(Assert.Single(all.ScopeMetrics, scope => scope.Scope.Name == meter).Metrics, metric => metric.Name == name);

    private static string Text(RepeatedField<KeyValue> attributes) => string.Join(' ', attributes.Select(static attribute => $"{attribute.Key}={attribute.Value.StringValue}"));
}
