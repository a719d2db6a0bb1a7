using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Inference.Repository;
using Slipway.TestKit;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Repository;

/// <summary>What is offered from look to look, on a clock that stands still.</summary>
public sealed class ScanLoopTests : IDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ScanLoop _loop;

    public ScanLoopTests()
    {
        FolderModelSourceOptions options = new() { Path = _folder.Root, SettleTime = Settle };
        _loop = new ScanLoop(new FolderScanner(options, _time), options, _time, NullLogger.Instance);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_turns_up_later_is_offered_once_it_has_looked_the_same_for_the_settle_time()
    {
        await LookAsync();
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromHours(1));

        Assert.Empty((await ModelAsync("m")).Versions);
        _time.Advance(Settle / 2);
        Assert.Empty((await ModelAsync("m")).Versions);
        _time.Advance(Settle / 2);
        Assert.Equal([1], (await ModelAsync("m")).Versions.Keys);
    }

    [Fact]
    public async Task A_file_that_grows_is_not_offered_until_it_rests()
    {
        await LookAsync();
        for (int part = 1; part <= 5; part++)
        {
            Write("m/1/model.onnx", new byte[part * 1000], age: TimeSpan.Zero);
            DesiredModel growing = await ModelAsync("m");
            Assert.Empty(growing.Versions);
            Assert.Equal(["version 1 is still being written"], growing.Notices);
            _time.Advance(Settle * 0.9);
        }

        _time.Advance(Settle);
        DesiredModel rested = await ModelAsync("m");
        Assert.Equal(5000, rested.Versions[1].Files[0].Length);
        Assert.Empty(rested.Notices);
    }

    [Fact]
    public async Task A_fresh_file_at_the_first_look_is_waited_for_and_an_old_one_is_not()
    {
        Write("fresh/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.Zero);
        Write("old/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));

        DesiredState state = await LookAsync();

        Assert.Empty(state.Models["fresh"].Versions);
        Assert.Single(state.Models["old"].Versions);
    }

    [Fact]
    public async Task While_a_version_is_overwritten_the_old_files_stand_for_it_but_can_not_be_opened()
    {
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        ModelArtifact before = (await ModelAsync("m")).Versions[1];

        Write("m/1/model.onnx", OnnxModels.Add(2, width: 5), age: TimeSpan.Zero);

        ModelArtifact during = (await ModelAsync("m")).Versions[1];
        Assert.Same(before, during);
        SlipwayException refused = Assert.Throws<SlipwayException>(() => during.OpenRead("model.onnx"));
        Assert.Equal(ErrorCode.InvalidModel, refused.Code);

        _time.Advance(Settle);
        ModelArtifact after = (await ModelAsync("m")).Versions[1];
        Assert.NotEqual(before.ChangeToken, after.ChangeToken);
        after.OpenRead("model.onnx").Dispose();
    }

    [Fact]
    public async Task Nothing_changes_while_nothing_changes()
    {
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        Write("m/config.pbtxt", "max_batch_size: 4"u8, age: TimeSpan.FromMinutes(1));
        DesiredState first = await LookAsync();
        for (int look = 0; look < 5; look++)
        {
            _time.Advance(Settle);
            Assert.Same(first, await LookAsync());
        }
    }

    [Fact]
    public async Task A_change_of_one_model_leaves_the_objects_of_the_others()
    {
        Write("a/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        Write("b/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        DesiredModel before = await ModelAsync("a");

        Directory.Delete(_folder.PathOf("b"), recursive: true);

        DesiredState state = await LookAsync();
        Assert.Same(before, Assert.Single(state.Models).Value);
    }

    [Fact]
    public async Task A_version_put_in_place_by_renaming_appears_whole()
    {
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        await LookAsync();
        Write("m/.incoming/model.onnx", OnnxModels.Add(2), age: TimeSpan.FromMinutes(1));
        await LookAsync();

        Directory.Move(_folder.PathOf("m/.incoming"), _folder.PathOf("m/2"));
        await LookAsync();
        _time.Advance(Settle);

        Assert.Equal([1, 2], (await ModelAsync("m")).Versions.Keys.Order());
    }

    [Fact]
    public async Task A_version_that_goes_as_the_next_comes_is_offered_until_that_has_come_to_rest()
    {
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        ModelArtifact first = (await ModelAsync("m")).Versions[1];
        Directory.Delete(_folder.PathOf("m/1"), recursive: true);
        Write("m/2/model.onnx", OnnxModels.Add(2), age: TimeSpan.Zero);

        Assert.Same(first, Assert.Single((await ModelAsync("m")).Versions).Value);
        _time.Advance(Settle / 2);
        Assert.Same(first, Assert.Single((await ModelAsync("m")).Versions).Value);
        _time.Advance(Settle);
        Assert.Equal([2], (await ModelAsync("m")).Versions.Keys);

        Directory.Delete(_folder.PathOf("m/2"), recursive: true);
        Assert.Empty((await ModelAsync("m")).Versions);
    }

    [Fact]
    public async Task A_faulty_configuration_is_a_problem_and_the_last_good_one_stays()
    {
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        Write("m/model.yaml", "instances: 3"u8, age: TimeSpan.FromMinutes(1));
        Assert.Equal(3, (await ModelAsync("m")).Config.Instances);

        Write("m/model.yaml", "instancez: 4"u8, age: TimeSpan.Zero);
        await LookAsync();
        _time.Advance(Settle);
        DesiredModel faulty = await ModelAsync("m");
        Assert.Equal("model.yaml: line 1:1: instancez: unknown key; did you mean 'instances'?", faulty.Problem);
        Assert.Equal(3, faulty.Config.Instances);
        Assert.Single(faulty.Versions);

        Write("m/model.yaml", "instances: 4"u8, age: TimeSpan.FromSeconds(-5));
        await LookAsync();
        _time.Advance(Settle);
        DesiredModel mended = await ModelAsync("m");
        Assert.Null(mended.Problem);
        Assert.Equal(4, mended.Config.Instances);
    }

    [Fact]
    public async Task Yaml_goes_before_pbtxt_and_pbtxt_before_the_defaults()
    {
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        Write("m/config.pbtxt", "max_batch_size: 4 instance_group { count: 5 }"u8, age: TimeSpan.FromMinutes(1));
        Write("m/model.yaml", "maxBatchSize: 6"u8, age: TimeSpan.FromMinutes(1));
        FolderModelSourceOptions options = new() { Path = _folder.Root, Defaults = new ModelConfig { Instances = 1, WarmupEnabled = false, MaxBatchSize = 2 } };
        using ScanLoop loop = new(new FolderScanner(options, _time), options, _time, NullLogger.Instance);

        ModelConfig config = (await loop.LookAsync(CancellationToken.None)).Models["m"].Config;

        Assert.Equal((6, 5, false), (config.MaxBatchSize, config.Instances, config.WarmupEnabled));
    }

    [Fact]
    public async Task A_models_folder_that_goes_away_keeps_what_was_there()
    {
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        DesiredState before = await LookAsync();

        Directory.Move(_folder.Root, _folder.Root + "-gone");
        try
        {
            Assert.Same(before, await LookAsync());
        }
        finally
        {
            Directory.Move(_folder.Root + "-gone", _folder.Root);
        }
    }

    [Fact]
    public async Task A_label_file_that_changes_is_read_again()
    {
        Write("m/1/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        Write("m/labels.txt", "a\nb"u8, age: TimeSpan.FromMinutes(1));
        Write("m/config.pbtxt", "output { name: 'y' data_type: TYPE_FP32 dims: 2 label_filename: 'labels.txt' }"u8, age: TimeSpan.FromMinutes(1));
        Assert.Equal(["a", "b"], (await ModelAsync("m")).Config.OutputLabels["y"]);

        Write("m/labels.txt", "c\nd\n"u8, age: TimeSpan.Zero);
        await LookAsync();
        _time.Advance(Settle);

        Assert.Equal(["c", "d"], (await ModelAsync("m")).Config.OutputLabels["y"]);
    }

    [Fact]
    public async Task A_label_file_in_a_folder_without_versions_is_read_when_it_comes()
    {
        Write("m/model.onnx", OnnxModels.Add(1), age: TimeSpan.FromMinutes(1));
        Write("m/model.yaml", "outputLabels: {y: labels.txt}"u8, age: TimeSpan.FromMinutes(1));
        Assert.Contains("labels.txt", (await ModelAsync("m")).Problem, StringComparison.Ordinal);

        Write("m/labels.txt", "c\nd\n"u8, age: TimeSpan.Zero);
        await LookAsync();
        _time.Advance(Settle);

        DesiredModel model = await ModelAsync("m");
        Assert.Null(model.Problem);
        Assert.Equal(["c", "d"], model.Config.OutputLabels["y"]);
    }

    private async Task<DesiredState> LookAsync() => await _loop.LookAsync(CancellationToken.None);

    private async Task<DesiredModel> ModelAsync(string name) => (await LookAsync()).Models[name];

    // Times are the fake clock's: a file system has no other way to follow it.
    private void Write(string name, ReadOnlySpan<byte> content, TimeSpan age)
    {
        string path = _folder.Write(name, content);
        DateTime then = _time.GetUtcNow().UtcDateTime - age;
        File.SetLastWriteTimeUtc(path, then);
        for (string folder = Path.GetDirectoryName(path)!; folder != _folder.Root; folder = Path.GetDirectoryName(folder)!)
        {
            Directory.SetLastWriteTimeUtc(folder, then);
        }
    }
}
