using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Telemetry;

namespace Slipway.Traffic.Arms;

/// <summary>An arm at work: its definition, its counts and its circuit. Counts and circuit outlive a change of weights. Thread-safe.</summary>
internal sealed class Arm
{
    public Arm(ArmDefinition definition, TimeProvider time, Arm? before = null)
    {
        Definition = definition;
        bool isSameTarget = before is not null && before.Definition.Model == definition.Model && before.Definition.Version == definition.Version;
        Meter = isSameTarget ? before!.Meter : new ArmMeter();
        Breaker = definition.Breaker is not { } breaker ? null
            : isSameTarget && before!.Definition.Breaker == breaker ? before.Breaker
            : new CircuitBreaker(breaker, time);
    }

    /// <summary>What the arm is.</summary>
    public ArmDefinition Definition { get; }

    /// <summary>What it has done.</summary>
    public ArmMeter Meter { get; }

    /// <summary>Where it says what it does; null: nowhere.</summary>
    public ArmMetrics? Metrics { get; init; }

    /// <summary>Its circuit; null when it has none.</summary>
    public CircuitBreaker? Breaker { get; }
}
