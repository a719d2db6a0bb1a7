using System.Globalization;
using Slipway.Core;
using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics;

/// <summary>Triton's names over the statistics of the loaded versions, so that its dashboards and autoscalers work unchanged.</summary>
internal sealed class TritonMetricSource(IModelStatistics statistics, ProtocolMetrics protocols) : IMetricSource
{
    private sealed record Column(string Name, MetricKind Kind, string Help, Func<VersionStatistics, double> Value);

    private static readonly Column[] Columns =
    [
        new("nv_inference_request_success", MetricKind.ForeignCounter, "Number of successful inference requests, all batch sizes", static v => v.Success.Count),
        new("nv_inference_count", MetricKind.ForeignCounter, "Number of inferences performed (does not include cached requests)", static v => v.InferenceCount),
        new("nv_inference_exec_count", MetricKind.ForeignCounter, "Number of model executions performed (does not include cached requests)", static v => v.ExecutionCount),
        new("nv_inference_request_duration_us", MetricKind.ForeignCounter, "Cumulative inference request duration in microseconds", static v => Microseconds(v.Success)),
        new("nv_inference_queue_duration_us", MetricKind.ForeignCounter, "Cumulative inference queuing duration in microseconds", static v => Microseconds(v.Queue)),
        new("nv_inference_compute_input_duration_us", MetricKind.ForeignCounter, "Cumulative compute input duration in microseconds", static v => Microseconds(v.ComputeInput)),
        new("nv_inference_compute_infer_duration_us", MetricKind.ForeignCounter, "Cumulative compute inference duration in microseconds", static v => Microseconds(v.Compute)),
        new("nv_inference_compute_output_duration_us", MetricKind.ForeignCounter, "Cumulative inference compute output duration in microseconds", static v => Microseconds(v.ComputeOutput)),
        new("nv_inference_pending_request_count", MetricKind.Gauge, "Instantaneous number of pending requests awaiting execution", static v => v.Pending),
        new("nv_cache_num_hits_per_model", MetricKind.ForeignCounter, "Number of cache hits per model", static v => v.CacheHit.Count),
        new("nv_cache_num_misses_per_model", MetricKind.ForeignCounter, "Number of cache misses per model", static v => v.CacheMiss.Count),
        new("nv_cache_hit_duration_per_model", MetricKind.ForeignCounter, "Total cache hit duration per model, in microseconds", static v => Microseconds(v.CacheHit)),
        new("nv_cache_miss_duration_per_model", MetricKind.ForeignCounter, "Total cache miss duration per model, in microseconds", static v => Microseconds(v.CacheMiss)),
    ];

    /// <inheritdoc/>
    public void Collect(List<MetricFamily> families)
    {
        IReadOnlyList<VersionStatistics> versions = statistics.GetStatistics(null, null);
        LabelSet[] labels = [.. versions.Select(static version => LabelSet.Of(Labels(version)))];
        foreach (Column column in Columns)
        {
            MetricFamily family = new(column.Name, column.Kind, "", column.Help);
            for (int i = 0; i < labels.Length; i++)
            {
                family.Add(labels[i], column.Value(versions[i]));
            }

            families.Add(family);
        }

        families.Add(Failures(versions));
    }

    private static double Microseconds(DurationCount duration) => Math.Floor(duration.Nanoseconds / 1000.0);

    private static KeyValuePair<string, object?>[] Labels(VersionStatistics version) =>
        [new("model", version.ModelName), new("version", version.Version.ToString(CultureInfo.InvariantCulture))];

    private MetricFamily Failures(IReadOnlyList<VersionStatistics> versions)
    {
        MetricFamily family = new(
            "nv_inference_request_failure", MetricKind.ForeignCounter, "", "Number of failed inference requests, all batch sizes");
        foreach (VersionStatistics version in versions)
        {
            IReadOnlyList<long> counts = protocols.Failures.Of(version.ModelName, version.Version);
            for (int i = 0; i < TritonFailures.Reasons.Length; i++)
            {
                family.Add(LabelSet.Of([.. Labels(version), new("reason", TritonFailures.Reasons[i])]), counts[i]);
            }
        }

        return family;
    }
}
