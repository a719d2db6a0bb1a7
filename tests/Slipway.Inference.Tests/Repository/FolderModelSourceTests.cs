using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Inference.Repository;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository;

public sealed class FolderModelSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_quiescent_folder_is_offered_at_once_in_all_three_layouts()
    {
        _folder.Write("flat.onnx", OnnxModels.Identity());
        _folder.Write("plain/model.onnx", OnnxModels.Identity());
        _folder.Write("numbered/1/model.onnx", OnnxModels.Add(1));
        _folder.Write("numbered/0002/model.onnx", OnnxModels.Add(2));
        _folder.Write("numbered/notes/readme.txt", "not a version");
        _folder.Write("README.md", "not a model");
        _folder.Write(".hidden/1/model.onnx", OnnxModels.Identity());
        _folder.Age(TimeSpan.FromMinutes(1));

        DesiredState state = await FirstAsync();

        Assert.Equal(["flat", "numbered", "plain"], state.Models.Keys.Order());
        Assert.All(state.Models.Values, static model => Assert.Null(model.Problem));
        Assert.Equal([1], state.Models["flat"].Versions.Keys);
        Assert.Equal([1, 2], state.Models["numbered"].Versions.Keys.Order());
        ModelArtifact artifact = state.Models["numbered"].Versions[2];
        Assert.Equal("model.onnx", artifact.MainFile);
        using Stream stream = artifact.OpenRead("model.onnx");
        Assert.Equal(OnnxModels.Add(2).Length, stream.Length);
    }

    [Fact]
    public async Task A_folder_without_a_model_says_what_is_expected_in_it()
    {
        _folder.Write("bare/readme.txt", "nothing here");
        _folder.Write("named/v1/model.onnx", OnnxModels.Identity());
        _folder.Write("named/1e3/model.onnx", OnnxModels.Identity());
        _folder.Write("mixed/1/model.onnx", OnnxModels.Identity());
        _folder.Write("mixed/-2/model.onnx", OnnxModels.Identity());
        _folder.Write("mixed/assets/vocabulary.txt", "words");
        _folder.Age(TimeSpan.FromMinutes(1));

        DesiredState state = await FirstAsync();

        Assert.Contains("model.onnx", state.Models["bare"].NothingToServe, StringComparison.Ordinal);
        Assert.Equal(state.Models["bare"].NothingToServe, state.Models["named"].NothingToServe);
        Assert.Equal([state.Models["named"].NothingToServe!], state.Models["bare"].Notices);
        Assert.Equal(["1e3", "v1"], state.Models["named"].Notices.Skip(1).Select(static notice => notice.Split('\'')[1]));
        Assert.All(state.Models.Values, static model => Assert.Null(model.Problem));
        Assert.Null(state.Models["mixed"].NothingToServe);
        Assert.Contains("'-2'", Assert.Single(state.Models["mixed"].Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_is_a_problem_of_its_model_rather_than_no_model()
    {
        Directory.CreateDirectory(_folder.PathOf("linked"));
        Directory.CreateSymbolicLink(_folder.PathOf("linked/1"), "../releases/gone");
        Directory.CreateSymbolicLink(_folder.PathOf("whole"), "releases-gone");
        _folder.Write("partly/1/model.onnx", OnnxModels.Identity());
        Directory.CreateSymbolicLink(_folder.PathOf("partly/2"), "gone");
        _folder.Age(TimeSpan.FromMinutes(1));

        DesiredState state = await FirstAsync();

        Assert.Equal(["linked", "partly", "whole"], state.Models.Keys.Order());
        Assert.All(state.Models.Values, static model => Assert.Contains("leads nowhere", model.Problem, StringComparison.Ordinal));
        Assert.Equal([1], state.Models["partly"].Versions.Keys);
    }

    [Fact]
    public async Task Two_folders_of_the_same_number_are_a_problem_of_that_model_alone()
    {
        _folder.Write("twice/1/model.onnx", OnnxModels.Identity());
        _folder.Write("twice/01/model.onnx", OnnxModels.Identity());
        _folder.Write("fine/1/model.onnx", OnnxModels.Identity());
        _folder.Age(TimeSpan.FromMinutes(1));

        DesiredState state = await FirstAsync();

        Assert.Contains("same version 1", state.Models["twice"].Problem, StringComparison.Ordinal);
        Assert.Null(state.Models["fine"].Problem);
    }

    [Fact]
    public async Task An_event_of_the_file_system_cuts_the_wait_short()
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(60));
        FolderModelSourceOptions options = new() { Path = _folder.Root, PollInterval = TimeSpan.FromHours(1), SettleTime = TimeSpan.Zero };
        using FolderModelSource source = new(options, TimeProvider.System, NullLogger<FolderModelSource>.Instance);
        int writes = 0;
        await foreach (DesiredState state in source.WatchAsync(timeout.Token))
        {
            if (state.Models.Count > 0)
            {
                return;
            }

            // The listener starts after the first state has been taken: write until it hears.
            _ = KeepWritingAsync(timeout.Token);
        }

        async Task KeepWritingAsync(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested && writes < 600)
            {
                _folder.Write($"m{writes++}/1/model.onnx", OnnxModels.Identity());
                await Task.Delay(100, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<DesiredState> FirstAsync()
    {
        using FolderModelSource source = new(new FolderModelSourceOptions { Path = _folder.Root }, TimeProvider.System, NullLogger<FolderModelSource>.Instance);
        await foreach (DesiredState state in source.WatchAsync(CancellationToken.None))
        {
            return state;
        }

        throw new InvalidOperationException("the source ended");
    }
}
