using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Scheduling;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Requests larger and smaller than the model is run with.</summary>
public sealed class BatchSizeTests
{
    private readonly ConcurrentQueue<float[]> _runs = new();

    [Fact]
    public async Task Large_request_is_cut_up_where_that_is_wished_and_refused_where_not()
    {
        BatchingConfig batching = new() { MaxBatchSize = 2 };
        await using InferenceFixture fixture = await StartAsync(FakeModelDefinition.Sums, new ModelConfig { Batching = batching with { SplitLargeRequests = true } });
        fixture.Source.With("n", new ModelConfig { Batching = batching }, (1, "n")).Push();
        await fixture.UntilState("n", 1, ServableState.Ready);
        _runs.Clear();

        using InferenceResponse response = await fixture.InferAsync("m", 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("n", 1, 1, 2, 2, 3, 3));

        Assert.Equal([2f, 4f, 6f, 8f, 10f], FakeModelDefinition.Floats(response.Outputs[0]));
        Assert.Equal(new TensorShape(5, 2), response.Outputs[1].Shape);
        Assert.All(_runs, static run => Assert.InRange(run.Length, 2, 4));
        Assert.Equal("inference request batch-size must be <= 2 for 'n'", refused.Message);
        Assert.Equal((1, 5), (fixture.Statistics.GetStatistics("m", 1)[0].Success.Count, fixture.Statistics.GetStatistics("m", 1)[0].InferenceCount));
    }

    [Fact]
    public async Task Large_request_is_cut_up_to_the_bound_of_the_model_and_refused_beyond_it()
    {
        await using InferenceFixture fixture = await StartAsync(
            FakeModelDefinition.Sums, new ModelConfig { MaxBatchSize = 4, Batching = new BatchingConfig { MaxBatchSize = 2, SplitLargeRequests = true } });

        using InferenceResponse response = await fixture.InferAsync("m", 1, 1, 2, 2, 3, 3, 4, 4);
        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 1, 1, 2, 2, 3, 3, 4, 4, 5, 5));

        Assert.Equal([2f, 4f, 6f, 8f], FakeModelDefinition.Floats(response.Outputs[0]));
        Assert.Equal("inference request batch-size must be <= 4 for 'm'", refused.Message);
    }

    [Fact]
    public async Task Only_allowed_sizes_are_run_and_the_padding_is_dropped()
    {
        await using InferenceFixture fixture = await StartAsync(
            FakeModelDefinition.Sums, new ModelConfig { Batching = new BatchingConfig { MaxBatchSize = 8, AllowedBatchSizes = [4, 8] }, WarmupEnabled = false, Batchable = true });

        using InferenceResponse response = await fixture.InferAsync("m", 1, 1, 2, 2, 3, 3);

        Assert.Equal([1f, 1f, 2f, 2f, 3f, 3f, 3f, 3f], Assert.Single(_runs));
        Assert.Equal([2f, 4f, 6f], FakeModelDefinition.Floats(response.Outputs[0]));
        Assert.Equal(new TensorShape(3, 2), response.Outputs[1].Shape);
    }

    [Fact]
    public async Task Model_whose_rows_turn_out_to_depend_is_no_longer_batched_and_nobody_notices()
    {
        FakeModelDefinition first = new()
        {
            Signature = FakeModelDefinition.Sums.Signature,
            Run = static (_, inputs, outputs, _) => Array.ConvertAll(
                outputs, output => FakeModelDefinition.Floats("sum", new TensorShape(1, 1), FakeModelDefinition.Floats(inputs[0]!)[0])),
        };
        using Gate gate = new();
        await using InferenceFixture fixture = await StartAsync(gate.Guard(first), new ModelConfig { Instances = 1, Batchable = true, Batching = new BatchingConfig() });
        gate.Close();
        List<Task<InferenceResponse>> all = [fixture.InferAsync("m", 0, 0).AsTask()];
        await InferenceFixture.Until(() => gate.Held == 1);
        all.Add(fixture.InferAsync("m", 7, 0).AsTask());
        all.Add(fixture.InferAsync("m", 9, 0).AsTask());
        gate.Open();

        Assert.Equal([0f, 7f, 9f], (await Task.WhenAll(all)).Select(static response => FakeModelDefinition.Floats(response.Outputs[0])[0]));
    }

    private async Task<InferenceFixture> StartAsync(FakeModelDefinition model, ModelConfig config)
    {
        InferenceFixture fixture = new(static services => services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.Zero));
        fixture.Runtime.Define = _ => model.Before((_, inputs, _) => _runs.Enqueue(FakeModelDefinition.Floats(inputs[0]!)));
        fixture.Source.With("m", config, (1, "v"));
        return await fixture.StartAsync();
    }
}
