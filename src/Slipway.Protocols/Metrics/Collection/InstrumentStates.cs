using System.Diagnostics.Metrics;
using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>Makes the state that fits an instrument.</summary>
/// <param name="maxSeries">Most series of one instrument.</param>
/// <param name="exemplarTime">Clock of exemplars; null when none are taken.</param>
internal sealed class InstrumentStates(int maxSeries, TimeProvider? exemplarTime)
{
    /// <summary>Makes an empty state; null for a kind of instrument that is not known.</summary>
    public InstrumentState? Create(Instrument instrument)
    {
        string unit = MetricNames.Unit(instrument.Unit);
        string name = MetricNames.Family(instrument.Name, unit);
        string help = instrument.Description ?? "";
        KeyValuePair<string, object?>[] tags = instrument.Tags is null ? [] : [.. instrument.Tags];

        // Generic instruments have no common base per kind: the name of the open type says which it is.
        return instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" => new SumState(WithoutTotal(name), Counter(instrument), unit, help, maxSeries, tags),
            "UpDownCounter" => new SumState(name, MetricKind.Gauge, unit, help, maxSeries, tags),
            "Histogram" => new HistogramState(name, unit, help, maxSeries, tags, HistogramBounds.Of(instrument), exemplarTime),
            "Gauge" => new LastValueState(name, MetricKind.Gauge, unit, help, maxSeries, tags, observable: false),
            "ObservableCounter" => new LastValueState(WithoutTotal(name), Counter(instrument), unit, help, maxSeries, tags, observable: true),
            "ObservableUpDownCounter" or "ObservableGauge" => new LastValueState(name, MetricKind.Gauge, unit, help, maxSeries, tags, observable: true),
            _ => null,
        };
    }

    private static MetricKind Counter(Instrument instrument) => instrument.Name.StartsWith('/') ? MetricKind.ForeignCounter : MetricKind.Counter;

    private static string WithoutTotal(string name) => name.EndsWith("_total", StringComparison.Ordinal) ? name[..^"_total".Length] : name;
}
