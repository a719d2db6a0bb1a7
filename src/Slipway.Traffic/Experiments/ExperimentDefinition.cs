using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Experiments;

/// <summary>An experiment as somebody wants it: what is compared, by what, and when it ends. Immutable; <see cref="ExperimentCheck"/> says what is wrong with one.</summary>
public sealed record ExperimentDefinition
{
    /// <summary>Name, unique on the server.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the endpoint whose arms are compared. Its sticky entities are the units.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What is believed beforehand, for the report. Default: nothing.</summary>
    public string Hypothesis { get; init; } = "";

    /// <summary>Name of the arm that others are compared with. Empty (default): the endpoint's default arm.</summary>
    public string Control { get; init; } = "";

    /// <summary>Names of the arms that are compared with it. Empty (default): all others with a weight.</summary>
    public IReadOnlyList<string> Treatments { get; init; } = [];

    /// <summary>Every metric that is kept, each once: those reported by feedback, and <c>latency</c> and <c>errors</c> where they are named.</summary>
    public required IReadOnlyList<MetricDefinition> Metrics { get; init; }

    /// <summary>Name of the metric that decides.</summary>
    public required string Primary { get; init; }

    /// <summary>Names of metrics that are tested besides, with control of the false discovery rate.</summary>
    public IReadOnlyList<string> Secondary { get; init; } = [];

    /// <summary>Metrics that must not become worse by more than a margin.</summary>
    public IReadOnlyList<GuardrailDefinition> Guardrails { get; init; } = [];

    /// <summary>Smallest improvement of the primary metric that is worth having, absolute, above 0; an arm that can't have it is given up.</summary>
    public required double MinimalEffect { get; init; }

    /// <summary>Chance of any false conclusion about the primary metric, over all arms. Default 0.05.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Chance of missing the minimal effect, for the plan in the report. Default 0.2.</summary>
    public double Beta { get; init; } = 0.2;

    /// <summary>Longest time. Default 14 days.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromDays(14);

    /// <summary>When the data may decide.</summary>
    public StoppingRule Stopping { get; init; }

    /// <summary>Planned looks of a group-sequential experiment. Default 5.</summary>
    public int Looks { get; init; } = 5;

    /// <summary>Units of the smallest arm at the last look of a group-sequential or fixed experiment; 0 (default): none, as always-valid ones need none.</summary>
    public long Horizon { get; init; }

    /// <summary>Units of the smallest arm around which always-valid intervals are narrowest; anything is valid. Default 1000.</summary>
    public long ExpectedUnits { get; init; } = 1000;

    /// <summary>Most units that are kept; entities seen later take no part. Default 200,000.</summary>
    public int MaxUnits { get; init; } = 200_000;

    /// <summary>Where a number known before the experiment is found in requests (CUPED); null (default): nowhere.</summary>
    public KeySource? Covariate { get; init; }

    /// <summary>Where the segments of a unit are found in requests.</summary>
    public IReadOnlyList<KeySource> Segments { get; init; } = [];

    /// <summary>Whether it begins with the server; otherwise somebody starts it. Default true.</summary>
    public bool StartsByItself { get; init; } = true;

    /// <summary>Position of a metric; -1 when there is none of this name.</summary>
    public int IndexOf(string metric)
    {
        for (int i = 0; i < Metrics.Count; i++)
        {
            if (Metrics[i].Name == metric)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The arms of an experiment on an endpoint, the control first.</summary>
    public IReadOnlyList<string> ArmsOn(EndpointDefinition endpoint)
    {
        string control = Control.Length > 0 ? Control : endpoint.DefaultArm;
        return [control, .. Treatments.Count > 0 ? Treatments : endpoint.Arms.Where(arm => arm.Name != control && arm.Weight > 0).Select(static arm => arm.Name)];
    }
}

/// <summary>When an experiment may decide.</summary>
public enum StoppingRule
{
    /// <summary>At any look.</summary>
    AlwaysValid,

    /// <summary>At a few planned shares of the horizon.</summary>
    GroupSequential,

    /// <summary>Once, at the horizon.</summary>
    Fixed,
}
