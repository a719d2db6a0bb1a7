using System.Diagnostics.Metrics;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Shadowing;
using Slipway.Traffic.Telemetry;

namespace Slipway.Traffic.Routing;

/// <summary>
/// Counts of arms, shadows and bandits as metrics, read when somebody looks, at no cost to requests. Labels are names from the configuration; a series ends with its arm, and begins at 0 when the
/// arm gets another version.
/// </summary>
internal static class ObservedEndpoints
{
    /// <summary>Adds the instruments.</summary>
    /// <param name="metrics">Where.</param>
    /// <param name="table">What is observed.</param>
    public static void Observe(TrafficMetrics metrics, EndpointTable table)
    {
        Meter meter = metrics.Meter;
        Count(meter, table, "requests", "{request}", "Requests given to an arm, except to stand in for another", static counts => counts.Requests);
        Count(meter, table, "failures", "{request}", "Those that it did not answer; cancelled ones are not among them", static counts => counts.Failures);
        Count(meter, table, "stand_ins", "{request}", "Requests in which it stood in for another arm", static counts => counts.StandIns);
        Count(meter, table, "retries", "{attempt}", "Tries beyond the first", static counts => counts.Retries);
        Count(meter, table, "fallbacks", "{request}", "Its failures that another arm or a prepared answer answered", static counts => counts.Fallbacks);
        Count(meter, table, "refusals", "{request}", "Its failures because its circuit was open", static counts => counts.Refusals);
        meter.CreateObservableGauge(
            "slipway.traffic.arm.weight", () => OfArms<double>(table, static (endpoint, i) => endpoint.Bandit is null ? endpoint.Arms[i].Definition.Weight / 100 : null), description: "Configured share of the traffic, 0 to 1");
        meter.CreateObservableGauge(
            "slipway.traffic.breaker.state", () => OfArms(table, static (endpoint, i) => (int?)endpoint.Arms[i].Breaker?.State), "{state}", "Circuit of an arm: 0 closed, 1 half open, 2 open");
        ObserveShadows(meter, table);
        ObserveBandits(meter, table);
    }

    private static void ObserveShadows(Meter meter, EndpointTable table)
    {
        Shadow("copies", "{request}", "Copies of requests that ran in a shadow", static counts => counts.Copies);
        Shadow("dropped", "{request}", "Copies not taken: the queue was full, or the request too large", static counts => counts.Dropped);
        Shadow("failures", "{request}", "Copies that the shadow did not answer", static counts => counts.Failures);
        Shadow("incomparable", "{request}", "Copies answered with other outputs or shapes than the caller got", static counts => counts.NotComparable);
        Shadow("rows", "{row}", "Rows compared", static counts => counts.Rows);
        Shadow("disagreements", "{row}", "Rows that disagreed", static counts => counts.Disagreements);

        void Shadow(string name, string unit, string description, Func<ShadowCounts, long> value) => meter.CreateObservableCounter(
            "slipway.traffic.shadow." + name,
            () => table.All.Values.SelectMany(endpoint => endpoint.Shadows.Select(shadow => new Measurement<long>(
                value(shadow.Meter.Snapshot()), new("endpoint", endpoint.Definition.Name), new KeyValuePair<string, object?>("shadow", shadow.Definition.Name)))),
            unit, description);
    }

    private static void ObserveBandits(Meter meter, EndpointTable table)
    {
        meter.CreateObservableCounter(
            "slipway.traffic.bandit.decisions", () => OfBanditArms(table, static arm => (long?)arm.Decisions), "{request}", "Requests that a bandit gave to an arm");
        meter.CreateObservableCounter(
            "slipway.traffic.bandit.rewards", () => OfBanditArms(table, static arm => (long?)arm.Rewards), "{reward}", "Rewards that came to this replica, silence that counts among them");
        meter.CreateObservableGauge(
            "slipway.traffic.bandit.share", () => OfBanditArms(table, static arm => (double?)arm.Share), description: "Probability of an arm, averaged over about a thousand decisions");
        meter.CreateObservableGauge(
            "slipway.traffic.bandit.mean_reward", () => OfBanditArms(table, static arm => arm.MeanReward), description: "Mean reward of an arm, in the unit of the rewards; of all replicas");
        meter.CreateObservableGauge(
            "slipway.traffic.bandit.open", () => OfBandits(table, static status => status.Open), "{request}", "Decisions whose window is open");
        meter.CreateObservableCounter(
            "slipway.traffic.bandit.pushed_out", () => OfBandits(table, static status => status.PushedOut), "{request}", "Decisions that had to go before their window was over");
        meter.CreateObservableCounter(
            "slipway.traffic.bandit.unknown_rewards", () => OfBandits(table, static status => status.UnknownRewards), "{reward}", "Rewards of requests that were not known, or no more");
    }

    private static void Count(Meter meter, EndpointTable table, string name, string unit, string description, Func<ArmCounts, long> value) => meter.CreateObservableCounter(
        "slipway.traffic." + name, () => OfArms(table, (endpoint, i) => (long?)value(endpoint.Arms[i].Meter.Snapshot())), unit, description);

    private static IEnumerable<Measurement<T>> OfArms<T>(EndpointTable table, Func<Endpoint, int, T?> value)
        where T : struct => table.All.Values.SelectMany(endpoint => OfArms(endpoint, i => value(endpoint, i)));

    private static IEnumerable<Measurement<T>> OfBanditArms<T>(EndpointTable table, Func<BanditArmStatus, T?> value)
        where T : struct
    {
        foreach (Endpoint endpoint in table.All.Values)
        {
            if (endpoint.Bandit?.Describe() is { } arms)
            {
                foreach (Measurement<T> measurement in OfArms(endpoint, i => value(arms[i])))
                {
                    yield return measurement;
                }
            }
        }
    }

    private static IEnumerable<Measurement<T>> OfArms<T>(Endpoint endpoint, Func<int, T?> value)
        where T : struct
    {
        for (int i = 0; i < endpoint.Arms.Count; i++)
        {
            if (value(i) is { } known)
            {
                yield return new Measurement<T>(known, new("endpoint", endpoint.Definition.Name), new KeyValuePair<string, object?>("arm", endpoint.Arms[i].Definition.Name));
            }
        }
    }

    private static IEnumerable<Measurement<long>> OfBandits(EndpointTable table, Func<BanditStatus, long> value) => table.All.Values
        .Where(static endpoint => endpoint.Bandit is not null)
        .Select(endpoint => new Measurement<long>(value(BanditStatus.Of(endpoint.Bandit!)), new KeyValuePair<string, object?>("endpoint", endpoint.Definition.Name)));
}
