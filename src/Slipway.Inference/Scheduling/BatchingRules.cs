using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Scheduling;

/// <summary>Makes a model's batch policy out of its configuration and refuses what can't be meant.</summary>
internal static class BatchingRules
{
    /// <summary>The policy; <see cref="UnbatchedPolicy"/> where requests are not, or can't be, run together.</summary>
    public static IBatchPolicy CreatePolicy(ServableContract contract, ModelConfig config) =>
        config.Batching is { } batching && Obstacle(contract) is null ? new DynamicBatchPolicy(batching, LargestBatch(batching, config)) : UnbatchedPolicy.Instance;

    /// <summary>Why requests to a model can't be run together, as the end of a sentence; null when they can.</summary>
    public static string? Obstacle(ServableContract contract)
    {
        if (!contract.IsBatchable)
        {
            return "its rows are not known to be independent";
        }

        if (contract.Signature.Inputs.Concat(contract.Signature.Outputs).FirstOrDefault(static tensor => tensor.DataType is TensorDataType.Int4 or TensorDataType.UInt4) is { } packed)
        {
            // Two elements share a byte: rows can't be laid end to end.
            return $"'{packed.Name}' has 4-bit elements";
        }

        if (Array.Find(contract.Inputs, static input => input.HasRows() && HasFixedRows(input)) is { } given)
        {
            return $"input '{given.Name}' takes {given.Shape[0]} rows and no other number";
        }

        // As many rows as happen to be in a batch would be taken for theirs.
        return contract.Signature.Outputs.FirstOrDefault(HasFixedRows) is { } answer ? $"output '{answer.Name}' has {answer.Shape[0]} rows whatever comes in" : null;
    }

    /// <summary>Most rows in one request; 0: no bound. What a batch can't hold is refused unless it may be cut up; the model's own bound holds for both.</summary>
    public static int LargestRequest(ModelConfig config) =>
        config.Batching is { SplitLargeRequests: false } batching ? LargestBatch(batching, config) : config.MaxBatchSize;

    /// <summary>Checks the batching part of a configuration.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>; names the key.</exception>
    public static void Validate(string model, ModelConfig config)
    {
        Require(config.MaxBatchSize >= 0, model, "max batch size must be 0 or more");
        Require(config.Instances >= 0, model, "instances must be 0 or more");
        Require(config.Queue.MaxRows >= 0, model, "queue max rows must be 0 or more");
        Require(config.Queue.MaxBytes >= 0, model, "queue max bytes must be 0 or more");
        Require(config.Queue.PriorityLevels is >= 1 and <= 256, model, "queue priority levels must be 1 to 256");
        Require(config.Queue.DefaultPriority >= 0 && config.Queue.DefaultPriority <= config.Queue.PriorityLevels, model,
            "queue default priority must be one of the levels, or 0");
        Require(config.Queue.Timeout is null || config.Queue.Timeout > TimeSpan.Zero, model, "queue timeout must be more than 0");
        if (config.Batching is not { } batching)
        {
            return;
        }

        Require(batching.MaxBatchSize >= 1, model, "batching max batch size must be 1 or more");
        Require(batching.MaxQueueDelay >= TimeSpan.Zero && batching.MaxQueueDelay <= TimeSpan.FromMinutes(1), model, "batching max queue delay must be 0 to 1 minute");
        int largest = LargestBatch(batching, config);
        Require(IsAscending(batching.PreferredBatchSizes, largest), model, $"preferred batch sizes must ascend from 1 or more to at most {largest}");
        Require(IsAscending(batching.AllowedBatchSizes, largest), model, $"allowed batch sizes must ascend from 1 or more to at most {largest}");
        Require(batching.AllowedBatchSizes.Count == 0 || batching.AllowedBatchSizes[^1] == largest, model, $"the last allowed batch size must be {largest}, the largest batch");
    }

    private static int LargestBatch(BatchingConfig batching, ModelConfig config) =>
        config.MaxBatchSize > 0 ? Math.Min(config.MaxBatchSize, batching.MaxBatchSize) : batching.MaxBatchSize;

    private static bool HasFixedRows(TensorSignature tensor) => !tensor.IsRankUnknown && tensor.Shape[0] >= 0;

    private static bool IsAscending(IReadOnlyList<int> sizes, int largest)
    {
        int before = 0;
        foreach (int size in sizes)
        {
            if (size <= before || size > largest)
            {
                return false;
            }

            before = size;
        }

        return true;
    }

    private static void Require(bool holds, string model, string rule)
    {
        if (!holds)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"model '{model}': {rule}");
        }
    }
}
