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
