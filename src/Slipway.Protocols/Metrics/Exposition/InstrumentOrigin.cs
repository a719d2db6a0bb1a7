using System.Collections.Frozen;
using System.Diagnostics.Metrics;

namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>What an instrument calls itself, before its name is turned into that of Prometheus.</summary>
/// <param name="Meter">Name of its meter.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit in UCUM; empty when there is none.</param>
/// <param name="Form">What it does with its values.</param>
/// <param name="IsInteger">Whether its values are whole numbers.</param>
internal sealed record InstrumentOrigin(string Meter, string Name, string Unit, InstrumentForm Form, bool IsInteger)
{
    // The .NET runtime declares these as counters, though they fall as well: as such every fall would look like a restart.
    private static readonly FrozenSet<(string Meter, string Name)> Falling =
        FrozenSet.ToFrozenSet([("System.Runtime", "dotnet.thread_pool.thread.count"), ("System.Runtime", "dotnet.thread_pool.queue.length")]);

    /// <summary>The origin of an instrument; null for a kind that is not known.</summary>
    public static InstrumentOrigin? Of(Instrument instrument)
    {
        // Generic instruments have no common base per kind: the name of the open type says which it is.
        InstrumentForm? form = instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" => InstrumentForm.Counter,
            "UpDownCounter" => InstrumentForm.UpDownCounter,
            "Histogram" => InstrumentForm.Histogram,
            "Gauge" => InstrumentForm.Gauge,
            "ObservableCounter" when Falling.Contains((instrument.Meter.Name, instrument.Name)) => InstrumentForm.ObservableUpDownCounter,
            "ObservableCounter" => InstrumentForm.ObservableCounter,
            "ObservableUpDownCounter" => InstrumentForm.ObservableUpDownCounter,
            "ObservableGauge" => InstrumentForm.ObservableGauge,
            _ => null,
        };
        return form is { } known ? new InstrumentOrigin(instrument.Meter.Name, instrument.Name, instrument.Unit ?? "", known, IsWhole(instrument)) : null;
    }

    private static bool IsWhole(Instrument instrument) => instrument
        is not (Instrument<double> or Instrument<float> or Instrument<decimal>
            or ObservableInstrument<double> or ObservableInstrument<float> or ObservableInstrument<decimal>);
}

/// <summary>The kinds of instruments.</summary>
internal enum InstrumentForm
{
    /// <summary>Adds up, never falls.</summary>
    Counter,

    /// <summary>Adds up, may fall.</summary>
    UpDownCounter,

    /// <summary>Counts by bucket.</summary>
    Histogram,

    /// <summary>The last value counts.</summary>
    Gauge,

    /// <summary>A sum that is asked for, never falls.</summary>
    ObservableCounter,

    /// <summary>A sum that is asked for, may fall.</summary>
    ObservableUpDownCounter,

    /// <summary>A value that is asked for.</summary>
    ObservableGauge,
}
