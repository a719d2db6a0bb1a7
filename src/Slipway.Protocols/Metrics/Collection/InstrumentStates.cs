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
        if (InstrumentOrigin.Of(instrument) is not { } origin)
        {
            return null;
        }

        string unit = MetricNames.Unit(instrument.Unit);
        string name = MetricNames.Family(instrument.Name, unit);
        string help = instrument.Description ?? "";
        KeyValuePair<string, object?>[] tags = instrument.Tags is null ? [] : [.. instrument.Tags];
        return origin.Form switch
        {
            InstrumentForm.Counter => new SumState(origin, WithoutTotal(name), Counter(instrument), unit, help, maxSeries, tags),
            InstrumentForm.UpDownCounter => new SumState(origin, name, MetricKind.Gauge, unit, help, maxSeries, tags),
            InstrumentForm.Histogram => new HistogramState(origin, name, unit, help, maxSeries, tags, HistogramBounds.Of(instrument), exemplarTime),
            InstrumentForm.Gauge => new LastValueState(origin, name, MetricKind.Gauge, unit, help, maxSeries, tags, observable: false),
            InstrumentForm.ObservableCounter => new LastValueState(origin, WithoutTotal(name), Counter(instrument), unit, help, maxSeries, tags, observable: true),
            _ => new LastValueState(origin, name, MetricKind.Gauge, unit, help, maxSeries, tags, observable: true),
        };
    }

    private static MetricKind Counter(Instrument instrument) => instrument.Name.StartsWith('/') ? MetricKind.ForeignCounter : MetricKind.Counter;

    private static string WithoutTotal(string name) => name.EndsWith("_total", StringComparison.Ordinal) ? name[..^"_total".Length] : name;
}
