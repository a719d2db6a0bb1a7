using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Versions;

public sealed class ControlTests
{
    [Fact]
    public async Task Unloaded_model_stays_so_until_it_is_loaded_again()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "v1"));
        await fixture.StartAsync();

        await fixture.Control.UnloadAsync("m", InferenceFixture.Token);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 1, 2));
        fixture.Source.With("m", null, (1, "v1"), (2, "v2")).Push();
        await InferenceFixture.Until(() => fixture.Catalog.GetModels()[0].Versions.Count == 2);
        await fixture.Control.LoadAsync("m", null, InferenceFixture.Token);

        Assert.Equal((ErrorCode.ModelNotReady, "model 'm' is not ready: it was unloaded"), (refused.Code, refused.Message));
        Assert.Equal(2, (await fixture.InferAsync("m", 1, 2)).Servable.Version);
        Assert.Equal(2, fixture.Runtime.Models.Count);
    }

    [Fact]
    public async Task A_problem_of_a_model_is_told_although_it_has_no_version()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With(new DesiredModel("m", ModelConfig.Default, new Dictionary<long, ModelArtifact>()) { Problem = "folders '1' and '01' are the same version 1" });
        await fixture.StartAsync();

        ModelSnapshot model = Assert.Single(fixture.Catalog.GetModels());
        Assert.Equal((0, "folders '1' and '01' are the same version 1"), (model.Versions.Count, model.Problem));
    }

    [Fact]
    public async Task A_policy_that_chooses_none_of_the_versions_says_so()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", new ModelConfig { VersionPolicy = new VersionPolicy.Specific([7]) }, (1, "v1"), (3, "v3"));
        await fixture.StartAsync();

        SlipwayException asked = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 1, 2));
        SlipwayException loaded = await Assert.ThrowsAsync<SlipwayException>(() => fixture.Control.LoadAsync("m", null, InferenceFixture.Token));

        Assert.Equal("model 'm' has no available versions: its version policy chooses none of 3, 1", asked.Message);
        Assert.Equal((ErrorCode.ModelNotReady, ErrorCode.InvalidModel, asked.Message), (asked.Code, loaded.Code, loaded.Message));
    }

    [Fact]
    public async Task Load_with_a_configuration_that_leaves_nothing_to_serve_changes_nothing()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "v1"));
        await fixture.StartAsync();

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => fixture.Control.LoadAsync(
            "m", new ModelConfig { VersionPolicy = new VersionPolicy.Specific([9]) }, InferenceFixture.Token));

        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
        Assert.Contains("chooses none of 1", refused.Message, StringComparison.Ordinal);
        (await fixture.InferAsync("m", 1, 2)).Dispose();
        Assert.Equal(VersionPolicy.LatestOne, fixture.Model("m").Config.VersionPolicy);
    }

    [Fact]
    public async Task Load_looks_again_takes_a_configuration_and_reports_a_failure()
    {
        await using InferenceFixture fixture = new();
        await fixture.StartAsync();
        fixture.Source.With("m", null, (1, "v1"));

        await fixture.Control.LoadAsync("m", new ModelConfig { MaxBatchSize = 3 }, InferenceFixture.Token);
        ServableInfo servable = await fixture.Catalog.GetServableAsync("m", default, InferenceFixture.Token);
        SlipwayException wrong = await Assert.ThrowsAsync<SlipwayException>(() => fixture.Control.LoadAsync(
            "m", new ModelConfig { DeclaredInputs = [new TensorSignature("x", TensorDataType.Int32, new TensorShape(-1, 2))] }, InferenceFixture.Token));
        SlipwayException unknown = await Assert.ThrowsAsync<SlipwayException>(() => fixture.Control.LoadAsync("n", null, InferenceFixture.Token));

        Assert.Equal(3, servable.MaxBatchSize);
        Assert.Equal(ErrorCode.InvalidConfiguration, wrong.Code);
        Assert.Contains("input 'x' is declared as INT32, but the model has FP32", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ModelNotFound, unknown.Code);
        (await fixture.InferAsync("m", 1, 2)).Dispose();
    }

    [Fact]
    public async Task Labels_point_at_ready_versions_only_and_by_hand_wins()
    {
        ModelConfig config = new() { VersionPolicy = new VersionPolicy.All(), Labels = new Dictionary<string, long> { ["stable"] = 1, ["next"] = 9 } };
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", config, (1, "v1"), (2, "v2"));
        await fixture.StartAsync();

        Assert.Equal(1, await AskAsync(fixture, "stable"));
        await fixture.Control.SetLabelsAsync("m", new Dictionary<string, long> { ["stable"] = 2, ["champion"] = 1 }, InferenceFixture.Token);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() =>
            fixture.Control.SetLabelsAsync("m", new Dictionary<string, long> { ["champion"] = 9 }, InferenceFixture.Token));

        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        Assert.Equal((2, 1), (await AskAsync(fixture, "stable"), await AskAsync(fixture, "champion")));
        Assert.Equal(ErrorCode.VersionNotFound, (await Assert.ThrowsAsync<SlipwayException>(() => AskAsync(fixture, "nobody"))).Code);
        Assert.Equal(ErrorCode.VersionNotFound, (await Assert.ThrowsAsync<SlipwayException>(() => AskAsync(fixture, "next"))).Code);
        await fixture.Control.SetLabelsAsync("m", new Dictionary<string, long>(), InferenceFixture.Token);
        Assert.Equal(1, await AskAsync(fixture, "stable"));
    }

    [Fact]
    public async Task Dropped_model_leaves_and_is_forgotten()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "v1")).With("n", null, (1, "n"));
        await fixture.StartAsync();

        fixture.Source.Without("m").Push();
        await InferenceFixture.Until(() => fixture.Runtime.Models.Any(static model => model.Token == "v1" && model.IsDisposed));
        fixture.Source.Push();

        await InferenceFixture.Until(() => !fixture.Catalog.TryGetModel("m", out _));
        Assert.Equal(ErrorCode.ModelNotFound, (await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 1, 2))).Code);
    }

    [Fact]
    public async Task Model_with_a_problem_keeps_what_it_serves_and_shows_the_problem_where_it_serves_nothing()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "v1"));
        await fixture.StartAsync();

        Dictionary<long, ModelArtifact> versions = new() { [1] = new FakeArtifact("v1"), [2] = new FakeArtifact("v2") };
        fixture.Source.With(new DesiredModel("m", ModelConfig.Default, versions) { Problem = "model.yaml: unknown key 'bathcing'" }).Push();
        await fixture.UntilState("m", 2, ServableState.Failed);

        Assert.Equal((ServableState.Ready, "model.yaml: unknown key 'bathcing'"), (fixture.Version("m", 1).State, fixture.Version("m", 2).Reason));
        fixture.Source.With("m", null, (1, "v1"), (2, "v2")).Push();
        await fixture.UntilState("m", 2, ServableState.Ready);
    }

    [Fact]
    public async Task Failure_that_may_pass_is_tried_again_later_and_then_later_still()
    {
        FakeTimeProvider time = new();
        int loads = 0;
        await using InferenceFixture fixture = new(time: time);
        fixture.Runtime.Define = _ => ++loads < 3 ? throw new IOException("the store is away") : FakeModelDefinition.Sums;
        fixture.Source.With("m", null, (1, "v1"));
        await fixture.StartAsync();
        VersionSnapshot failed = fixture.Version("m", 1);
        Assert.Equal(ServableState.Failed, failed.State);
        Assert.DoesNotContain("store", failed.Reason, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromSeconds(1));
        await InferenceFixture.Until(() => loads == 2 && fixture.Version("m", 1).State == ServableState.Failed);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, loads);
        time.Advance(TimeSpan.FromSeconds(1));

        await fixture.UntilState("m", 1, ServableState.Ready);
        Assert.Equal(3, loads);
    }

    [Fact]
    public async Task Unchanged_configuration_read_anew_loads_nothing_again()
    {
        ModelConfig Config(int rows) => new() { Batching = new BatchingConfig { MaxBatchSize = rows, PreferredBatchSizes = [2] } };
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", Config(8), (1, "v1"));
        await fixture.StartAsync();

        await fixture.Control.LoadAsync("m", null, InferenceFixture.Token);
        fixture.Source.With("m", Config(8), (1, "v1"));
        await fixture.Control.LoadAsync("m", null, InferenceFixture.Token);
        Assert.Single(fixture.Runtime.Models);
        fixture.Source.With("m", Config(4), (1, "v1"));
        await fixture.Control.LoadAsync("m", null, InferenceFixture.Token);

        Assert.Equal(2, fixture.Runtime.Models.Count);
    }

    private static async Task<long> AskAsync(InferenceFixture fixture, string label)
    {
        using InferenceResponse response = await fixture.Inference.InferAsync(
            InferenceFixture.Request("m", VersionSelector.ByLabel(label), 1, 2), InferenceFixture.Token);
        return response.Servable.Version;
    }
}
