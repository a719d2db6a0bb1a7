using System.Globalization;
using Slipway.Core;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>Reads <c>dynamic_batching</c> of <c>config.pbtxt</c>.</summary>
internal static class TritonBatching
{
    private const int MaxPriorityLevels = 256;
    private const long MaxMicroseconds = 3_600_000_000; // one hour

    public static ModelConfig Apply(TextFields root, ModelConfig config, Action<string> notice)
    {
        if (root.Message("dynamic_batching") is not { } fields)
        {
            return config;
        }

        int levels = (int)(fields.Integer("priority_levels", 0, MaxPriorityLevels) ?? 0);
        int standard = (int)(fields.Integer("default_priority_level", 0, MaxPriorityLevels) ?? 0);
        if (levels > 0 && (standard < 1 || standard > levels))
        {
            fields.Refuse("default_priority_level", $"a level from 1 to {levels} is expected");
        }

        if (fields.Bool("preserve_ordering") == true)
        {
            if (levels > 1)
            {
                fields.Refuse("preserve_ordering", "only one priority level is allowed with it");
            }

            notice("dynamic_batching.preserve_ordering means nothing here: answers go out as they are ready, in order on one stream");
        }

        BatchingConfig? batching = ReadBatching(fields, config.MaxBatchSize, notice);
        QueueConfig queue = ReadQueue(fields, config.Queue with { PriorityLevels = Math.Max(1, levels), DefaultPriority = standard }, notice);
        CheckPriorityPolicies(fields, levels, notice);
        fields.Finish();
        return config with { Batching = batching, Queue = queue };
    }

    private static BatchingConfig? ReadBatching(TextFields fields, int maxBatchSize, Action<string> notice)
    {
        long[] preferred = [.. fields.Integers("preferred_batch_size", 1, int.MaxValue).Distinct().Order()];
        TimeSpan delay = TimeSpan.FromMicroseconds(fields.Integer("max_queue_delay_microseconds", 0, MaxMicroseconds) ?? 0);
        if (preferred.Length > 0 && preferred[^1] > Math.Max(1, maxBatchSize))
        {
            fields.Refuse("preferred_batch_size", $"{preferred[^1]} is above max_batch_size, {maxBatchSize}");
        }

        if (maxBatchSize == 0)
        {
            notice("dynamic_batching means nothing without max_batch_size");
            return null;
        }

        return new BatchingConfig { MaxBatchSize = maxBatchSize, MaxQueueDelay = delay, PreferredBatchSizes = [.. preferred.Select(static size => (int)size)] };
    }

    private static QueueConfig ReadQueue(TextFields fields, QueueConfig queue, Action<string> notice)
    {
        if (fields.Message("default_queue_policy") is not { } policy)
        {
            return queue;
        }

        long timeout = policy.Integer("default_timeout_microseconds", 0, MaxMicroseconds) ?? 0;
        int size = (int)(policy.Integer("max_queue_size", 0, int.MaxValue) ?? 0);
        NoticeAction(policy, notice);
        queue = queue with
        {
            Timeout = timeout > 0 ? TimeSpan.FromMicroseconds(timeout) : null,
            AllowTimeoutOverride = policy.Bool("allow_timeout_override") ?? false,
            MaxRows = size > 0 ? size : queue.MaxRows,
        };
        if (size > 0)
        {
            notice("default_queue_policy.max_queue_size counts rows here, not requests");
        }

        policy.Finish();
        return queue;
    }

    private static void CheckPriorityPolicies(TextFields fields, int levels, Action<string> notice)
    {
        foreach ((string key, TextFields entry) in fields.Map("priority_queue_policy"))
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int level) || level < 1 || level > levels)
            {
                fields.Refuse("priority_queue_policy", levels == 0 ? "priority_levels is expected with it" : $"'{key}' is no level from 1 to {levels}");
                continue;
            }

            notice($"priority_queue_policy of level {level} is not applied: all levels share the default policy");
        }
    }

    private static void NoticeAction(TextFields policy, Action<string> notice)
    {
        string? action = policy.Word("timeout_action", "REJECT", "DELAY");
        if (action is "DELAY" or "1")
        {
            notice("timeout_action DELAY is not supported: a request whose time in the queue is over is refused");
        }
        else if (action is not (null or "REJECT" or "0"))
        {
            policy.Refuse("timeout_action", "REJECT or DELAY is expected");
        }
    }
}
