using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Protos.Inference;
using Config = Slipway.Protocols.Protos.Inference.ModelConfig;

namespace Slipway.Protocols.OpenInference;

/// <summary>
/// Reads the configuration that a caller gives along with a load, Triton's ModelConfig as JSON. It replaces what the model's own files say, as far as ModelConfig can say it;
/// what means nothing here is refused by name rather than dropped.
/// </summary>
internal static class ModelConfigOverride
{
    private const int LongestText = 1 << 20;
    private const long LongestMicroseconds = 3_600_000_000;

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(false));

    /// <summary>Reads a configuration.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="json">The text.</param>
    /// <param name="current">The model's present configuration, kept in what ModelConfig has no words for.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, <see cref="ErrorCode.NotSupported"/>.</exception>
    public static Core.ModelConfig Read(string model, string json, Core.ModelConfig current)
    {
        Config config = Parse(json);
        if (config.Name.Length > 0 && config.Name != model)
        {
            throw Invalid($"name: '{config.Name}' is not the model that is to be loaded, '{model}'");
        }

        Refuse(config.ModelWarmup.Count > 0, "model_warmup");
        Refuse(config.CcModelFilenames.Count > 0, "cc_model_filenames");
        Refuse(config.ModelTransactionPolicy?.Decoupled == true, "model_transaction_policy.decoupled");
        Refuse(config.DynamicBatching?.PriorityQueuePolicy.Count > 0, "dynamic_batching.priority_queue_policy");
        int rows = InRange(config.MaxBatchSize, 0, int.MaxValue, "max_batch_size");
        return current with
        {
            MaxBatchSize = rows,
            Batchable = rows > 0 ? true : null,
            VersionPolicy = config.VersionPolicy is { } policy ? PolicyOf(policy) : current.VersionPolicy,
            Batching = config.DynamicBatching is { } batching && rows > 0 ? BatchingOf(batching, rows) : null,
            Queue = config.DynamicBatching is { } queued ? QueueOf(queued, current.Queue) : current.Queue,
            Instances = InstancesOf(config),
            ResponseCache = config.ResponseCache?.Enable == true ? current.ResponseCache ?? new ResponseCacheConfig() : null,
            Parameters = config.Parameters.ToDictionary(static pair => pair.Key, static pair => pair.Value.StringValue, StringComparer.Ordinal),
            MetricTags = new Dictionary<string, string>(config.MetricTags, StringComparer.Ordinal),
            DeclaredInputs = [.. config.Input.Select(input => Declared(input.Name, input.DataType, input.Dims, rows) with { IsOptional = input.Optional })],
            DeclaredOutputs = [.. config.Output.Select(output => Declared(output.Name, output.DataType, output.Dims, rows))],
        };
    }

    private static Config Parse(string json)
    {
        if (json.Length > LongestText)
        {
            throw Invalid($"longer than {LongestText} characters");
        }

        try
        {
            return Parser.Parse<Config>(json);
        }
        catch (Exception broken) when (broken is InvalidProtocolBufferException or InvalidJsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"config: not a ModelConfig: {broken.Message}", broken);
        }
    }

    private static VersionPolicy PolicyOf(ModelVersionPolicy policy) => policy.PolicyChoiceCase switch
    {
        ModelVersionPolicy.PolicyChoiceOneofCase.All => new VersionPolicy.All(),
        ModelVersionPolicy.PolicyChoiceOneofCase.Specific => new VersionPolicy.Specific([.. policy.Specific.Versions]),
        ModelVersionPolicy.PolicyChoiceOneofCase.Latest => new VersionPolicy.Latest(Math.Max(1, InRange(policy.Latest.NumVersions, 0, int.MaxValue, "version_policy.latest.num_versions"))),
        _ => VersionPolicy.LatestOne,
    };

    private static BatchingConfig BatchingOf(ModelDynamicBatching batching, int rows) => new()
    {
        MaxBatchSize = rows,
        MaxQueueDelay = Microseconds(batching.MaxQueueDelayMicroseconds, "dynamic_batching.max_queue_delay_microseconds"),
        PreferredBatchSizes = [.. batching.PreferredBatchSize.Select(size => InRange(size, 1, rows, "dynamic_batching.preferred_batch_size")).Distinct().Order()],
    };

    private static QueueConfig QueueOf(ModelDynamicBatching batching, QueueConfig current)
    {
        int levels = InRange((long)Math.Min(batching.PriorityLevels, int.MaxValue), 0, 256, "dynamic_batching.priority_levels");
        int standard = InRange((long)Math.Min(batching.DefaultPriorityLevel, int.MaxValue), 0, levels, "dynamic_batching.default_priority_level");
        QueueConfig queue = current with { PriorityLevels = Math.Max(1, levels), DefaultPriority = standard };
        if (batching.DefaultQueuePolicy is not { } policy)
        {
            return queue;
        }

        TimeSpan timeout = Microseconds(policy.DefaultTimeoutMicroseconds, "dynamic_batching.default_queue_policy.default_timeout_microseconds");
        return queue with
        {
            Timeout = timeout > TimeSpan.Zero ? timeout : null,
            AllowTimeoutOverride = policy.AllowTimeoutOverride,
            MaxRows = policy.MaxQueueSize > 0 ? InRange(policy.MaxQueueSize, 1, int.MaxValue, "dynamic_batching.default_queue_policy.max_queue_size") : queue.MaxRows,
        };
    }

    private static int InstancesOf(Config config) => InRange(config.InstanceGroup.Sum(static group => (long)group.Count), 0, 4096, "instance_group.count");

    private static TensorSignature Declared(string name, DataType type, IEnumerable<long> dims, int rows)
    {
        TensorDataType dataType = type == DataType.TypeInvalid || !Enum.IsDefined(type)
            ? throw Invalid($"data_type of '{name}' is missing or unknown")
            : (TensorDataType)(int)type;
        return new TensorSignature(name, dataType, new TensorShape(rows > 0 ? [-1, .. dims] : [.. dims]));
    }

    private static TimeSpan Microseconds(ulong value, string key) =>
        value <= LongestMicroseconds ? TimeSpan.FromMicroseconds(value) : throw Invalid($"{key}: at most {LongestMicroseconds} expected");

    private static int InRange(long value, int least, int most, string key) =>
        value >= least && value <= most ? (int)value : throw Invalid($"{key}: a number from {least} to {most} expected");

    private static void Refuse(bool given, string key)
    {
        if (given)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"config: {key} can't be given with a load; put it into the model's own files");
        }
    }

    private static SlipwayException Invalid(string problem) => new(ErrorCode.InvalidConfiguration, $"config: {problem}");
}
