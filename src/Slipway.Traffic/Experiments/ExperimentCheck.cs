using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Experiments;

/// <summary>Says what is wrong with an experiment. Pure.</summary>
public static class ExperimentCheck
{
    private const int MaxMetrics = 20;
    private const int MaxSegments = 5;

    /// <summary>Every fault, with the key that it lies under, relative to the experiment.</summary>
    public static IEnumerable<EndpointFault> Find(ExperimentDefinition experiment, IReadOnlyList<EndpointDefinition> endpoints)
    {
        if (!EndpointCheck.IsName(experiment.Name))
        {
            yield return new("", $"'{experiment.Name}' is no name: letters, digits, '_', '-' and '.' are expected, at most 128");
        }

        if (endpoints.FirstOrDefault(one => one.Name == experiment.Endpoint) is { } endpoint)
        {
            foreach (EndpointFault fault in FindInArms(experiment, endpoint))
            {
                yield return fault;
            }
        }
        else
        {
            yield return new("endpoint", $"there is no endpoint '{experiment.Endpoint}'{(endpoints.Count == 0 ? "" : $"; endpoints are {string.Join(", ", endpoints.Select(static one => one.Name))}")}");
        }

        foreach (EndpointFault fault in FindInMetrics(experiment).Concat(FindInRules(experiment)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<EndpointFault> FindInArms(ExperimentDefinition experiment, EndpointDefinition endpoint)
    {
        if (endpoint.StickyBy.Count == 0)
        {
            yield return new("endpoint", $"endpoint '{endpoint.Name}' is not sticky: its entities are the units, so 'stickyBy' is needed");
        }

        string known = string.Join(", ", endpoint.Arms.Select(static arm => arm.Name));
        IReadOnlyList<string> arms = experiment.ArmsOn(endpoint);
        for (int i = 0; i < arms.Count; i++)
        {
            string key = i == 0 ? "control" : "treatments";
            if (endpoint.Arms.FirstOrDefault(arm => arm.Name == arms[i]) is not { } arm)
            {
                yield return new(key, $"there is no arm '{arms[i]}'; arms are {known}");
            }
            else if (!(arm.Weight > 0))
            {
                yield return new(key, $"arm '{arms[i]}' has no weight, so that no entity would see it");
            }
        }

        if (arms.Count < 2)
        {
            yield return new("treatments", $"endpoint '{endpoint.Name}' has no second arm with a weight to compare");
        }

        if (arms.Distinct(StringComparer.Ordinal).Count() != arms.Count)
        {
            yield return new("treatments", "every arm is expected once, and the control not among them");
        }
    }

    private static IEnumerable<EndpointFault> FindInMetrics(ExperimentDefinition experiment)
    {
        if (experiment.Metrics.Count is 0 or > MaxMetrics)
        {
            yield return new("metrics", $"1 to {MaxMetrics} metrics are expected");
        }

        foreach (MetricDefinition metric in experiment.Metrics)
        {
            string key = $"metrics.{metric.Name}";
            if (!EndpointCheck.IsName(metric.Name))
            {
                yield return new(key, "a name of letters, digits, '_', '-' and '.' is expected");
            }

            if (!(metric.Quantile is > 0 and < 1))
            {
                yield return new(key + ".quantile", "a number above 0 and below 1 is expected");
            }

            if (metric.Window is { } window && (metric.IsMeasured || metric.Kind == MetricKind.Quantile || window <= TimeSpan.Zero))
            {
                yield return new(key + ".window", "a time above 0 is expected, and only for a rate or mean that feedback reports");
            }

            if (metric.Name == MetricDefinition.Errors && metric.Kind != MetricKind.Rate)
            {
                yield return new(key + ".kind", "errors are a rate");
            }

            if (metric.Name == MetricDefinition.Latency && metric.Kind == MetricKind.Rate)
            {
                yield return new(key + ".kind", "latency is a quantile or a mean");
            }
        }

        foreach ((string key, string metric) in experiment.Secondary.Select(static name => ("secondary", name))
            .Concat(experiment.Guardrails.Select(static one => ($"guardrails.{one.Metric}", one.Metric))).Prepend(("primary", experiment.Primary)))
        {
            if (experiment.IndexOf(metric) < 0)
            {
                yield return new(key, $"there is no metric '{metric}'; metrics are {string.Join(", ", experiment.Metrics.Select(static one => one.Name).Union([MetricDefinition.Latency, MetricDefinition.Errors]))}");
            }
        }

        foreach (GuardrailDefinition guardrail in experiment.Guardrails.Where(static one => !(one.Margin >= 0 && double.IsFinite(one.Margin))))
        {
            yield return new($"guardrails.{guardrail.Metric}", "a margin of 0 or more is expected");
        }
    }

    private static IEnumerable<EndpointFault> FindInRules(ExperimentDefinition experiment)
    {
        if (!(experiment.MinimalEffect > 0 && double.IsFinite(experiment.MinimalEffect)))
        {
            yield return new("minimalEffect", "a number above 0 is expected");
        }

        if (!(experiment.Alpha is > 0 and < 0.5))
        {
            yield return new("alpha", "a chance above 0 and below 0.5 is expected");
        }

        if (!(experiment.Beta > 0 && experiment.Beta < 1 - experiment.Alpha))
        {
            yield return new("beta", "a chance above 0 and below 1 - alpha is expected");
        }

        if (experiment.MaxDuration <= TimeSpan.Zero)
        {
            yield return new("maxDuration", "a time above 0 is expected");
        }

        if (experiment.Stopping != StoppingRule.AlwaysValid)
        {
            if (experiment.Horizon < ExperimentAnalysis.BurnIn)
            {
                yield return new("horizon", $"{ExperimentAnalysis.BurnIn} units of an arm or more are expected unless 'stopping' is alwaysValid");
            }

            if (experiment.IndexOf(experiment.Primary) is >= 0 and var primary && experiment.Metrics[primary].Kind == MetricKind.Quantile)
            {
                yield return new("stopping", "a quantile as the primary metric is tested always-valid only");
            }
        }
        else if (experiment.Horizon != 0)
        {
            yield return new("horizon", "an always-valid experiment has none; 'maxDuration' and 'maxUnits' end it");
        }

        if (experiment.Looks is < 1 or > 50)
        {
            yield return new("looks", "1 to 50 are expected");
        }

        if (experiment.ExpectedUnits < 1)
        {
            yield return new("expectedUnits", "1 or more are expected");
        }

        if (experiment.MaxUnits is < 1000 or > 2_000_000)
        {
            yield return new("maxUnits", "1000 to 2000000 are expected");
        }

        if (experiment.Segments.Count > MaxSegments)
        {
            yield return new("segments", $"at most {MaxSegments} are allowed");
        }

        foreach (KeySource source in experiment.Segments.Append(experiment.Covariate).OfType<KeySource>().Where(static one => one.Kind is KeySourceKind.Input or KeySourceKind.Inputs))
        {
            yield return new(experiment.Covariate == source ? "covariate" : "segments", "a header, parameter, claim or the caller is expected");
        }
    }
}
