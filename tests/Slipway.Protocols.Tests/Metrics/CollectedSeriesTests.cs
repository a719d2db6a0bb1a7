using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.Metrics.Collection;
using Slipway.Protocols.Metrics.Exposition;
using MetricPoint = Slipway.Protocols.Metrics.Exposition.MetricPoint;

namespace Slipway.Protocols.Tests.Metrics;

public sealed class CollectedSeriesTests : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] Labels = [new("model", "iris")];

    private readonly ServiceProvider _services = new ServiceCollection().AddSlipwayMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void What_is_recorded_into_a_series_is_collected_once_and_reaches_other_listeners()
    {
        MetricCollector collector = _services.GetRequiredService<MetricCollector>();
        IMetricSeriesSource source = _services.GetRequiredService<IMetricSeriesSource>();
        using Meter meter = _services.GetRequiredService<IMeterFactory>().Create("Slipway.Series");
        Histogram<double> histogram = meter.CreateHistogram<double>("took", "s");
        Counter<long> counter = meter.CreateCounter<long>("seen");
        LabeledHistogram<double> took = new(histogram, source, Labels);
        LabeledCounter seen = new(counter, source, Labels);
        List<double> heard = [];

        took.Record(0.5);
        seen.Add(2);
        using MeterListener other = new();
        other.SetMeasurementEventCallback<double>((_, value, _, _) => heard.Add(value));
        other.EnableMeasurementEvents(histogram);
        took.Record(0.25);
        seen.Add(3);

        HistogramSnapshot snapshot = Assert.Single(Collect(collector, "took_seconds").Points).Histogram!;
        Assert.Equal(2, snapshot.Counts.Sum());
        Assert.Equal(0.75, snapshot.Sum);
        Assert.Equal(5, Assert.Single(Collect(collector, "seen").Points).Value);
        Assert.Equal([0.25], heard);
    }

    [Fact]
    public void A_series_is_found_once_there_is_a_collector()
    {
        using Meter meter = _services.GetRequiredService<IMeterFactory>().Create("Slipway.Late");
        LabeledCounter seen = new(meter.CreateCounter<long>("seen"), _services.GetRequiredService<IMetricSeriesSource>(), Labels);
        seen.Add(1);

        MetricCollector collector = _services.GetRequiredService<MetricCollector>();
        seen.Add(2);

        MetricPoint point = Assert.Single(Collect(collector, "seen").Points);
        Assert.Equal(2, point.Value);
        Assert.Equal("model=\"iris\"", point.Labels.Text);
    }

    [Fact]
    public void An_instrument_of_a_meter_that_is_not_collected_is_left_to_others()
    {
        MetricCollector collector = _services.GetRequiredService<MetricCollector>();
        using Meter meter = _services.GetRequiredService<IMeterFactory>().Create("Elsewhere");
        Histogram<int> histogram = meter.CreateHistogram<int>("rows");
        LabeledHistogram<int> rows = new(histogram, _services.GetRequiredService<IMetricSeriesSource>(), Labels);
        List<int> heard = [];
        using MeterListener other = new();
        other.SetMeasurementEventCallback<int>((_, value, _, _) => heard.Add(value));
        other.EnableMeasurementEvents(histogram);

        rows.Record(3);

        Assert.Equal([3], heard);
        List<MetricFamily> families = [];
        collector.Collect(families);
        Assert.DoesNotContain(families, static family => family.Name == "rows");
    }

    [Fact]
    public void What_is_not_a_number_or_would_let_a_counter_fall_is_not_counted()
    {
        MetricCollector collector = _services.GetRequiredService<MetricCollector>();
        IMetricSeriesSource source = _services.GetRequiredService<IMetricSeriesSource>();
        using Meter meter = _services.GetRequiredService<IMeterFactory>().Create("Slipway.Bad");
        LabeledHistogram<double> took = new(meter.CreateHistogram<double>("took", "s"), source, Labels);
        LabeledCounter seen = new(meter.CreateCounter<long>("seen"), source, Labels);

        took.Record(double.NaN);
        took.Record(1);
        seen.Add(-1);
        seen.Add(4);

        Assert.Equal(1, Assert.Single(Collect(collector, "took_seconds").Points).Histogram!.Sum);
        Assert.Equal(4, Assert.Single(Collect(collector, "seen").Points).Value);
    }

    private static MetricFamily Collect(MetricCollector collector, string name)
    {
        List<MetricFamily> families = [];
        collector.Collect(families);
        return Assert.Single(families, family => family.Name == name);
    }
}
