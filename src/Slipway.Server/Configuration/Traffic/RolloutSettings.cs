using Slipway.Inference.Configuration;
using Slipway.Server.Options;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Rollouts;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads <c>rollouts.metrics</c> and <c>rollouts.triggers</c>: mappings of names to metrics, and of endpoints to what starts their rollouts.</summary>
internal static class RolloutSettings
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    private static readonly Dictionary<string, MetricComparison> Comparisons = new(StringComparer.Ordinal)
    {
        ["value"] = MetricComparison.Value,
        ["difference"] = MetricComparison.Difference,
        ["ratio"] = MetricComparison.Ratio,
    };

    private static readonly Dictionary<string, bool> BeyondWords = new(StringComparer.Ordinal)
    {
        ["rollBack"] = true,
        ["hold"] = false,
    };

    private static readonly Dictionary<string, bool> WithoutWords = new(StringComparer.Ordinal)
    {
        ["hold"] = true,
        ["ignore"] = false,
    };

    /// <summary>All metrics; every fault is reported.</summary>
    public static bool ReadMetrics(ConfigValue value, out IReadOnlyList<RolloutMetric> metrics)
    {
        List<RolloutMetric> read = [];
        metrics = read;
        if (value.AsMapping() is not { } mapping)
        {
            return false;
        }

        foreach ((string name, ConfigValue one) in mapping.All())
        {
            if (ReadMetric(name, one) is { } metric)
            {
                read.Add(metric);
                Report(one, metric.FindFaults());
            }
        }

        return true;
    }

    /// <summary>All triggers; every fault is reported. Endpoints and metrics have been read before.</summary>
    public static bool ReadTriggers(ConfigValue value, ServerOptions options, out IReadOnlyList<RolloutTrigger> triggers)
    {
        List<RolloutTrigger> read = [];
        triggers = read;
        if (value.AsMapping() is not { } mapping)
        {
            return false;
        }

        foreach ((string endpoint, ConfigValue one) in mapping.All())
        {
            if (ReadTrigger(endpoint, one) is { } trigger)
            {
                read.Add(trigger);
                Report(one, trigger.FindFaults(options.Endpoints, options.RolloutMetrics));
            }
        }

        return true;
    }

    private static RolloutMetric? ReadMetric(string name, ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        Uri? server = mapping.TryGet("prometheus", out ConfigValue address) && SettingParsers.HttpAddress(address, out Uri? read) ? read : null;
        if (address.Reader is null)
        {
            value.Refuse("'prometheus', the address of a server, is expected");
        }
        else if (server is { UserInfo.Length: > 0 } or { Query.Length: > 0 } or { Fragment.Length: > 0 })
        {
            address.Refuse("an address without user, query and fragment is expected; a token goes into 'tokenFile'");
        }

        RolloutMetric otherwise = new() { Name = name, Server = server ?? new Uri("http://localhost"), Query = "" };
        RolloutMetric metric = otherwise with
        {
            Query = mapping.GetObject("query", static one => one.AsText(), "")!,
            Compare = mapping.Get("compare", static one => one.AsOneOf(Comparisons), otherwise.Compare),
            Most = mapping.TryGet("most", out ConfigValue most) ? most.AsDouble() : null,
            Least = mapping.TryGet("least", out ConfigValue least) ? least.AsDouble() : null,
            Interval = mapping.Get("interval", static one => one.AsDuration(), otherwise.Interval),
            Timeout = mapping.Get("timeout", static one => one.AsDuration(), otherwise.Timeout),
            Tries = mapping.Get("tries", static one => one.AsInt32(), otherwise.Tries),
            RollsBack = mapping.Get("beyond", static one => one.AsOneOf(BeyondWords), otherwise.RollsBack),
            HoldsWithout = mapping.Get("without", static one => one.AsOneOf(WithoutWords), otherwise.HoldsWithout),
            TokenFile = mapping.GetObject("tokenFile", static one => one.AsText(), null),
        };
        mapping.Finish();
        return metric;
    }

    private static RolloutTrigger? ReadTrigger(string endpoint, ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        RolloutTrigger trigger = new()
        {
            Endpoint = endpoint,
            Alias = mapping.GetObject("alias", static one => one.AsText(), "")!,
            Plan = RolloutPlanSettings.ReadPlan(mapping),
            Policy = mapping.GetObject("policy", RolloutPlanSettings.ReadPolicy, null) ?? new RolloutPolicy(),
            Every = mapping.Get("every", static one => one.AsDuration(Longest), TimeSpan.Zero),
        };
        mapping.Finish();
        return trigger;
    }

    private static void Report(ConfigValue value, IEnumerable<EndpointFault> faults)
    {
        foreach (EndpointFault fault in faults)
        {
            value.Reader.Report(fault.Key.Length > 0 ? $"{value.Key}.{fault.Key}" : value.Key, value.Node, fault.Message);
        }
    }
}
