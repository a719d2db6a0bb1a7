using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.Settings;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository.Settings;

public sealed class ModelYamlTests
{
    [Fact]
    public void Every_key_is_taken_over()
    {
        using TemporaryFolder folder = new();
        folder.Write("labels.txt", "no\nyes");
        folder.Write("data/x.bin", new byte[8]);

        ModelSettings settings = Read("""
            mainFile: net.onnx
            versionPolicy: {latest: 2}
            labels: {stable: 1, canary: 2}
            defaultVersion: 1
            load: onDemand
            batchable: true
            maxBatchSize: 16
            instances: 2
            batching: {maxBatchSize: 8, maxQueueDelay: 2ms, preferredBatchSizes: [4], allowedBatchSizes: [4, 8], splitLargeRequests: true}
            queue: {maxRows: 10, maxBytes: 1MiB, timeout: 1s, allowTimeoutOverride: false, priorityLevels: 3, defaultPriority: 1}
            warmup:
              - name: w
                count: 3
                inputs:
                  x: {dataType: FP32, shape: [1, 2], fill: random}
                  y: {dataType: FP32, shape: [1, 2], file: data/x.bin}
            responseCache: {maxBytes: 2MiB, timeToLive: 1m}
            engine:
              executionProviders: [cuda, {name: openvino, options: {device_type: CPU}}]
              intraOpThreads: 4
              optimization: basic
              profiling: true
              sessionOptions: {session.disable_prepacking: "1"}
            inputs: [{name: x, dataType: FP32, shape: [-1, 2], optional: true}]
            outputs: [{name: p, dataType: FP32, shape: [-1, 2]}]
            outputLabels: {p: labels.txt, q: [a, b]}
            parameters: {owner: me}
            metricTags: {team: x}
            """, folder.Root);

        ModelConfig config = settings.Config;
        Assert.Equal("net.onnx", settings.MainFile);
        Assert.Equal(new VersionPolicy.Latest(2), config.VersionPolicy);
        Assert.Equal((1L, 2L, 1L), (config.Labels["stable"], config.Labels["canary"], config.DefaultVersion));
        Assert.Equal((LoadPolicy.OnDemand, true, 16, 2), (config.Load, config.Batchable, config.MaxBatchSize, config.Instances));
        Assert.Equal((8, TimeSpan.FromMilliseconds(2), true), (config.Batching!.MaxBatchSize, config.Batching.MaxQueueDelay, config.Batching.SplitLargeRequests));
        Assert.Equal([4], config.Batching.PreferredBatchSizes);
        Assert.Equal([4, 8], config.Batching.AllowedBatchSizes);
        Assert.Equal(
            new QueueConfig { MaxRows = 10, MaxBytes = 1 << 20, Timeout = TimeSpan.FromSeconds(1), AllowTimeoutOverride = false, PriorityLevels = 3, DefaultPriority = 1 },
            config.Queue);
        Assert.Equal((3, WarmupFill.Random, WarmupFill.Data), (config.Warmup[0].Count, config.Warmup[0].Inputs[0].Fill, config.Warmup[0].Inputs[1].Fill));
        Assert.Equal(new ResponseCacheConfig { MaxBytes = 2 << 20, TimeToLive = TimeSpan.FromMinutes(1) }, config.ResponseCache);
        Assert.Equal(["cuda", "openvino"], config.Engine.ExecutionProviders.Select(provider => provider.Name));
        Assert.Equal((4, GraphOptimization.Basic, true), (config.Engine.IntraOpThreads, config.Engine.Optimization, config.Engine.Profiling));
        Assert.Equal("1", config.Engine.SessionOptions["session.disable_prepacking"]);
        Assert.True(config.DeclaredInputs[0].IsOptional);
        Assert.Equal(new TensorShape(-1, 2), config.DeclaredOutputs[0].Shape);
        Assert.Equal(["no", "yes"], config.OutputLabels["p"]);
        Assert.Equal(["a", "b"], config.OutputLabels["q"]);
        Assert.Equal(("me", "x"), (config.Parameters["owner"], config.MetricTags["team"]));
    }

