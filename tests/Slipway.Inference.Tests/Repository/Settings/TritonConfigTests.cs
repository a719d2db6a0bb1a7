using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.Settings;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository.Settings;

public sealed class TritonConfigTests
{
    [Fact]
    public void Every_supported_field_is_taken_over()
    {
        using TemporaryFolder folder = new();
        folder.Write("labels.txt", "cat\ndog\n");
        folder.Write("warmup/x.bin", new byte[24]);

        ModelSettings settings = Read("""
            name: "m"  platform: "onnxruntime_onnx"  backend: "onnxruntime"
            max_batch_size: 8
            version_policy: { specific: { versions: [ 1, 3 ] } }
            input [ { name: "x" data_type: TYPE_FP32 dims: [ 3, -1 ] }, { name: "s" data_type: TYPE_STRING dims: 1 optional: true } ]
            output { name: "y" data_type: TYPE_INT64 dims: 1 label_filename: "labels.txt" }
            instance_group [ { count: 3 kind: KIND_CPU } ]
            dynamic_batching {
              preferred_batch_size: [ 8, 4 ] max_queue_delay_microseconds: 1500
              priority_levels: 3 default_priority_level: 2
              default_queue_policy { default_timeout_microseconds: 5000 allow_timeout_override: true max_queue_size: 64 }
            }
            default_model_filename: "net.onnx"
            optimization { graph { level: 1 } execution_accelerators { cpu_execution_accelerator : [ { name : "openvino" parameters { key: "device_type" value: "CPU" } } ] } }
            parameters { key: "intra_op_thread_count" value: { string_value: "2" } }
            parameters { key: "session.disable_prepacking" value: { string_value: "1" } }
            parameters { key: "own" value: { string_value: "thing" } }
            model_warmup { name: "w" batch_size: 2 count: 5 inputs { key: "x" value: { data_type: TYPE_FP32 dims: [ 3, 1 ] input_data_file: "x.bin" } } }
            response_cache { enable: true }
            metric_tags { key: "team" value: "vision" }
            """, folder.Root);

        ModelConfig config = settings.Config;
        Assert.Equal("net.onnx", settings.MainFile);
        Assert.Equal(new VersionPolicy.Specific([1, 3]), config.VersionPolicy);
        Assert.Equal((8, true, 3), (config.MaxBatchSize, config.Batchable, config.Instances));
        Assert.Equal("FP32 [-1,3,-1]", $"{config.DeclaredInputs[0].DataType.ToName()} {config.DeclaredInputs[0].Shape}");
        Assert.True(config.DeclaredInputs[1].IsOptional);
        Assert.Equal(TensorDataType.String, config.DeclaredInputs[1].DataType);
        Assert.Equal(["cat", "dog"], config.OutputLabels["y"]);
        Assert.Equal([4, 8], config.Batching!.PreferredBatchSizes);
        Assert.Equal((8, TimeSpan.FromMicroseconds(1500)), (config.Batching.MaxBatchSize, config.Batching.MaxQueueDelay));
        Assert.Equal(new QueueConfig { MaxRows = 64, Timeout = TimeSpan.FromMilliseconds(5), AllowTimeoutOverride = true, PriorityLevels = 3, DefaultPriority = 2 }, config.Queue);
        Assert.Equal((GraphOptimization.Extended, 2), (config.Engine.Optimization, config.Engine.IntraOpThreads));
        Assert.Equal("CPU", Assert.Single(config.Engine.ExecutionProviders).Options["device_type"]);
        Assert.Equal("1", config.Engine.SessionOptions["session.disable_prepacking"]);
        Assert.Equal("thing", config.Parameters["own"]);
        WarmupRequest warmup = Assert.Single(config.Warmup);
        Assert.Equal(("w", 5, 24), (warmup.Name, warmup.Count, warmup.Inputs[0].Data.Length));
        Assert.Equal(new TensorShape(2, 3, 1), warmup.Inputs[0].Shape);
        Assert.NotNull(config.ResponseCache);
        Assert.Equal("vision", config.MetricTags["team"]);
        Assert.Equal(["config.pbtxt: default_queue_policy.max_queue_size counts rows here, not requests"], settings.Notices);
    }

    [Fact]
    public void A_limit_without_dynamic_batching_batches_nothing()
    {
        ModelConfig defaults = new() { Batching = new BatchingConfig() };

        ModelSettings settings = Read("max_batch_size: 4", null, defaults);

        Assert.Equal((4, null), (settings.Config.MaxBatchSize, settings.Config.Batching));
    }

    [Theory]
    [InlineData("11", "FP32")]
    [InlineData("13", "BYTES")]
    [InlineData("TYPE_BF16", "BF16")]
    public void A_value_of_an_enumeration_is_read_by_name_and_by_number(string type, string expected)
    {
        ModelConfig config = Read($"max_batch_size: 0 input {{ name: 'x' data_type: {type} format: 0 dims: 2 }} instance_group {{ count: 2 kind: 2 }}").Config;
        Assert.Equal((expected, 2), (config.DeclaredInputs[0].DataType.ToName(), config.Instances));
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("0x10", 16)]
    [InlineData("010", 8)]
    [InlineData("00", 0)]
    public void Whole_numbers_are_decimal_hexadecimal_or_octal(string text, int expected)
    {
        Assert.Equal(expected, Read("max_batch_size: " + text).Config.MaxBatchSize);
    }

