using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Rollouts;

/// <summary>Starts a rollout whenever an alias moves to another version. Immutable.</summary>
public sealed record RolloutTrigger
{
    /// <summary>Name of the endpoint or model that is rolled out.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The alias, of the model that the endpoint's default arm names.</summary>
    public required string Alias { get; init; }

    /// <summary>Steps. Default: canary.</summary>
    public RolloutPlan Plan { get; init; } = RolloutPlan.Canary;

    /// <summary>What counts; its windows say when a rollout may begin.</summary>
    public RolloutPolicy Policy { get; init; } = new();

    /// <summary>Shortest time between two starts. Default 0.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>Who the rollouts are started by.</summary>
    public string Actor => $"alias:{Alias}";

    /// <summary>Every fault, with the key that it lies under, relative to the trigger.</summary>
    /// <param name="endpoints">The endpoints that are configured; a name that is none of theirs is taken for a model's.</param>
    /// <param name="metrics">The metrics that are configured.</param>
    public IEnumerable<EndpointFault> FindFaults(IReadOnlyList<EndpointDefinition> endpoints, IReadOnlyList<RolloutMetric> metrics)
    {
        if (!EndpointCheck.IsName(Alias))
        {
            yield return new("alias", "the name of an alias is expected");
        }

        foreach (string fault in Plan.FindFaults().Concat(RolloutPreparation.FindBetween(Plan, Policy)))
        {
            yield return Split(fault, "");
        }

        foreach (string fault in Policy.FindFaults().Concat(RolloutPreparation.FindUnknownMetrics(Policy, [.. metrics.Select(static metric => metric.Name)])))
        {
            yield return Split(fault, "policy.");
        }

        if (endpoints.FirstOrDefault(one => one.Name == Endpoint) is not { } endpoint || endpoint.Arms.FirstOrDefault(arm => arm.Name == endpoint.DefaultArm) is not { } stable)
        {
            yield break;
        }

        if (stable.Weight < 100)
        {
            yield return new("", $"endpoint '{Endpoint}' divides its traffic already; a rollout needs its default arm '{stable.Name}' at 100");
        }

        if (stable.Version.Label == Alias)
        {
            yield return new("alias", $"arm '{stable.Name}' is named by this alias, so that it would go to a new version at once; another alias is expected");
        }
    }

    private static EndpointFault Split(string fault, string prefix) => fault.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon
        ? new(prefix + fault[..colon], fault[(colon + 2)..])
        : new(prefix.TrimEnd('.'), fault);
}
