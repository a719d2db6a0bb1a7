using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>
/// Aggregates what instruments record, from its creation until it is disposed. Listens to the meters that the options name and that belong to
/// this host's factory or to the whole process. Thread-safe: recording is lock-free, collecting goes one after the other.
/// </summary>
internal sealed class MetricCollector : IMetricSource, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Lock _collecting = new();
    private readonly Dictionary<string, InstrumentState> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Instrument, InstrumentState> _byInstrument = new();
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _factory;
    private readonly string[] _meters;
    private readonly InstrumentStates _states;

    public MetricCollector(IMeterFactory factory, IOptions<SlipwayMetricsOptions> options, TimeProvider time, CollectedSeries series)
    {
        _factory = factory;
        _meters = [.. options.Value.Meters, .. options.Value.TensorFlowNames ? [ProtocolMetrics.TensorFlowMeterName] : Array.Empty<string>()];
        _states = new InstrumentStates(options.Value.MaxSeriesPerInstrument, options.Value.Exemplars ? time : null);
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((InstrumentState)state!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((InstrumentState)state!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((InstrumentState)state!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((InstrumentState)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((InstrumentState)state!).Record((double)value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((InstrumentState)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((InstrumentState)state!).Record((double)value, tags));
        _listener.Start();
        series.Attach(this);
    }

    /// <summary>See <see cref="IMetricSeriesSource.Find"/>.</summary>
    public IMetricSeries Find(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (!_byInstrument.TryGetValue(instrument, out InstrumentState? state) || state.Find(labels) is not { } series)
        {
            return NoSeries.Instance;
        }

        // What is recorded into its series is not to be counted once more.
        _listener.DisableMeasurementEvents(instrument);
        return series;
    }

    /// <inheritdoc/>
    public void Collect(List<MetricFamily> families)
    {
        lock (_collecting)
        {
            families.AddRange(Collect());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private MetricFamily[] Collect()
    {
        InstrumentState[] states;
        lock (_gate)
        {
            states = [.. _byName.Values];
        }

        foreach (InstrumentState state in states)
        {
            state.BeginObservation();
        }

        // A callback that throws must not hide the others' values: the listener has asked them all before it says so.
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
        }

        return Array.ConvertAll(states, static state => state.Snapshot());
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!Wanted(instrument.Meter) || _states.Create(instrument) is not { } state)
        {
            return;
        }

        // Two instruments of one name (a second host in the process) add to one family; a name used for two kinds belongs to the first.
        lock (_gate)
        {
            InstrumentState family = _byName.TryAdd(state.Name, state) ? state : _byName[state.Name];
            if (family.Kind == state.Kind)
            {
                _byInstrument[instrument] = family;
                listener.EnableMeasurementEvents(instrument, family);
            }
        }
    }

    private bool Wanted(Meter meter) =>
        (meter.Scope is null || ReferenceEquals(meter.Scope, _factory))
        && _meters.Any(pattern => pattern.EndsWith('*')
            ? meter.Name.StartsWith(pattern[..^1], StringComparison.Ordinal)
            : meter.Name == pattern);
}