    [Theory]
    [InlineData("08")]
    [InlineData("0x")]
    [InlineData("07777777777777777777777777")]
    public void Digits_that_are_no_whole_number_are_refused(string text)
    {
        ConfigReader reader = new();
        TritonConfig.Read("max_batch_size: " + text, "m", new ModelSettings(ModelConfig.Default), ModelFolder.None, reader);
        Assert.Equal("max_batch_size", Assert.Single(reader.Problems).Key);
    }

    [Theory]
    [InlineData("max_batch_size: 0", false)]
    [InlineData("", null)]
    [InlineData("max_batch_size: 1", true)]
    public void What_is_said_of_batches_decides_whether_the_first_dimension_is_one(string text, bool? batchable)
    {
        Assert.Equal(batchable, Read(text).Config.Batchable);
    }

    [Theory]
    [InlineData("max_batchsize: 1", "line 1:1: max_batchsize: unknown field; did you mean 'max_batch_size'?")]
    [InlineData("dynamic_batching {\n  max_queue_delay_micros: 1 }", "line 2:3: dynamic_batching.max_queue_delay_micros: unknown field; did you mean 'max_queue_delay_microseconds'?")]
    [InlineData("max_batch_size: many", "line 1:17: max_batch_size: a whole number is expected, not 'many'")]
    [InlineData("max_batch_size: -1", "a whole number of 0 or more is expected")]
    [InlineData("name: 'other'", "'other' is not the name of the folder, 'm'")]
    [InlineData("platform: 'tensorrt_plan'", "'tensorrt_plan' is not served here")]
    [InlineData("platform: 'ensemble'", "ensembles are not served")]
    [InlineData("backend: 'python'", "'python' is not served here")]
    [InlineData("sequence_batching {}", "sequence_batching: sequences")]
    [InlineData("ensemble_scheduling {}", "ensemble_scheduling: ensembles")]
    [InlineData("model_transaction_policy { decoupled: true }", "decoupled: models that answer")]
    [InlineData("model_operations { op_library_filename: 'x.so' }", "custom operators are never loaded")]
    [InlineData("version_policy { latest {} all {} }", "one of latest, all and specific")]
    [InlineData("default_model_filename: '../x.onnx'", "plain relative file name")]
    [InlineData("input { name: 'x' data_type: TYPE_FLOAT dims: 1 }", "'TYPE_FLOAT' is no data type")]
    [InlineData("input [{ name: 'x' data_type: TYPE_FP32 dims: 1 },{ name: 'x' data_type: TYPE_FP32 dims: 1 }]", "two inputs are named 'x'")]
    [InlineData("output { name: 'y' data_type: TYPE_FP32 dims: 1 label_filename: '../../etc/passwd' }", "plain relative file name")]
    [InlineData("parameters { key: 'session.model_external_initializers_file_folder_path' value { string_value: '/' } }", "can't be set by a model's configuration")]
    [InlineData("optimization { execution_accelerators { gpu_execution_accelerator { name: 'tensorrt' parameters { key: 'trt_extra_plugin_lib_paths' value: '/x.so' } } } }", "can't be set by a model's configuration")]
    [InlineData("max_batch_size: 1 max_batch_size: 2", "given more than once")]
    [InlineData("max_batch_size: 4 dynamic_batching { preferred_batch_size: 8 }", "8 is above max_batch_size, 4")]
    [InlineData("model_warmup { inputs { key: 'x' value { data_type: TYPE_FP32 dims: 1 } } }", "one of zero_data")]
    [InlineData("model_warmup { inputs { key: 'x' value { data_type: TYPE_FP32 dims: [4611686018427387904, 4] zero_data: true } } }", "a shape of at most")]
    [InlineData("{", "a field's name is expected")]
    public void What_is_wrong_is_named(string text, string expected)
    {
        ConfigReader reader = new();
        TritonConfig.Read(text, "m", new ModelSettings(ModelConfig.Default), ModelFolder.None, reader);
        Assert.Contains(expected, string.Join('\n', reader.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gpu_instance_asks_for_cuda_behind_the_accelerators()
    {
        ModelConfig config = Read("""
            instance_group { kind: KIND_GPU gpus: 1 }
            optimization { execution_accelerators { gpu_execution_accelerator { name: "tensorrt" parameters { key: "precision_mode" value: "FP16" } } } }
            """).Config;

        Assert.Equal(["tensorrt", "cuda"], config.Engine.ExecutionProviders.Select(provider => provider.Name));
        Assert.Equal("1", config.Engine.ExecutionProviders[0].Options["trt_fp16_enable"]);
        Assert.Equal("1", config.Engine.ExecutionProviders[1].Options["device_id"]);
    }

    private static ModelSettings Read(string text, string? folder = null, ModelConfig? defaults = null)
    {
        ConfigReader reader = new();
        ModelSettings settings = TritonConfig.Read(text, "m", new ModelSettings(defaults ?? ModelConfig.Default), new ModelFolder(folder), reader);
        Assert.Empty(reader.Problems);
        return settings;
    }
}
