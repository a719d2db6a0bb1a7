using System.Collections.Concurrent;
using System.Globalization;
using Slipway.Core;
using Slipway.Traffic.Prometheus;

namespace Slipway.Traffic.Rollouts;

/// <summary>Asks for the metrics of rollouts, each at its interval, and says what they say. Asking waits for servers, reading for nothing. Thread-safe.</summary>
/// <param name="metrics">The metrics that the configuration has.</param>
/// <param name="connections">How their servers are reached, left alone when disposed; null when there are no metrics.</param>
/// <param name="time">The clock.</param>
internal sealed class RolloutMetrics(IReadOnlyList<RolloutMetric> metrics, HttpMessageHandler? connections, TimeProvider time) : IDisposable
{
    private readonly Dictionary<string, RolloutMetric> _metrics = metrics.ToDictionary(static metric => metric.Name, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Rollout, string Metric), Known> _known = new();
    private readonly PrometheusClient? _client = connections is not null ? new(connections) : metrics.Count == 0 ? null : throw new ArgumentNullException(nameof(connections));

    /// <summary>Names of metrics that the configuration does not have.</summary>
    public IEnumerable<string> Unknown(IEnumerable<string> names) => names.Where(name => !_metrics.ContainsKey(name));

    /// <summary>Names of all metrics.</summary>
    public IEnumerable<string> Names => _metrics.Keys.Order(StringComparer.Ordinal);

    /// <summary>What the metrics of a rollout say. A number that is too old says nothing.</summary>
    public IReadOnlyList<RolloutMetricReading> Of(RolloutState state) => [.. state.Policy.Metrics.Select(name => Of(state.Id, name))];

    /// <summary>Asks for all that is due; returns when everybody has answered or was waited for long enough.</summary>
    public async Task AskAsync(IReadOnlyList<RolloutState> states, CancellationToken cancellationToken)
    {
        foreach ((string Rollout, string Metric) gone in _known.Keys.Where(key => states.All(state => state.Id != key.Rollout)).ToArray())
        {
            _known.TryRemove(gone, out _);
        }

        await Task.WhenAll(states.SelectMany(state => state.Policy.Metrics.Where(_metrics.ContainsKey).Select(name => (state, _metrics[name])))
            .Where(one => IsDue(one.state.Id, one.Item2)).Select(one => AskAsync(one.state, one.Item2, cancellationToken)));
    }

    /// <inheritdoc/>
    public void Dispose() => _client?.Dispose();

    private bool IsDue(string rollout, RolloutMetric metric) => !_known.TryGetValue((rollout, metric.Name), out Known? known) || time.GetElapsedTime(known.At) >= metric.Interval;

    private async Task AskAsync(RolloutState state, RolloutMetric metric, CancellationToken cancellationToken)
    {
        int beyond = _known.TryGetValue((state.Id, metric.Name), out Known? before) ? before.Beyond : 0;
        Known known;
        try
        {
            double? next = await AskAsync(state, metric, RolloutRoutes.Candidate, state.To, cancellationToken);
            double? old = metric.Compare == MetricComparison.Value ? null : await AskAsync(state, metric, state.Arm, state.From, cancellationToken);
            bool isThere = next is not null && (metric.Compare == MetricComparison.Value || old is not null);
            known = new Known(time.GetTimestamp(), old, next, !isThere ? beyond : metric.Beyond(metric.Of(next!.Value, old)) is null ? 0 : beyond + 1, isThere ? null : "the query comes to nothing");
        }
        catch (SlipwayException fault)
        {
            // What was beyond the limit before is neither confirmed nor refuted.
            known = new Known(time.GetTimestamp(), null, null, beyond, fault.Message);
        }

        _known[(state.Id, metric.Name)] = known;
    }

    private Task<double?> AskAsync(RolloutState state, RolloutMetric metric, string arm, long version, CancellationToken cancellationToken)
    {
        string? query = QueryTemplate.Fill(metric.Query, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["endpoint"] = state.Endpoint,
            ["arm"] = arm,
            ["model"] = state.Model,
            ["version"] = version.ToString(CultureInfo.InvariantCulture),
            ["oldVersion"] = state.From.ToString(CultureInfo.InvariantCulture),
        });
        return query is null
            ? throw new SlipwayException(ErrorCode.InvalidRequest, "names with quotes or braces can't stand in a query")
            : _client!.AskAsync(metric.Server, query, metric.TokenFile, metric.Timeout, time, cancellationToken);
    }

    private RolloutMetricReading Of(string rollout, string name)
    {
        if (!_metrics.TryGetValue(name, out RolloutMetric? metric))
        {
            return new RolloutMetricReading(name, null, null, MetricVerdict.Holds, "the configuration has no such metric any more");
        }

        if (!_known.TryGetValue((rollout, name), out Known? known) || time.GetElapsedTime(known.At) > (2 * metric.Interval) + (2 * metric.Timeout))
        {
            return RolloutMetricReading.Unknown(name);
        }

        if (known.Problem is { } problem)
        {
            return new RolloutMetricReading(name, known.Old, known.New, metric.HoldsWithout ? MetricVerdict.Holds : MetricVerdict.Passes, problem);
        }

        string? beyond = metric.Beyond(metric.Of(known.New!.Value, known.Old));
        MetricVerdict verdict = beyond is null ? MetricVerdict.Passes
            : known.Beyond < metric.Tries ? MetricVerdict.Waits
            : metric.RollsBack ? MetricVerdict.RollsBack : MetricVerdict.Holds;
        return new RolloutMetricReading(name, known.Old, known.New, verdict, beyond is null ? "" : $"{beyond}, {known.Beyond} times in a row");
    }

    /// <summary>What was answered last.</summary>
    /// <param name="At">When, as a timestamp.</param>
    /// <param name="Old">The number of the old version.</param>
    /// <param name="New">The number of the new version.</param>
    /// <param name="Beyond">How often in a row it was beyond its limit.</param>
    /// <param name="Problem">Why there is no number; null when there is one.</param>
    private sealed record Known(long At, double? Old, double? New, int Beyond, string? Problem);
}
