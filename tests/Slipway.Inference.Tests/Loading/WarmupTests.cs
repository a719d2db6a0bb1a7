using Microsoft.Extensions.DependencyInjection;
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
    public async Task Made_up_request_leaves_the_constants_of_the_model_as_they_are()
    {
        List<bool> given = [];
        await using InferenceFixture fixture = new();
        fixture.Runtime.Define = _ => new FakeModelDefinition
        {
            Signature = new ModelSignature(
                [
                    new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2)),
                    new TensorSignature("weights", TensorDataType.Float32, new TensorShape(2)) { IsOptional = true },
                    new TensorSignature("field", TensorDataType.Float32, new TensorShape(-1)) { IsOptional = true },
                ],
                [new TensorSignature("y", TensorDataType.Float32, new TensorShape(-1, 2))]),
            Run = (_, inputs, _, _) =>
            {
                given.AddRange(inputs.Select(static input => input is not null));
                return [FakeModelDefinition.Floats("y", inputs[0]!.Shape, FakeModelDefinition.Floats(inputs[0]!))];
            },
        };
        fixture.Source.With("m", null, (1, "v"));

        await fixture.StartAsync();

        Assert.Equal([true, false, true], given.Take(3));
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

    [Fact]
    public async Task Example_that_came_with_the_model_is_run_before_callers()
    {
        List<float> seen = [];
        await using InferenceFixture fixture = WithExample([5, 6]);
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, inputs, _) => seen.AddRange(FakeModelDefinition.Floats(inputs[0]!)));
        fixture.Source.With("m", new ModelConfig { Batchable = false }, (1, "v"));

        await fixture.StartAsync();

        Assert.Equal(ServableState.Ready, fixture.Version("m", 1).State);
        Assert.Equal([5f, 6f], seen.Distinct());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Example_that_does_not_fit_fails_nothing_and_a_made_up_request_warms_up_instead(int values)
    {
        int runs = 0;
        await using InferenceFixture fixture = WithExample(new float[values]);
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, _, _) => runs++);
        fixture.Source.With("m", new ModelConfig { Batchable = false }, (1, "v"));

        await fixture.StartAsync();

        Assert.Equal(ServableState.Ready, fixture.Version("m", 1).State);
        Assert.True(runs > 0);
    }

    [Fact]
    public async Task Configured_requests_come_before_the_example()
    {
        WarmupInput input = new("x", TensorDataType.Float32, new TensorShape(1, 2), WarmupFill.Zero);
        List<float> seen = [];
        await using InferenceFixture fixture = WithExample([5, 6]);
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, inputs, _) => seen.AddRange(FakeModelDefinition.Floats(inputs[0]!)));
        fixture.Source.With("m", new ModelConfig { Batchable = false, Warmup = [new WarmupRequest("w", [input])] }, (1, "v"));

        await fixture.StartAsync();

        Assert.Equal([0f], seen.Distinct());
    }

    // No value stands for an example that can't be read.
    private static InferenceFixture WithExample(float[] values) => new(services =>
    {
        services.AddSingleton<IModelPreparer>(new FakePreparer { InputExample = new byte[] { 1 } });
        services.AddSingleton<IInputExampleReader>(new Examples(values));
    });

    private sealed class Examples(float[] values) : IInputExampleReader
    {
        public IReadOnlyList<Tensor> Read(ReadOnlyMemory<byte> example, ModelSignature signature) => values.Length > 0
            ? [FakeModelDefinition.Floats("x", new TensorShape(1, values.Length), values)]
            : throw new SlipwayException(ErrorCode.InvalidRequest, "no example");
    }
}
