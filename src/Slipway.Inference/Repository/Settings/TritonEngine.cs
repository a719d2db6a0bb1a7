using System.Globalization;
using Slipway.Core;
using Slipway.Inference.Repository.TextFormat;

namespace Slipway.Inference.Repository.Settings;

/// <summary>
/// Reads <c>instance_group</c>, <c>optimization</c> and <c>parameters</c> of <c>config.pbtxt</c>. Meanings are those of Triton's ONNX Runtime backend
/// (https://github.com/triton-inference-server/onnxruntime_backend, README).
/// </summary>
internal static class TritonEngine
{
    private const int MaxInstances = 1024;

    // Read as part of the engine; all others stay parameters.
    private static readonly string[] IgnoredParameters = ["inter_op_thread_count", "execution_mode", "enable_mem_arena", "enable_mem_pattern", "memory.enable_memory_arena_shrinkage"];

    public static ModelConfig Apply(TextFields root, ModelConfig config, Action<string> notice)
    {
        List<ExecutionProviderConfig> providers = [];
        int instances = ReadInstances(root, providers, notice);
        GraphOptimization optimization = config.Engine.Optimization;
        if (root.Message("optimization") is { } fields)
        {
            optimization = ReadOptimization(fields, providers, notice) ?? optimization;
            fields.Finish();
        }

        EngineConfig engine = config.Engine with
        {
            Optimization = optimization,
            ExecutionProviders = providers.Count > 0 ? providers : config.Engine.ExecutionProviders,
        };
        return ApplyParameters(root, config with { Engine = engine, Instances = instances > 0 ? instances : config.Instances }, notice);
    }

    private static int ReadInstances(TextFields root, List<ExecutionProviderConfig> providers, Action<string> notice)
    {
        int total = 0;
        foreach (TextFields group in root.Messages("instance_group"))
        {
            group.Text("name");
            string kind = group.Word("kind", "KIND_AUTO", "KIND_GPU", "KIND_CPU", "KIND_MODEL") ?? "KIND_AUTO";
            long count = group.Integer("count", 0, MaxInstances) ?? 0;
            IReadOnlyList<long> gpus = group.Integers("gpus", 0, 1024);
            if (kind is not ("KIND_AUTO" or "KIND_CPU" or "KIND_GPU" or "KIND_MODEL"))
            {
                group.Refuse("kind", "KIND_AUTO, KIND_CPU, KIND_GPU or KIND_MODEL is expected");
            }

            if (kind == "KIND_GPU" && providers.Count == 0)
            {
                string device = (gpus.Count > 0 ? gpus[0] : 0).ToString(CultureInfo.InvariantCulture);
                providers.Add(new ExecutionProviderConfig("cuda", new Dictionary<string, string> { ["device_id"] = device }));
            }

            if (gpus.Count > 1)
            {
                notice("instance_group.gpus: only the first GPU is used");
            }

            foreach (string field in (string[])["profile", "rate_limiter", "passive", "secondary_devices", "host_policy"])
            {
                if (group.Has(field))
                {
                    notice($"instance_group.{field} means nothing here");
                }
            }

            // Without a count the backend runs two on a CPU and one elsewhere.
            total += (int)(count > 0 ? count : kind == "KIND_CPU" ? 2 : 1);
            group.Finish();
        }

        if (total > MaxInstances)
        {
            root.Refuse("instance_group", $"at most {MaxInstances} instances are allowed");
        }

        return total;
    }

