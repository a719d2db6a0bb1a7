using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Versions;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Eager_model_is_ready_after_start_and_answers()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "one"));
        await fixture.StartAsync();

        using InferenceResponse response = await fixture.InferAsync("m", 1, 2, 3, 4);

        Assert.Equal([3f, 7f], FakeModelDefinition.Floats(response.Outputs[0]));
        Assert.Equal(ServableState.Ready, fixture.Version("m", 1).State);
        Assert.True(response.Servable.Signature.IsBatchable);
        Assert.All(fixture.Runtime.LoadThreads, name => Assert.StartsWith("slipway-load", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_version_takes_over_and_the_old_one_is_freed()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "one"));
        await fixture.StartAsync();

        fixture.Source.With("m", null, (1, "one"), (2, "two")).Push();
        await fixture.UntilState("m", 1, ServableState.Unloaded);

        using InferenceResponse response = await fixture.InferAsync("m", 1, 2);
        Assert.Equal(2, response.Servable.Version);
        Assert.True(fixture.Runtime.Models.Single(model => model.Token == "one").IsDisposed);
    }

    [Fact]
    public async Task Failed_load_leaves_the_old_version_serving_and_says_why()
    {
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = token => token == "bad"
            ? throw new SlipwayException(ErrorCode.InvalidModel, "the file is damaged")
            : FakeModelDefinition.Sums;
        fixture.Source.With("m", null, (1, "one"));
        await fixture.StartAsync();

        fixture.Source.With("m", null, (1, "one"), (2, "bad")).Push();
        await fixture.UntilState("m", 2, ServableState.Failed);

        VersionSnapshot failed = fixture.Version("m", 2);
        Assert.Equal("the file is damaged", failed.Reason);
        Assert.Equal(ErrorCode.InvalidModel, failed.Error);
        using InferenceResponse response = await fixture.InferAsync("m", 1, 2);
        Assert.Equal(1, response.Servable.Version);
    }

    [Fact]
    public async Task Reference_to_a_version_that_is_not_served_is_shown_by_its_name()
    {
        ModelConfig config = new()
        {
            VersionPolicy = new VersionPolicy.Specific([2, 9]),
            Labels = new Dictionary<string, long> { ["left-out"] = 1, ["fine"] = 2, ["nowhere"] = 7 },
            DefaultVersion = 8,
        };
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", config, (1, "one"), (2, "two"));
        fixture.Source.With("plain", null, (1, "one"));
        await fixture.StartAsync();

        Assert.Equal(
            [
                "label 'left-out' points at version 1, which the version policy leaves out: requests by it are refused",
                "label 'nowhere' points at version 7, which is not there: requests by it are refused",
                "the default version is 8, which is not there: the largest in service answers in its place",
                "the version policy names version 9, which is not there",
            ],
            fixture.Model("m").Notices);
        Assert.Empty(fixture.Model("plain").Notices);

        fixture.Source.With("m", config with { DefaultVersion = null, Labels = new Dictionary<string, long>(), VersionPolicy = VersionPolicy.LatestOne }, (1, "one"), (2, "two")).Push();
        await InferenceFixture.Until(() => fixture.Model("m").Notices.Count == 0);
    }

    [Fact]
    public async Task Model_without_a_version_to_serve_says_why()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With(new DesiredModel("empty", ModelConfig.Default, new Dictionary<long, ModelArtifact>()) { NothingToServe = "its folder is bare", Notices = ["its folder is bare", "and old"] });
        fixture.Source.With("choosy", new ModelConfig { VersionPolicy = new VersionPolicy.Specific([7]) }, (1, "one"), (2, "two"));
        await fixture.StartAsync();

        Assert.Equal("its folder is bare", fixture.Model("empty").Problem);
        Assert.Equal(["and old"], fixture.Model("empty").Notices);
        Assert.Equal("its version policy chooses none of 2, 1", fixture.Model("choosy").Problem);
        Assert.All(fixture.Model("choosy").Versions, static version => Assert.Equal("its version policy leaves it out", version.Reason));
    }

    [Fact]
    public async Task Model_is_changing_until_what_was_asked_of_it_is_done()
    {
        using ManualResetEventSlim open = new();
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "one"));
        await fixture.StartAsync();
        Assert.False(fixture.Model("m").IsChanging);

        fixture.Runtime.Define = _ =>
        {
            open.Wait(TimeSpan.FromSeconds(60), InferenceFixture.Token);
            return FakeModelDefinition.Sums;
        };
        fixture.Source.With("m", null, (1, "other")).Push();
        await InferenceFixture.Until(() => fixture.Model("m").IsChanging);
        Assert.Equal(ServableState.Ready, fixture.Version("m", 1).State);

        open.Set();
        await InferenceFixture.Until(() => !fixture.Model("m").IsChanging);
    }

    [Fact]
    public async Task Unknown_model_and_version_are_told_apart()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", null, (1, "one"));
        await fixture.StartAsync();

        SlipwayException noModel = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("n", 1, 2));
        SlipwayException noVersion = await Assert.ThrowsAsync<SlipwayException>(async () =>
            await fixture.Inference.InferAsync(InferenceFixture.Request("m", VersionSelector.Exact(7), 1, 2), InferenceFixture.Token));

        Assert.Equal((ErrorCode.ModelNotFound, "Request for unknown model: 'n' is not found"), (noModel.Code, noModel.Message));
        Assert.Equal(ErrorCode.VersionNotFound, noVersion.Code);
    }
}
