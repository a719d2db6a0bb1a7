using Slipway.Core;
using Slipway.Inference.Configuration;

namespace Slipway.Inference.Repository.Settings;

/// <summary>Reads <c>batching</c>, <c>queue</c>, <c>responseCache</c> and <c>engine</c> of <c>model.yaml</c>.</summary>
internal static class ModelYamlSections
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private static readonly IReadOnlyDictionary<string, GraphOptimization> OptimizationWords = new Dictionary<string, GraphOptimization>
    {
        ["none"] = GraphOptimization.None,
        ["basic"] = GraphOptimization.Basic,
        ["extended"] = GraphOptimization.Extended,
        ["all"] = GraphOptimization.All,
    };

    public static ModelConfig ReadBatching(ConfigMapping root, ModelConfig config)
    {
        if (!root.TryGet("batching", out ConfigValue value))
        {
            return config;
        }

        if (value.IsScalar)
        {
            return value.AsBool() switch
            {
                true => config with { Batching = config.Batching ?? Fresh(config) },
                false => config with { Batching = null },
                null => config,
            };
        }

        if (value.AsMapping() is not { } fields)
        {
            return config;
        }

        BatchingConfig before = config.Batching ?? Fresh(config);
        BatchingConfig batching = new()
        {
            MaxBatchSize = fields.Get("maxBatchSize", static size => size.AsInt32(1, 1 << 20), before.MaxBatchSize),
            MaxQueueDelay = fields.Get("maxQueueDelay", static delay => delay.AsDuration(LongestDelay), before.MaxQueueDelay),
            PreferredBatchSizes = fields.GetObject("preferredBatchSizes", ReadSizes, before.PreferredBatchSizes),
            AllowedBatchSizes = fields.GetObject("allowedBatchSizes", ReadSizes, before.AllowedBatchSizes),
            SplitLargeRequests = fields.Get("splitLargeRequests", static split => split.AsBool(), before.SplitLargeRequests),
        };
        fields.Finish();
        if (batching.PreferredBatchSizes.Count > 0 && batching.PreferredBatchSizes[^1] > batching.MaxBatchSize)
        {
            value.Refuse($"preferredBatchSizes: {batching.PreferredBatchSizes[^1]} is above maxBatchSize, {batching.MaxBatchSize}");
        }

        if (batching.AllowedBatchSizes.Count > 0 && batching.AllowedBatchSizes[^1] != batching.MaxBatchSize)
        {
            value.Refuse($"allowedBatchSizes: the last must be maxBatchSize, {batching.MaxBatchSize}");
        }

        return config with { Batching = batching };
    }

    public static ModelConfig ReadQueue(ConfigMapping root, ModelConfig config)
    {
        if (!root.TryGet("queue", out ConfigValue value) || value.AsMapping() is not { } fields)
        {
            return config;
        }

        QueueConfig before = config.Queue;
        QueueConfig queue = new()
        {
            MaxRows = fields.Get("maxRows", static rows => rows.AsInt32(0), before.MaxRows),
            MaxBytes = fields.Get("maxBytes", static bytes => bytes.AsSize(), before.MaxBytes),
            Timeout = fields.TryGet("timeout", out ConfigValue timeout) ? timeout.IsNull ? null : timeout.AsDuration() : before.Timeout,
            AllowTimeoutOverride = fields.Get("allowTimeoutOverride", static allow => allow.AsBool(), before.AllowTimeoutOverride),
            PriorityLevels = fields.Get("priorityLevels", static levels => levels.AsInt32(1, 256), before.PriorityLevels),
            DefaultPriority = fields.Get("defaultPriority", static level => level.AsInt32(0, 256), before.DefaultPriority),
        };
        fields.Finish();
        if (queue.DefaultPriority > queue.PriorityLevels)
        {
            value.Refuse($"defaultPriority: {queue.DefaultPriority} is above priorityLevels, {queue.PriorityLevels}");
        }

        return config with { Queue = queue };
    }

    public static ModelConfig ReadResponseCache(ConfigMapping root, ModelConfig config)
    {
        if (!root.TryGet("responseCache", out ConfigValue value))
        {
            return config;
        }

        if (value.IsScalar)
        {
            return value.AsBool() switch
            {
                true => config with { ResponseCache = config.ResponseCache ?? new ResponseCacheConfig() },
                false => config with { ResponseCache = null },
                null => config,
            };
        }

        if (value.AsMapping() is not { } fields)
        {
            return config;
        }

        ResponseCacheConfig before = config.ResponseCache ?? new ResponseCacheConfig();
        ResponseCacheConfig cache = new()
        {
            MaxBytes = fields.Get("maxBytes", static bytes => bytes.AsSize(1), before.MaxBytes),
            TimeToLive = fields.TryGet("timeToLive", out ConfigValue life) ? life.IsNull ? null : life.AsDuration() : before.TimeToLive,
        };
        fields.Finish();
        return config with { ResponseCache = cache };
    }

    public static ModelConfig ReadEngine(ConfigMapping root, ModelConfig config)
    {
        if (!root.TryGet("engine", out ConfigValue value) || value.AsMapping() is not { } fields)
        {
            return config;
        }

        EngineConfig before = config.Engine;
        EngineConfig engine = new()
        {
            ExecutionProviders = fields.GetObject("executionProviders", ReadProviders, before.ExecutionProviders),
            IntraOpThreads = fields.Get("intraOpThreads", static threads => threads.AsInt32(0, 1024), before.IntraOpThreads),
            Optimization = fields.Get("optimization", static level => level.AsOneOf(OptimizationWords), before.Optimization),
            Profiling = fields.Get("profiling", static profiling => profiling.AsBool(), before.Profiling),
            SessionOptions = fields.GetObject("sessionOptions", ReadOptions, before.SessionOptions),
        };
        fields.Finish();
        return config with { Engine = engine };
    }

    // A model that limits its requests wants batches no larger.
    private static BatchingConfig Fresh(ModelConfig config) =>
        config.MaxBatchSize > 0 ? new BatchingConfig { MaxBatchSize = config.MaxBatchSize } : new BatchingConfig();

    private static IReadOnlyList<int>? ReadSizes(ConfigValue value)
    {
        int[]? sizes = value.AsList() is { } list ? [.. list.Select(static size => size.AsInt32(1)).OfType<int>()] : null;
        for (int i = 1; i < sizes?.Length; i++)
        {
            if (sizes[i] <= sizes[i - 1])
            {
                value.Refuse("sizes must increase");
                return null;
            }
        }

        return sizes;
    }

    private static IReadOnlyList<ExecutionProviderConfig>? ReadProviders(ConfigValue value) =>
        value.AsList() is { } list ? [.. list.Select(ReadProvider).OfType<ExecutionProviderConfig>()] : null;

    private static ExecutionProviderConfig? ReadProvider(ConfigValue value)
    {
        if (value.IsScalar)
        {
            return new ExecutionProviderConfig(value.Node.Text, new Dictionary<string, string>());
        }

        if (value.AsMapping() is not { } fields)
        {
            return null;
        }

        string? name = fields.GetObject("name", static text => text.AsText(), null);
        IReadOnlyDictionary<string, string> options = fields.GetObject("options", ReadOptions, new Dictionary<string, string>());
        fields.Finish();
        if (name is null)
        {
            value.Refuse("a name is expected");
        }

        return name is null ? null : new ExecutionProviderConfig(name, options);
    }

    private static IReadOnlyDictionary<string, string>? ReadOptions(ConfigValue value)
    {
        IReadOnlyDictionary<string, string>? options = value.AsTextMap();
        foreach (string option in options?.Keys.Where(static option => !EngineOptionRules.IsAllowed(option)) ?? [])
        {
            value.Refuse(EngineOptionRules.WhyNot(option));
        }

        return options;
    }
}