    private static GraphOptimization? ReadOptimization(TextFields fields, List<ExecutionProviderConfig> providers, Action<string> notice)
    {
        GraphOptimization? level = null;
        if (fields.Message("graph") is { } graph)
        {
            level = graph.Integer("level") switch
            {
                -1 => GraphOptimization.Basic,
                1 => GraphOptimization.Extended,
                2 => GraphOptimization.None,
                _ => GraphOptimization.All,
            };
            graph.Finish();
        }

        if (fields.Message("execution_accelerators") is { } accelerators)
        {
            foreach (TextFields accelerator in accelerators.Messages("gpu_execution_accelerator").Concat(accelerators.Messages("cpu_execution_accelerator")))
            {
                ReadAccelerator(accelerator, providers);
            }

            accelerators.Finish();
        }

        foreach (string field in (string[])["priority", "cuda", "input_pinned_memory", "output_pinned_memory", "gather_kernel_buffer_threshold", "eager_batching"])
        {
            if (fields.Has(field))
            {
                notice($"optimization.{field} means nothing here");
            }
        }

        return level;
    }

    private static void ReadAccelerator(TextFields fields, List<ExecutionProviderConfig> providers)
    {
        string name = fields.Text("name") ?? "";
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        foreach ((string key, string value) in fields.TextMap("parameters"))
        {
            if (!EngineOptionRules.IsAllowed(key))
            {
                fields.Refuse("parameters", EngineOptionRules.WhyNot(key));
                continue;
            }

            (string option, string setting) = name == "tensorrt" ? TensorRtOption(key, value) : (key, value);
            options[option] = setting;
        }

        fields.Finish();
        if (name.Length == 0)
        {
            fields.Refuse("name", "the name of an execution provider is expected");
        }
        else if (name == "cuda" && providers.FindIndex(static provider => provider.Name == "cuda") is >= 0 and var at)
        {
            providers[at] = new ExecutionProviderConfig("cuda", Merge(providers[at].Options, options));
        }
        else
        {
            // Accelerators come before the plain device, which takes what they leave.
            int device = providers.FindIndex(static provider => provider.Name == "cuda");
            providers.Insert(device < 0 ? providers.Count : device, new ExecutionProviderConfig(name, options));
        }
    }

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second)
    {
        Dictionary<string, string> merged = new(first, StringComparer.Ordinal);
        foreach ((string key, string value) in second)
        {
            merged[key] = value;
        }

        return merged;
    }

    private static (string Key, string Value) TensorRtOption(string key, string value) => (key, value) switch
    {
        ("precision_mode", "FP16") => ("trt_fp16_enable", "1"),
        ("precision_mode", "INT8") => ("trt_int8_enable", "1"),
        ("precision_mode", _) => ("trt_fp16_enable", "0"),
        ("max_workspace_size_bytes", _) => ("trt_max_workspace_size", value),
        ("int8_calibration_table_name", _) => ("trt_int8_calibration_table_name", value),
        ("int8_use_native_calibration_table", _) => ("trt_int8_use_native_calibration_table", value),
        _ => (key, value),
    };

    private static ModelConfig ApplyParameters(TextFields root, ModelConfig config, Action<string> notice)
    {
        Dictionary<string, string> parameters = new(config.Parameters, StringComparer.Ordinal);
        Dictionary<string, string> session = new(config.Engine.SessionOptions, StringComparer.Ordinal);
        int threads = config.Engine.IntraOpThreads;
        foreach ((string key, TextFields entry) in root.Map("parameters"))
        {
            TextFields? wrapper = entry.Message("value");
            string value = wrapper?.Text("string_value") ?? "";
            wrapper?.Finish();
            parameters[key] = value;
            if (key == "intra_op_thread_count")
            {
                if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 1024)
                {
                    threads = count;
                }
                else
                {
                    root.Refuse("parameters", $"intra_op_thread_count '{value}' is no number of threads");
                }
            }
            else if (key.StartsWith("session.", StringComparison.Ordinal))
            {
                session[key] = value;
                if (!EngineOptionRules.IsAllowed(key))
                {
                    root.Refuse("parameters", EngineOptionRules.WhyNot(key));
                }
            }
            else if (IgnoredParameters.Contains(key))
            {
                notice($"parameter '{key}' means nothing here");
            }
        }

        return config with { Parameters = parameters, Engine = config.Engine with { IntraOpThreads = threads, SessionOptions = session } };
    }
}
