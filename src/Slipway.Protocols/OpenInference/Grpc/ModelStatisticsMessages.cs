using System.Globalization;
using Slipway.Core;
using Slipway.Protocols.Protos.Inference;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Statistics of versions as the statistics extension has them.</summary>
internal static class ModelStatisticsMessages
{
    /// <summary>The answer for some versions.</summary>
    public static ModelStatisticsResponse Of(IEnumerable<VersionStatistics> statistics)
    {
        ModelStatisticsResponse response = new();
        response.ModelStats.AddRange(statistics.Select(Of));
        return response;
    }

    private static Protos.Inference.ModelStatistics Of(VersionStatistics statistics)
    {
        Protos.Inference.ModelStatistics message = new()
        {
            Name = statistics.ModelName,
            Version = statistics.Version.ToString(CultureInfo.InvariantCulture),
            LastInference = (ulong)(statistics.LastInference?.ToUnixTimeMilliseconds() ?? 0),
            InferenceCount = (ulong)statistics.InferenceCount,
            ExecutionCount = (ulong)statistics.ExecutionCount,
            InferenceStats = new InferStatistics
            {
                Success = Of(statistics.Success),
                Fail = Of(statistics.Fail),
                Queue = Of(statistics.Queue),
                ComputeInput = Of(statistics.ComputeInput),
                ComputeInfer = Of(statistics.Compute),
                ComputeOutput = Of(statistics.ComputeOutput),
                CacheHit = Of(statistics.CacheHit),
                CacheMiss = Of(statistics.CacheMiss),
            },
        };
        message.BatchStats.AddRange(statistics.Batches.Select(static batch => new InferBatchStatistics
        {
            BatchSize = (ulong)batch.BatchSize,
            ComputeInput = Of(batch.ComputeInput),
            ComputeInfer = Of(batch.Compute),
            ComputeOutput = Of(batch.ComputeOutput),
        }));
        if (statistics.MemoryBytes > 0)
        {
            message.MemoryUsage.Add(new MemoryUsage { Type = "CPU", ByteSize = (ulong)statistics.MemoryBytes });
        }

        return message;
    }

    private static StatisticDuration Of(DurationCount duration) => new() { Count = (ulong)duration.Count, Ns = (ulong)duration.Nanoseconds };
}
