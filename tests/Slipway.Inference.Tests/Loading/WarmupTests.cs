using Slipway.Core;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Loading;

public sealed class WarmupTests
{
    [Fact]
    public async Task Configured_requests_are_run_as_often_as_said_and_before_callers()
    {
        WarmupInput input = new("x", TensorDataType.Float32, new TensorShape(2, 2), WarmupFill.Data) { Data = new byte[16] };
        int runs = 0;
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, inputs, _) =>
        {
            Assert.Equal(2, inputs[0]!.Shape[0]);
            Assert.Equal(ServableState.Warming, fixture.Version("m", 1).State);
            runs++;
        });
        fixture.Source.With("m", new ModelConfig { Batchable = true, Warmup = [new WarmupRequest("w", [input], Count: 3)] }, (1, "v"));

        await fixture.StartAsync();

        Assert.Equal((3, ServableState.Ready), (runs, fixture.Version("m", 1).State));
    }

    [Theory]
    [InlineData(WarmupFill.Zero)]
    [InlineData(WarmupFill.Random)]
    public async Task Configured_request_that_does_not_fit_fails_the_version_and_is_named(WarmupFill fill)
    {
        WarmupInput input = new("x", TensorDataType.Float32, new TensorShape(1, 3), fill);
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", new ModelConfig { Warmup = [new WarmupRequest("first", [input])] }, (1, "v"));

        await fixture.StartAsync();

        VersionSnapshot version = fixture.Version("m", 1);
        Assert.Equal(ServableState.Failed, version.State);
        Assert.Equal("warm-up request 'first' failed: unexpected shape for input 'x' for model 'm'. Expected [-1,2], got [1,3]", version.Reason);
        Assert.True(fixture.Runtime.Models.Single().IsDisposed);
    }

    [Fact]
    public async Task Made_up_request_that_does_not_suit_the_model_fails_nothing()
    {
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, inputs, _) =>
        {
            if (FakeModelDefinition.Floats(inputs[0]!)[0] < 5)
            {
                throw new SlipwayException(ErrorCode.ModelFailed, "values from 5 only");
            }
        });
        fixture.Source.With("m", null, (1, "v"));

        await fixture.StartAsync();

        (await fixture.InferAsync("m", 5, 6)).Dispose();
        Assert.False(fixture.Version("m", 1).Servable!.Signature.IsBatchable);
    }

    [Fact]
    public async Task Without_warm_up_nothing_is_run_and_nothing_is_taken_for_granted()
    {
        await using InferenceFixture fixture = new();
        fixture.Source.With("m", new ModelConfig { WarmupEnabled = false }, (1, "v"));

        await fixture.StartAsync();

        Assert.Equal(0, fixture.Runtime.Models.Single().Runs);
        Assert.False(fixture.Version("m", 1).Servable!.Signature.IsBatchable);
    }
}