    [Fact]
    public void Every_property_of_the_configuration_has_a_key()
    {
        // A property added to ModelConfig without a key in model.yaml would be a setting that nobody can set.
        string[] known =
        [
            "Batchable", "Batching", "DeclaredInputs", "DeclaredOutputs", "DefaultVersion", "Engine", "Instances", "Labels", "Load", "MaxBatchSize", "MetricTags",
            "OutputLabels", "Parameters", "Queue", "ResponseCache", "VersionPolicy", "Warmup", "WarmupEnabled",
        ];
        Assert.Equal(known, typeof(ModelConfig).GetProperties().Where(property => !property.GetMethod!.IsStatic).Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_not_said_stays_as_it_was()
    {
        ModelConfig defaults = new() { Instances = 7, Batching = new BatchingConfig { MaxBatchSize = 3, MaxQueueDelay = TimeSpan.FromSeconds(1) }, WarmupEnabled = false };

        ModelConfig config = Read("batching: {maxBatchSize: 5}", null, defaults).Config;

        Assert.Equal((7, 5, TimeSpan.FromSeconds(1), false), (config.Instances, config.Batching!.MaxBatchSize, config.Batching.MaxQueueDelay, config.WarmupEnabled));
        Assert.Null(Read("batching: false", null, defaults).Config.Batching);
        Assert.Same(defaults.Queue, Read("", null, defaults).Config.Queue);
    }

    [Theory]
    [InlineData("max_batch_size: 4", "line 1:1: max_batch_size: unknown key; did you mean 'maxBatchSize'?")]
    [InlineData("batching: {maxQueueDelay: 5}", "a duration with its unit")]
    [InlineData("batching: {preferredBatchSizes: [64]}", "64 is above maxBatchSize, 32")]
    [InlineData("batching: {allowedBatchSizes: [4, 8]}", "the last must be maxBatchSize")]
    [InlineData("batching: {preferredBatchSizes: [4, 2]}", "sizes must increase")]
    [InlineData("queue: {defaultPriority: 3}", "above priorityLevels")]
    [InlineData("queue: {maxBytes: 12}", "a size with its unit")]
    [InlineData("versionPolicy: newest", "latest, all")]
    [InlineData("versionPolicy: {latest: 1, specific: [1]}", "one of latest and specific")]
    [InlineData("labels: {'7': 1}", "is no number")]
    [InlineData("labels: {stable: one}", "a whole number is expected, not 'one'")]
    [InlineData("load: lazy", "one of eager, onDemand")]
    [InlineData("mainFile: ../x", "plain relative file name")]
    [InlineData("inputs: [{name: x}]", "name, dataType and shape are expected")]
    [InlineData("inputs: [{name: x, dataType: FLOAT32, shape: [1]}]", "'FLOAT32' is no datatype")]
    [InlineData("inputs: [{name: x, dataType: FP32, shape: [-2]}]", "a whole number of -1 or more")]
    [InlineData("outputLabels: {p: ../../secret}", "plain relative file name")]
    [InlineData("engine: {sessionOptions: {session.model_external_initializers_file_folder_path: /}}", "can't be set")]
    [InlineData("warmup: [{inputs: {x: {dataType: FP32, shape: [99999999, 99]}}}]", "a shape of at most")]
    [InlineData("warmup: 3", "true or false")]
    [InlineData("[1]", "keys and values are expected")]
    [InlineData("a: [", "not YAML")]
    public void What_is_wrong_is_named(string yaml, string expected)
    {
        ConfigReader reader = new();
        ModelYaml.Read(yaml, new ModelSettings(ModelConfig.Default), ModelFolder.None, reader);
        Assert.Contains(expected, string.Join('\n', reader.Problems), StringComparison.Ordinal);
    }

    private static ModelSettings Read(string yaml, string? folder = null, ModelConfig? defaults = null)
    {
        ConfigReader reader = new();
        ModelSettings settings = ModelYaml.Read(yaml, new ModelSettings(defaults ?? ModelConfig.Default), new ModelFolder(folder), reader);
        Assert.Empty(reader.Problems);
        return settings;
    }
}
