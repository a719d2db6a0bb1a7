using Slipway.Core;
using Slipway.Protocols.Protos.Inference;
using Config = Slipway.Protocols.Protos.Inference.ModelConfig;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>A loaded version's effective configuration in the terms of Triton's ModelConfig.</summary>
internal static class ModelConfigMessages
{
    private const string OnnxPlatform = "onnxruntime_onnx";
    private const string OnnxBackend = "onnxruntime";

    /// <summary>The message for one version.</summary>
    public static Config Of(ServableInfo servable)
    {
        Core.ModelConfig config = servable.Config;
        Config message = new()
        {
            Name = servable.ModelName,
            Platform = servable.Platform,
            Backend = servable.Platform == OnnxPlatform ? OnnxBackend : "",
            MaxBatchSize = servable.MaxBatchSize,
            VersionPolicy = PolicyOf(config.VersionPolicy),
            ModelTransactionPolicy = new ModelTransactionPolicy { Decoupled = false },
            ResponseCache = new ModelResponseCache { Enable = config.ResponseCache is not null },
            DynamicBatching = config.Batching is { } batching ? BatchingOf(batching, config.Queue) : null,
        };
        message.InstanceGroup.Add(new ModelInstanceGroup
        {
            Name = servable.ModelName,
            Kind = config.Engine.ExecutionProviders.Count == 0 ? ModelInstanceGroup.Types.Kind.Cpu : ModelInstanceGroup.Types.Kind.Auto,
            Count = config.Instances == 0 ? Environment.ProcessorCount : config.Instances,
        });
        AddTensors(message, servable);
        message.MetricTags.Add(config.MetricTags.ToDictionary());
        foreach ((string key, string value) in config.Parameters)
        {
            message.Parameters.Add(key, new ModelParameter { StringValue = value });
        }

        message.ModelWarmup.AddRange(config.Warmup.Select(request => WarmupOf(request, servable.MaxBatchSize)));
        return message;
    }

    private static void AddTensors(Config message, ServableInfo servable)
    {
        bool batched = servable.MaxBatchSize > 0;
        foreach (TensorSignature tensor in servable.Signature.Inputs)
        {
            ModelInput input = new() { Name = tensor.Name, DataType = TypeOf(tensor.DataType), Optional = tensor.IsOptional };
            input.Dims.AddRange(Dims(tensor.Shape, batched));
            message.Input.Add(input);
        }

        foreach (TensorSignature tensor in servable.Signature.Outputs)
        {
            ModelOutput output = new() { Name = tensor.Name, DataType = TypeOf(tensor.DataType) };
            output.Dims.AddRange(Dims(tensor.Shape, batched));
            message.Output.Add(output);
        }
    }

    private static ModelVersionPolicy PolicyOf(VersionPolicy policy)
    {
        switch (policy)
        {
            case VersionPolicy.Latest latest:
                return new ModelVersionPolicy { Latest = new ModelVersionPolicy.Types.Latest { NumVersions = (uint)latest.Count } };
            case VersionPolicy.Specific specific:
                ModelVersionPolicy.Types.Specific versions = new();
                versions.Versions.AddRange(specific.Versions);
                return new ModelVersionPolicy { Specific = versions };
            default:
                return new ModelVersionPolicy { All = new ModelVersionPolicy.Types.All() };
        }
    }

    private static ModelDynamicBatching BatchingOf(BatchingConfig batching, QueueConfig queue)
    {
        ModelDynamicBatching message = new()
        {
            MaxQueueDelayMicroseconds = (ulong)batching.MaxQueueDelay.TotalMicroseconds,
            PriorityLevels = queue.PriorityLevels > 1 ? (ulong)queue.PriorityLevels : 0,
            DefaultPriorityLevel = (ulong)queue.DefaultPriority,
            DefaultQueuePolicy = new ModelQueuePolicy
            {
                DefaultTimeoutMicroseconds = (ulong)(queue.Timeout?.TotalMicroseconds ?? 0),
                AllowTimeoutOverride = queue.AllowTimeoutOverride,
                MaxQueueSize = (uint)queue.MaxRows,
            },
        };
        message.PreferredBatchSize.AddRange(batching.PreferredBatchSizes);
        return message;
    }

    private static ModelWarmup WarmupOf(WarmupRequest request, int maxBatchSize)
    {
        bool batched = maxBatchSize > 0;
        ModelWarmup message = new() { Name = request.Name, Count = (uint)request.Count };
        foreach (WarmupInput input in request.Inputs)
        {
            ModelWarmup.Types.Input warm = new() { DataType = TypeOf(input.DataType) };
            warm.Dims.AddRange(Dims(input.Shape, batched));
            if (batched && input.Shape.Rank > 0)
            {
                message.BatchSize = (uint)input.Shape[0];
            }

            switch (input.Fill)
            {
                case WarmupFill.Zero:
                    warm.ZeroData = true;
                    break;
                case WarmupFill.Random:
                    warm.RandomData = true;
                    break;
                default:
                    // The recorded bytes were read when the model was loaded; where from concerns nobody outside.
                    break;
            }

            message.Inputs.Add(input.Name, warm);
        }

        return message;
    }

    private static long[] Dims(TensorShape shape, bool batched) => shape.Dimensions[(batched && shape.Rank > 0 ? 1 : 0)..].ToArray();

    // The protocol's numbers are Core's as far as the protocol goes; it has no four-bit types.
    private static DataType TypeOf(TensorDataType type) => type <= TensorDataType.BFloat16 ? (DataType)(int)type : DataType.TypeInvalid;
}
