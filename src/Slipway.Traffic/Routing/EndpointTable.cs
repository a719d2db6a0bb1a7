using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Shadowing;
using Slipway.Traffic.Telemetry;

namespace Slipway.Traffic.Routing;

/// <summary>
/// All endpoints. Requests read one frozen table; a change builds the next one and swaps it with one write, so that no request sees half of a change or waits for it.
/// Thread-safe.
/// </summary>
internal sealed class EndpointTable(IInferenceService inner, SeededRandom random, TimeProvider time, TrafficMetrics? metrics = null) : IAsyncDisposable
{
    private readonly Lock _changes = new();
    private volatile FrozenDictionary<string, Endpoint> _endpoints = FrozenDictionary<string, Endpoint>.Empty;

    /// <summary>All endpoints by name.</summary>
    public FrozenDictionary<string, Endpoint> All => _endpoints;

    /// <summary>The endpoint of a name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Endpoint? endpoint) => _endpoints.TryGetValue(name, out endpoint);

    /// <summary>Adds an endpoint or changes it; entities move no more than the weights demand, and counts of arms that keep their version go on.</summary>
    /// <param name="definition">What it is to be.</param>
    /// <param name="keptSlots">How entities were divided before, by a former process; null: as now, or afresh.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, naming every fault.</exception>
    public void Put(EndpointDefinition definition, SlotTable? keptSlots = null)
    {
        EndpointFault[] faults = [.. EndpointCheck.Find(definition)];
        if (faults.Length > 0)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"endpoint '{definition.Name}': {string.Join("; ", faults.Select(static fault => $"{fault.Key}: {fault.Message}"))}");
        }

        IEnumerable<Shadow> gone;
        lock (_changes)
        {
            Endpoint? before = _endpoints.GetValueOrDefault(definition.Name);
            Endpoint after = Build(definition, before, keptSlots);
            Swap(definition.Name, after);
            gone = before is null ? [] : before.Shadows.Except(after.Shadows);
        }

        Retire(gone);
    }

    /// <summary>Takes an endpoint away; false when there was none.</summary>
    public bool Remove(string name)
    {
        Endpoint? before;
        lock (_changes)
        {
            before = _endpoints.GetValueOrDefault(name);
            Swap(name, null);
        }

        Retire(before?.Shadows ?? []);
        return before is not null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Shadow shadow in _endpoints.Values.SelectMany(static endpoint => endpoint.Shadows))
        {
            await shadow.DisposeAsync();
        }
    }

    private Endpoint Build(EndpointDefinition definition, Endpoint? before, SlotTable? keptSlots)
    {
        Dictionary<string, double> weights = definition.Arms.Where(arm => arm.Weight > 0 || definition.Bandit is not null)
            .ToDictionary(static arm => arm.Name, arm => definition.Bandit is null ? arm.Weight : 1, StringComparer.Ordinal);
        SlotTable slots = (keptSlots ?? before?.Slots)?.With(weights) ?? SlotTable.Create(weights);
        Arm[] arms = [.. definition.Arms.Select(arm => new Arm(arm, time, before?.Find(arm.Name)) { Metrics = metrics is null ? null : new ArmMetrics(metrics, definition.Name, arm.Name) })];
        ImmutableArray<Shadow> shadows =
        [
            .. definition.Shadows.Select(shadow => before?.Shadows.FirstOrDefault(known => known.Definition == shadow)
                ?? new Shadow(shadow, inner, random, time)),
        ];
        return new Endpoint(definition, slots, arms, shadows, definition.Bandit is { } bandit ? new Bandit(bandit, definition.Arms, before?.Bandit?.Memory, time) : null);
    }

    private void Swap(string name, Endpoint? endpoint)
    {
        Dictionary<string, Endpoint> next = new(_endpoints, StringComparer.Ordinal);
        if (endpoint is null)
        {
            next.Remove(name);
        }
        else
        {
            next[name] = endpoint;
        }

        _endpoints = next.ToFrozenDictionary(StringComparer.Ordinal);
    }

    // Requests that hold the former table may still offer copies; a retired shadow refuses them. It ends by itself, nobody has to wait.
    private static void Retire(IEnumerable<Shadow> shadows)
    {
        foreach (Shadow shadow in shadows)
        {
            _ = shadow.DisposeAsync().AsTask();
        }
    }
}
