using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Rollouts;

/// <summary>Checks what is asked of a rollout, and makes its first state.</summary>
/// <param name="traffic">The endpoints.</param>
/// <param name="configured">The endpoints as the configuration has them.</param>
/// <param name="metrics">Names of the metrics that the configuration has.</param>
/// <param name="time">The clock.</param>
internal sealed class RolloutPreparation(TrafficService traffic, IReadOnlyList<EndpointDefinition> configured, IReadOnlyList<string> metrics, TimeProvider time)
{
    private readonly Dictionary<string, EndpointDefinition> _configured = configured.ToDictionary(static endpoint => endpoint.Name, StringComparer.Ordinal);

    /// <summary>An endpoint as it is without rollouts; for a model without an endpoint, one that is only that.</summary>
    public EndpointDefinition Configured(string endpoint, string model) => _configured.GetValueOrDefault(endpoint)
        ?? new EndpointDefinition { Name = endpoint, Arms = [new ArmDefinition { Name = "stable", Model = model, Weight = 100 }] };

    /// <summary>Whether the arm is still configured as it was when the rollout began: who changes the configuration of an endpoint means it, and what rollouts did before is over then.</summary>
    public bool IsStillConfigured(RolloutState state) =>
        Configured(state.Endpoint, state.Model).Arms.FirstOrDefault(arm => arm.Name == state.Arm) is { } arm
        && arm.Model == state.Model && arm.Version.ToString() == state.FromSelector;

    /// <summary>Makes the first state.</summary>
    /// <param name="start">What is asked.</param>
    /// <param name="active">The rollout of this endpoint that is under way; null: none.</param>
    /// <exception cref="SlipwayException">See <see cref="RolloutService.StartAsync"/>.</exception>
    public RolloutState Prepare(RolloutStart start, RolloutState? active)
    {
        string[] faults = [.. start.Plan.FindFaults(), .. start.Policy.FindFaults(), .. FindBetween(start.Plan, start.Policy), .. FindUnknownMetrics(start.Policy, metrics)];
        if (faults.Length > 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, string.Join("; ", faults));
        }

        if (active is { } other)
        {
            throw new SlipwayException(ErrorCode.AlreadyExists, $"rollout '{other.Id}' of '{start.Endpoint}' to version {other.To} is under way; promote or abort it first");
        }

        if (!_configured.ContainsKey(start.Endpoint) && !traffic.Models.TryGetModel(start.Endpoint, out _))
        {
            throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no endpoint and no model '{start.Endpoint}'");
        }

        EndpointDefinition endpoint = Configured(start.Endpoint, start.Endpoint);
        ArmDefinition arm = endpoint.Arms.First(one => one.Name == endpoint.DefaultArm);
        if (arm.Weight < 100 || endpoint.Arms.Any(static one => one.Name == RolloutRoutes.Candidate))
        {
            throw new SlipwayException(
                ErrorCode.FailedPrecondition, $"endpoint '{start.Endpoint}' divides its traffic already; a rollout needs its default arm '{arm.Name}' at 100 and no arm '{RolloutRoutes.Candidate}'");
        }

        if (ArmTargets.Problem(traffic.Models, arm.Model, VersionSelector.Exact(start.To)) is { } problem)
        {
            throw new SlipwayException(ErrorCode.VersionNotFound, $"{problem}; both versions have to be loaded (model.yaml: versionPolicy)");
        }

        DateTimeOffset now = time.GetUtcNow();
        return RolloutMachine.Start(
            new RolloutState
            {
                Id = $"{start.Endpoint}-{now:yyyyMMddTHHmmssfff}Z-{start.To}",
                Endpoint = start.Endpoint,
                Arm = arm.Name,
                Model = arm.Model,
                From = VersionNow(start.Endpoint, arm, start.To),
                FromSelector = arm.Version.ToString(),
                To = start.To,
                Plan = start.Plan,
                Policy = start.Policy,
                StartedBy = start.By,
            },
            now);
    }

    /// <summary>Faults between a plan and its policy.</summary>
    public static IEnumerable<string> FindBetween(RolloutPlan plan, RolloutPolicy policy)
    {
        int step = policy.Quality is null ? plan.Steps.ToList().FindIndex(static one => one.Quality) : -1;
        if (step >= 0)
        {
            yield return $"steps[{step}].quality: 'policy.quality' has to say which metric is reported";
        }
    }

    /// <summary>Metrics of a policy that are not there.</summary>
    public static IEnumerable<string> FindUnknownMetrics(RolloutPolicy policy, IReadOnlyList<string> known) => policy.Metrics.Except(known, StringComparer.Ordinal).Select(
        name => $"metrics: there is no metric '{name}'; {(known.Count == 0 ? "the configuration has none: rollouts.metrics" : $"metrics are {string.Join(", ", known)}")}");

    /// <summary>The version that the default arm of an endpoint names and that answers now; null when there is none, or the arm names none.</summary>
    public long? Answers(string endpoint)
    {
        EndpointDefinition now = traffic.Find(endpoint)?.Definition ?? Configured(endpoint, endpoint);
        ArmDefinition arm = now.Arms.First(one => one.Name == now.DefaultArm);
        return arm.Version.IsDefault ? null : ArmTargets.Find(traffic.Models, arm.Model, arm.Version)?.Version;
    }

    /// <summary>The version that answers before the rollout: what the last rollout left, or what the arm names; where that is the new one already, the largest other one.</summary>
    private long VersionNow(string endpoint, ArmDefinition arm, long to)
    {
        ArmDefinition now = traffic.Find(endpoint)?.Definition.Arms.FirstOrDefault(one => one.Name == arm.Name) ?? arm;
        VersionSnapshot? version = ArmTargets.Find(traffic.Models, now.Model, now.Version);
        if (version?.Version == to && now.Version.IsDefault && traffic.Models.TryGetModel(now.Model, out ModelSnapshot? model))
        {
            version = model.Versions.FirstOrDefault(one => one.State == ServableState.Ready && one.Version != to);
        }

        if (version is null || version.Version == to)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, version is null
                ? $"'{now.Model}{now.Version}' has no version that is ready to go on from"
                : $"'{endpoint}' is at version {to} already");
        }

        return version.Version;
    }
}
