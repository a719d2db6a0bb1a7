using Slipway.Core;

namespace Slipway.Inference.Versions;

/// <summary>
/// Whether a loaded version may stay as it is when its configuration was read anew: everything but labels, version policy and load policy is built into it.
/// Collections are compared by content, since a source makes new ones at each reading.
/// </summary>
internal static class ConfigEquivalence
{
    /// <summary>Whether both configurations build the same servable.</summary>
    public static bool BuildsTheSame(ModelConfig left, ModelConfig right) =>
        ReferenceEquals(left, right)
        || (left.Batchable == right.Batchable
            && left.MaxBatchSize == right.MaxBatchSize
            && left.Instances == right.Instances
            && left.Queue == right.Queue
            && left.WarmupEnabled == right.WarmupEnabled
            && left.ResponseCache == right.ResponseCache
            && Same(left.Batching, right.Batching)
            && Same(left.Engine, right.Engine)
            && Same(left.Warmup, right.Warmup, Same)
            && Same(left.DeclaredInputs, right.DeclaredInputs, Same)
            && Same(left.DeclaredOutputs, right.DeclaredOutputs, Same)
            && Same(left.OutputLabels, right.OutputLabels, static (one, two) => one.SequenceEqual(two))
            && Same(left.Parameters, right.Parameters, static (one, two) => one == two)
            && Same(left.MetricTags, right.MetricTags, static (one, two) => one == two));

    private static bool Same(BatchingConfig? left, BatchingConfig? right) =>
        ReferenceEquals(left, right)
        || (left is not null && right is not null
            && left.MaxBatchSize == right.MaxBatchSize
            && left.MaxQueueDelay == right.MaxQueueDelay
            && left.SplitLargeRequests == right.SplitLargeRequests
            && left.PreferredBatchSizes.SequenceEqual(right.PreferredBatchSizes)
            && left.AllowedBatchSizes.SequenceEqual(right.AllowedBatchSizes));

    private static bool Same(EngineConfig left, EngineConfig right) =>
        left.IntraOpThreads == right.IntraOpThreads
        && left.Optimization == right.Optimization
        && left.Profiling == right.Profiling
        && Same(left.SessionOptions, right.SessionOptions, static (one, two) => one == two)
        && Same(left.ExecutionProviders, right.ExecutionProviders,
            static (one, two) => one.Name == two.Name && Same(one.Options, two.Options, static (a, b) => a == b));

    private static bool Same(WarmupRequest left, WarmupRequest right) =>
        left.Name == right.Name && left.Count == right.Count && Same(left.Inputs, right.Inputs, Same);

    private static bool Same(WarmupInput left, WarmupInput right) =>
        left.Name == right.Name && left.DataType == right.DataType && left.Shape == right.Shape && left.Fill == right.Fill
        && left.Data.Span.SequenceEqual(right.Data.Span);

    private static bool Same(TensorSignature left, TensorSignature right) =>
        left.Name == right.Name && left.DataType == right.DataType && left.Shape == right.Shape && left.IsOptional == right.IsOptional && left.IsRankUnknown == right.IsRankUnknown
        && left.DimensionNames.SequenceEqual(right.DimensionNames) && left.Labels.SequenceEqual(right.Labels);

    private static bool Same<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, T, bool> same)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        for (int i = 0; i < left.Count; i++)
        {
            if (!same(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Same<T>(IReadOnlyDictionary<string, T> left, IReadOnlyDictionary<string, T> right, Func<T, T, bool> same) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out T? other) && same(pair.Value, other));
}
