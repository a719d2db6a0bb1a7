using Slipway.Core;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Rollouts;

/// <summary>What an endpoint is while and after a rollout. Pure.</summary>
public static class RolloutRoutes
{
    /// <summary>Name of the new version's arm while the rollout goes on, and of its shadow.</summary>
    public const string Candidate = "candidate";

    /// <summary>The endpoint that a rollout's state asks for.</summary>
    /// <param name="configured">The endpoint as it is configured, without the rollout.</param>
    /// <param name="state">The rollout.</param>
    public static EndpointDefinition Of(EndpointDefinition configured, RolloutState state) => state.Phase switch
    {
        RolloutPhase.Promoted => WithVersion(configured, state.Arm, state.To),
        RolloutPhase.RolledBack or RolloutPhase.Aborted => Before(configured, state),
        _ => During(WithVersion(configured, state.Arm, state.From), state),
    };

    // An arm that names no version means the largest: that may be the very one that was rolled back.
    private static EndpointDefinition Before(EndpointDefinition configured, RolloutState state) =>
        configured.Arms.First(arm => arm.Name == state.Arm).Version.IsDefault ? WithVersion(configured, state.Arm, state.From) : configured;

    private static EndpointDefinition WithVersion(EndpointDefinition endpoint, string arm, long version) => endpoint with
    {
        Arms = [.. endpoint.Arms.Select(one => one.Name == arm ? one with { Version = VersionSelector.Exact(version) } : one)],
    };

    private static EndpointDefinition During(EndpointDefinition endpoint, RolloutState state)
    {
        double weight = state.Current?.Weight ?? 100;
        ArmDefinition old = endpoint.Arms.First(arm => arm.Name == state.Arm);
        ArmDefinition candidate = old with
        {
            Name = Candidate,
            Version = VersionSelector.Exact(state.To),
            Weight = weight,
            Fallback = state.Policy.Shield ? new FallbackDefinition { Arm = old.Name } : old.Fallback,
        };
        ShadowDefinition[] shadows = state.Current is { Shadow: > 0 } step
            ? [new ShadowDefinition { Name = Candidate, Model = state.Model, Version = candidate.Version, Sample = step.Shadow, Of = old.Name, Tolerance = state.Policy.Tolerance }]
            : [];
        return endpoint with
        {
            Arms = [.. endpoint.Arms.Select(arm => arm == old ? old with { Weight = 100 - weight } : arm), candidate],
            Shadows = [.. endpoint.Shadows, .. shadows],
        };
    }
}
