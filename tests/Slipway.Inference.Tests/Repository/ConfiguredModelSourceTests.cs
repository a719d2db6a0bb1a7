using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository;
using Slipway.Inference.Repository.Settings;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository;

public sealed class ConfiguredModelSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ConfiguredModelSourceTests()
    {
        foreach (string name in (string[])["a", "b"])
        {
            _folder.Write($"models/{name}/1/model.onnx", OnnxModels.Add(1));
            _folder.Write($"models/{name}/2/model.onnx", OnnxModels.Add(2));
        }

        _folder.Age(TimeSpan.FromMinutes(1));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""
        model_config_list { config { name: 'm' base_path: '/models/m' model_platform: 'tensorflow'
          model_version_policy { specific { versions: 42 versions: 43 } }
          version_labels { key: 'stable' value: 42 } version_labels { key: 'canary' value: 43 } } }
        """)]
    [InlineData("""
        # The other way to write it.
        model_config_list: { config: [ { name: "m", base_path: "/models/m", model_platform: "tensorflow",
          model_version_policy: { specific: { versions: [42, 43] } },
          version_labels: [ { key: "stable", value: 42 }, { key: "canary", value: 43 } ] } ] }
        """)]
    public void Both_ways_to_write_a_list_are_read(string text)
    {
        ConfigReader reader = new();
        ConfiguredModel model = Assert.Single(ConfiguredModelSource.ParseList(text, reader));

        Assert.Empty(reader.Problems);
        Assert.Equal(("m", "/models/m", "tensorflow"), (model.Name, model.BasePath, model.Platform));
        Assert.Equal(new VersionPolicy.Specific([42, 43]), model.VersionPolicy);
        Assert.Equal((42L, 43L), (model.Labels["stable"], model.Labels["canary"]));
    }

    [Theory]
    [InlineData("model_config_list { config { base_path: '/m' } }", "a name is expected")]
    [InlineData("model_config_list { config { name: 'm' } }", "a base path is expected")]
    [InlineData("model_config_list { config { name: 'm' base_path: '/m' version_label { } } }", "did you mean 'version_labels'?")]
    [InlineData("model_config_list { config { name: 'm' base_path: '/m' model_version_policy { all {} latest {} } } }", "one of latest")]
    [InlineData("custom_model_config { }", "custom sources are not supported")]
    [InlineData("model_config_list {", "'}' is expected")]
    public void What_is_wrong_with_a_list_is_named(string text, string expected)
    {
        ConfigReader reader = new();
        ConfiguredModelSource.ParseList(text, reader);
        Assert.Contains(expected, string.Join('\n', reader.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_says_what_is_served_and_how()
    {
        using ConfiguredModelSource source = Source(new()
        {
            Models = [new("first", PathOf("a")) { VersionPolicy = new VersionPolicy.All(), Labels = new Dictionary<string, long> { ["stable"] = 1 } }],
        });

        DesiredModel model = Assert.Single((await FirstAsync(source)).Models).Value;

        Assert.Equal(("first", new VersionPolicy.All()), (model.Name, model.Config.VersionPolicy));
        Assert.Equal(1, model.Config.Labels["stable"]);
        Assert.Equal([1, 2], model.Versions.Keys.Order());
    }

    [Fact]
    public async Task A_replaced_list_is_the_whole_list()
    {
        using ConfiguredModelSource source = Source(new() { Models = [new("a", PathOf("a"))], AllowedBasePaths = [PathOf("")] });
        await FirstAsync(source);

        await source.ReplaceModelsAsync([new("b", PathOf("b"))], CancellationToken.None);

        DesiredModel model = Assert.Single((await source.RefreshAsync(CancellationToken.None)).Models).Value;
        Assert.Equal(("b", 2), (model.Name, model.Versions.Count));
    }

    [Fact]
    public async Task A_caller_can_not_reach_folders_that_the_operator_does_not_allow()
    {
        Directory.CreateSymbolicLink(_folder.PathOf("models/sneaky"), "/");
        _folder.Write("private/1/model.onnx", OnnxModels.Add(1));
        using ConfiguredModelSource source = Source(new() { Models = [new("a", PathOf("a"))], AllowedBasePaths = [PathOf("")] });
        DesiredState before = await FirstAsync(source);

        foreach (string path in (string[])["/etc", PathOf("../private"), PathOf("sneaky/etc"), _folder.PathOf("models-not"), _folder.Root])
        {
            SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => source.ReplaceModelsAsync([new("x", path)], CancellationToken.None));
            Assert.Equal(ErrorCode.PermissionDenied, refused.Code);
            Assert.DoesNotContain(path, refused.Message, StringComparison.Ordinal);
        }

        Assert.Same(before, await source.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Without_allowed_folders_a_caller_has_only_what_the_operator_listed()
    {
        using ConfiguredModelSource source = Source(new() { Models = [new("a", PathOf("a"))] });

        await source.ReplaceModelsAsync([new("renamed", PathOf("a"))], CancellationToken.None);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => source.ReplaceModelsAsync([new("b", PathOf("b"))], CancellationToken.None));

        Assert.Equal(ErrorCode.PermissionDenied, refused.Code);
    }

    [Theory]
    [InlineData("../x", "/models/a", "", ErrorCode.InvalidRequest)]
    [InlineData("x", "relative", "", ErrorCode.InvalidRequest)]
    [InlineData("x", "s3://bucket/x", "", ErrorCode.InvalidRequest)]
    [InlineData("x", "", "", ErrorCode.InvalidRequest)]
    [InlineData("x", "/models/a", "pytorch", ErrorCode.NotSupported)]
    public async Task A_list_that_makes_no_sense_is_refused(string name, string path, string platform, ErrorCode code)
    {
        using ConfiguredModelSource source = Source(new());
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(
            () => source.ReplaceModelsAsync([new(name, path) { Platform = platform }], CancellationToken.None));
        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task A_base_path_that_a_caller_names_must_be_there_or_the_whole_list_is_refused()
    {
        using ConfiguredModelSource source = Source(new() { Models = [new("a", PathOf("a"))], AllowedBasePaths = [PathOf("")] });
        DesiredState before = await FirstAsync(source);

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(
            () => source.ReplaceModelsAsync([new("b", PathOf("b")), new("a", PathOf("nowhere"))], CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
        Assert.Contains($"model 'a': there is no folder '{PathOf("nowhere")}'", refused.Message, StringComparison.Ordinal);
        Assert.Same(before, await source.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_list_whose_labels_or_policy_can_mean_nothing_is_refused()
    {
        using ConfiguredModelSource source = Source(new() { Models = [new("a", PathOf("a"))] });
        ConfiguredModel[] wrong =
        [
            new("a", PathOf("a")) { Labels = new Dictionary<string, long> { ["2"] = 2 } },
            new("a", PathOf("a")) { VersionPolicy = new VersionPolicy.Specific([]) },
        ];
        foreach (ConfiguredModel model in wrong)
        {
            Assert.Equal(ErrorCode.InvalidRequest, (await Assert.ThrowsAsync<SlipwayException>(() => source.ReplaceModelsAsync([model], CancellationToken.None))).Code);
        }
    }

    [Theory]
    [InlineData("latest { num_versions: 0 }", 1)]
    [InlineData("latest { num_versions: 1 }", 0)]
    [InlineData("latest { }", 0)]
    public void No_versions_at_all_means_one_and_says_so(string policy, int notices)
    {
        ConfigReader reader = new();
        ConfiguredModel model = Assert.Single(ConfiguredModelSource.ParseList($"model_config_list {{ config {{ name: 'm' base_path: '/m' model_version_policy {{ {policy} }} }} }}", reader));
        Assert.Equal((VersionPolicy.LatestOne, notices), (model.VersionPolicy, model.Notices.Count));
    }

    [Fact]
    public async Task What_a_list_says_for_operators_comes_with_its_model()
    {
        using ConfiguredModelSource source = Source(new() { Models = [new("a", PathOf("a")) { Notices = ["mind this"] }] });
        Assert.Equal(["mind this"], (await FirstAsync(source)).Models["a"].Notices);
    }

    [Fact]
    public async Task A_changed_list_file_is_read_again_and_a_faulty_one_is_not()
    {
        string list = _folder.Write("models.config", $"model_config_list {{ config {{ name: 'a' base_path: '{PathOf("a")}' }} }}");
        using ConfiguredModelSource source = Source(new() { ListFile = list, ReloadListFile = true, SettleTime = TimeSpan.Zero });
        Assert.Equal(["a"], (await FirstAsync(source)).Models.Keys);

        File.WriteAllText(list, $"model_config_list {{ config {{ name: 'bee' base_path: '{PathOf("b")}' }} }}");
        Assert.Equal(["bee"], (await source.RefreshAsync(CancellationToken.None)).Models.Keys);

        File.WriteAllText(list, "model_config_list { nonsense }");
        Assert.Equal(["bee"], (await source.RefreshAsync(CancellationToken.None)).Models.Keys);
    }

    [Fact]
    public async Task A_base_path_that_is_not_there_is_a_problem_until_it_is()
    {
        using ConfiguredModelSource source = Source(new() { Models = [new("late", PathOf("late"))], SettleTime = TimeSpan.Zero });
        Assert.NotNull((await FirstAsync(source)).Models["late"].Problem);

        _folder.Write("models/late/1/model.onnx", OnnxModels.Add(1));

        DesiredModel model = (await source.RefreshAsync(CancellationToken.None)).Models["late"];
        Assert.Null(model.Problem);
        Assert.Single(model.Versions);
    }

    [Fact]
    public void Batching_parameters_are_read()
    {
        ConfigReader reader = new();
        ModelConfig config = TfServingBatching.Read(
            """
            max_batch_size { value: 128 } batch_timeout_micros { value: 500 } max_enqueued_batches { value: 4 } num_batch_threads { value: 2 }
            allowed_batch_sizes: 32 allowed_batch_sizes: 128
            """,
            ModelConfig.Default,
            reader).Config;

        Assert.Empty(reader.Problems);
        Assert.Equal((128, TimeSpan.FromMicroseconds(500), 512, 2), (config.Batching!.MaxBatchSize, config.Batching.MaxQueueDelay, config.Queue.MaxRows, config.Instances));
        Assert.Equal([32, 128], config.Batching.AllowedBatchSizes);
    }

    [Theory]
    [InlineData("max_batch_size: 128", "fields in braces is expected")]
    [InlineData("max_batch_size { value: 8 } allowed_batch_sizes: 16", "the last being 8")]
    [InlineData("pad_variable_length_inputs: true", "never padded")]
    public void Batching_parameters_that_are_wrong_are_named(string text, string expected)
    {
        ConfigReader reader = new();
        Assert.Same(ModelConfig.Default, TfServingBatching.Read(text, ModelConfig.Default, reader).Config);
        Assert.Contains(expected, string.Join('\n', reader.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_sources_are_one_and_a_clash_is_a_problem_of_its_model()
    {
        using ConfiguredModelSource first = Source(new() { Models = [new("a", PathOf("a")), new("both", PathOf("a"))] });
        using ConfiguredModelSource second = Source(new() { Models = [new("b", PathOf("b")), new("both", PathOf("b"))] });

        DesiredState state = await FirstAsync(new CompositeModelSource([first, second]));

        Assert.Equal(["a", "b", "both"], state.Models.Keys.Order());
        Assert.NotNull(state.Models["both"].Problem);
        Assert.Null(state.Models["b"].Problem);
    }

    private string PathOf(string name) => Path.GetFullPath(_folder.PathOf(Path.Combine("models", name)));

    private static ConfiguredModelSource Source(ConfiguredModelSourceOptions options) => new(options, TimeProvider.System, NullLogger<ConfiguredModelSource>.Instance);

    private static async Task<DesiredState> FirstAsync(IModelSource source)
    {
        await foreach (DesiredState state in source.WatchAsync(CancellationToken.None))
        {
            return state;
        }

        throw new InvalidOperationException("the source ended");
    }
}
