using Google.Protobuf;
using Slipway.Protocols.Metrics.Exposition;
using Slipway.Protocols.Protos.OpenTelemetry;
using Exemplar = Slipway.Protocols.Metrics.Exposition.Exemplar;

namespace Slipway.Protocols.Metrics.Otlp;

/// <summary>Turns metric families into OTLP messages (OpenTelemetry protocol 1.x, metrics data model).</summary>
/// <param name="resource">Attributes of the resource.</param>
/// <param name="started">When counting began.</param>
/// <param name="now">The time of the values.</param>
internal sealed class OtlpEncoder(IEnumerable<KeyValuePair<string, string>> resource, DateTimeOffset started, DateTimeOffset now)
{
    private readonly ulong _started = Nanoseconds(started);
    private readonly ulong _now = Nanoseconds(now);

    /// <summary>One request with every family that an instrument gave and that has a series.</summary>
    public ExportMetricsServiceRequest Encode(IEnumerable<MetricFamily> families)
    {
        ResourceMetrics all = new() { Resource = new Resource() };
        all.Resource.Attributes.AddRange(resource.Select(static pair => Attribute(pair.Key, pair.Value)));
        foreach (IGrouping<string, MetricFamily> meter in families
            .Where(static family => family.Origin is not null && family.Points.Count > 0)
            .GroupBy(static family => family.Origin!.Meter))
        {
            ScopeMetrics scope = new() { Scope = new InstrumentationScope { Name = meter.Key } };
            scope.Metrics.AddRange(meter.Select(Encode));
            all.ScopeMetrics.Add(scope);
        }

        return new ExportMetricsServiceRequest { ResourceMetrics = { all } };
    }

    private Metric Encode(MetricFamily family)
    {
        InstrumentOrigin origin = family.Origin!;
        Metric metric = new() { Name = origin.Name, Description = family.Help, Unit = origin.Unit };
        switch (origin.Form)
        {
            case InstrumentForm.Histogram:
                metric.Histogram = new Histogram { AggregationTemporality = AggregationTemporality.Cumulative };
                metric.Histogram.DataPoints.AddRange(family.Points.Select(point => Buckets(point.Labels, point.Histogram!)));
                break;
            case InstrumentForm.Gauge or InstrumentForm.ObservableGauge:
                metric.Gauge = new Gauge();
                metric.Gauge.DataPoints.AddRange(family.Points.Select(point => Number(point, origin, start: 0)));
                break;
            default:
                metric.Sum = new Sum
                {
                    AggregationTemporality = AggregationTemporality.Cumulative,
                    IsMonotonic = origin.Form is InstrumentForm.Counter or InstrumentForm.ObservableCounter,
                };
                metric.Sum.DataPoints.AddRange(family.Points.Select(point => Number(point, origin, _started)));
                break;
        }

        return metric;
    }

    private NumberDataPoint Number(MetricPoint point, InstrumentOrigin origin, ulong start)
    {
        NumberDataPoint number = new() { StartTimeUnixNano = start, TimeUnixNano = _now };
        if (origin.IsInteger)
        {
            number.AsInt = (long)point.Value;
        }
        else
        {
            number.AsDouble = point.Value;
        }

        number.Attributes.AddRange(Attributes(point.Labels));
        return number;
    }

    private HistogramDataPoint Buckets(LabelSet labels, HistogramSnapshot snapshot)
    {
        HistogramDataPoint histogram = new() { StartTimeUnixNano = _started, TimeUnixNano = _now, Sum = snapshot.Sum };
        ulong count = 0;
        foreach (long bucket in snapshot.Counts)
        {
            count += (ulong)bucket;
            histogram.BucketCounts.Add((ulong)bucket);
        }

        histogram.Count = count;
        histogram.ExplicitBounds.AddRange(snapshot.Bounds);
        histogram.Attributes.AddRange(Attributes(labels));
        histogram.Exemplars.AddRange(snapshot.Exemplars.OfType<Exemplar>().Select(Encode));
        return histogram;
    }

    private static Protos.OpenTelemetry.Exemplar Encode(Exemplar exemplar) => new()
    {
        TimeUnixNano = Nanoseconds(exemplar.Time),
        AsDouble = exemplar.Value,
        TraceId = ByteString.CopyFrom(Convert.FromHexString(exemplar.TraceId.ToHexString())),
        SpanId = ByteString.CopyFrom(Convert.FromHexString(exemplar.SpanId.ToHexString())),
    };

    // A key may come once; the first one's value is kept, as in the exposition.
    private static IEnumerable<KeyValue> Attributes(LabelSet labels) =>
        labels.Tags.DistinctBy(static tag => tag.Key).Select(static tag => Attribute(tag.Key, tag.Value));

    private static KeyValue Attribute(string key, object? value) => new() { Key = key, Value = Value(value) };

    private static AnyValue Value(object? value) => value switch
    {
        bool flag => new AnyValue { BoolValue = flag },
        sbyte or byte or short or ushort or int or uint or long => new AnyValue { IntValue = Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) },
        float or double => new AnyValue { DoubleValue = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) },
        IFormattable other => new AnyValue { StringValue = other.ToString(null, System.Globalization.CultureInfo.InvariantCulture) },
        _ => new AnyValue { StringValue = value?.ToString() ?? "" },
    };

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * (ulong)TimeSpan.NanosecondsPerTick;
}
