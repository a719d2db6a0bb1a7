using Slipway.Core;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Shadowing;
using Slipway.Traffic.Telemetry;

namespace Slipway.Traffic.Routing;

/// <summary>
/// The room's routing: wraps the services of Core that protocols call, and changes endpoints while requests run. One for each server. Thread-safe.
/// </summary>
public sealed class TrafficService : IAsyncDisposable
{
    private readonly EndpointTable _table;
    private readonly SeededRandom _random;
    private readonly TimeProvider _time;

    /// <summary>Wraps services. Disposing this object ends the shadows and leaves the services alone.</summary>
    /// <param name="inference">What answers for models.</param>
    /// <param name="models">Which models there are.</param>
    /// <param name="random">Chance for requests without a key, and for samples.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Where to say what arms do; null: nowhere.</param>
    public TrafficService(IInferenceService inference, IModelCatalog models, SeededRandom random, TimeProvider time, TrafficMetrics? metrics = null)
    {
        (_random, _time) = (random, time);
        _table = new EndpointTable(inference, random, time, metrics);
        if (metrics is not null)
        {
            ObservedEndpoints.Observe(metrics, _table);
        }

        Inference = new RoutedInference(inference, _table, models, random, time);
        Catalog = new RoutedCatalog(models, _table);
        Models = models;
    }

    /// <summary>Answers for endpoints and models.</summary>
    public IInferenceService Inference { get; }

    /// <summary>Endpoints and models.</summary>
    public IModelCatalog Catalog { get; }

    /// <summary>Models alone.</summary>
    public IModelCatalog Models { get; }

    /// <summary>All endpoints as they are now, by name.</summary>
    public IReadOnlyList<EndpointStatus> Endpoints => [.. _table.All.Values.OrderBy(static endpoint => endpoint.Definition.Name, StringComparer.Ordinal).Select(Describe)];

    /// <summary>Wraps the statistics.</summary>
    public IModelStatistics Wrap(IModelStatistics inner) => new RoutedStatistics(inner, Models, _table);

    /// <summary>Wraps the control.</summary>
    public IModelControl Wrap(IModelControl inner) => new RoutedControl(inner, Models, _table);

    /// <summary>One endpoint as it is now; null when there is none of this name.</summary>
    public EndpointStatus? Find(string name) => _table.TryGet(name, out Endpoint? endpoint) ? Describe(endpoint) : null;

    /// <summary>Names of the endpoints, in no order.</summary>
    internal IEnumerable<string> Names => _table.All.Keys;

    /// <summary>The bandit of an endpoint; null when there is none.</summary>
    internal Bandit? BanditOf(string name) => _table.TryGet(name, out Endpoint? endpoint) ? endpoint.Bandit : null;

    /// <summary>Where the weights send the entity of a request; null when something else decides: a rule, a holdout, a layer, the caller, or chance because there is no key.</summary>
    public StickyAssignment? Assign(InferenceRequest request)
    {
        if (!request.Version.IsDefault || !_table.TryGet(request.ModelName, out Endpoint? endpoint))
        {
            return null;
        }

        Choice choice = endpoint.Choose(request, _random, _time);
        return choice.Reason == "sticky" && KeyReader.EntityOf(request, endpoint.Definition.StickyBy) is { } entity
            ? new StickyAssignment(endpoint.Definition.Name, choice.Arm.Definition.Name, entity)
            : null;
    }

    /// <summary>Adds an endpoint or changes it, atomically.</summary>
    /// <param name="definition">What it is to be.</param>
    /// <param name="slots">How entities were divided before, when another process did; null: as now, or afresh.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, naming every fault.</exception>
    public void Put(EndpointDefinition definition, SlotTable? slots = null) => _table.Put(definition, slots);

    /// <summary>Takes an endpoint away; false when there was none.</summary>
    public bool Remove(string name) => _table.Remove(name);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _table.DisposeAsync();

    private static EndpointStatus Describe(Endpoint endpoint) => new(
        endpoint.Definition,
        endpoint.Slots,
        [.. endpoint.Arms.Select(static arm => new ArmStatus(arm.Definition, arm.Meter) { Circuit = arm.Breaker?.State })],
        [.. endpoint.Shadows.Select(static shadow => new ShadowStatus(shadow.Definition, shadow.Meter))])
    {
        Bandit = endpoint.Bandit is { } bandit ? BanditStatus.Of(bandit) : null,
    };
}

/// <summary>An endpoint at work.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Slots">How entities are divided.</param>
/// <param name="Arms">Its arms.</param>
/// <param name="Shadows">Its shadows.</param>
public sealed record EndpointStatus(EndpointDefinition Definition, SlotTable Slots, IReadOnlyList<ArmStatus> Arms, IReadOnlyList<ShadowStatus> Shadows)
{
    /// <summary>What divides the traffic instead of weights; null: weights do.</summary>
    public BanditStatus? Bandit { get; init; }
}

/// <summary>A bandit at work.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Arms">What it knows of the endpoint's arms, in their order.</param>
/// <param name="Open">Decisions whose window is open, rewarded ones among them.</param>
/// <param name="PushedOut">Decisions that had to go before their window was over, because there were too many.</param>
/// <param name="UnknownRewards">Rewards of requests that were not known, or no more.</param>
/// <param name="Logged">Decisions with rewards that are kept for off-policy evaluation.</param>
public sealed record BanditStatus(BanditDefinition Definition, IReadOnlyList<BanditArmStatus> Arms, int Open, long PushedOut, long UnknownRewards, int Logged)
{
    internal static BanditStatus Of(Bandit bandit)
    {
        lock (bandit.Memory.Gate)
        {
            bandit.Memory.Expire();
            return new BanditStatus(bandit.Definition, bandit.Describe(), bandit.Memory.Open.Count, bandit.Memory.Open.PushedOut, bandit.Memory.UnknownRewards, bandit.Memory.Log.Count);
        }
    }
}

/// <summary>An arm at work.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Meter">What it has done; goes on counting.</param>
public sealed record ArmStatus(ArmDefinition Definition, ArmMeter Meter)
{
    /// <summary>Its circuit; null when it has none.</summary>
    public CircuitState? Circuit { get; init; }
}

/// <summary>A shadow at work.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Meter">What it has done; goes on counting.</param>
public sealed record ShadowStatus(ShadowDefinition Definition, ShadowMeter Meter);
