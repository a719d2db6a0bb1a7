using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Inference.Scheduling;
using Slipway.TestKit;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Models that their owner calls batchable although not everything they take and give has the batch in front.</summary>
public sealed class BatchShapeTests
{
    private readonly ConcurrentQueue<TensorShape> _runs = new();

    [Fact]
    public async Task Request_that_was_cut_up_is_run_whole_once_the_rows_turn_out_to_depend()
    {
        // One row, the sum of all, for any number of rows.
        FakeModelDefinition total = Model(new TensorShape(-1, 2), static input => FakeModelDefinition.Floats("y", new TensorShape(1, 2), Total(input)));
        await using InferenceFixture fixture = await StartAsync(total, new BatchingConfig { MaxBatchSize = 2, SplitLargeRequests = true });

        for (int i = 0; i < 2; i++)
        {
            using InferenceResponse response = await fixture.InferAsync("m", 1, 10, 2, 20, 3, 30, 4, 40, 5, 50);
            Assert.Equal(new TensorShape(1, 2), response.Outputs[0].Shape);
            Assert.Equal([15f, 150f], FakeModelDefinition.Floats(response.Outputs[0]));
        }
    }

    [Fact]
    public async Task Output_without_dimensions_can_not_be_put_together_and_the_request_is_run_whole()
    {
        FakeModelDefinition scalar = Model(new TensorShape(-1, 2), static input => FakeModelDefinition.Floats("y", TensorShape.Scalar, Total(input)[0]));
        await using InferenceFixture fixture = await StartAsync(scalar, new BatchingConfig { MaxBatchSize = 2, SplitLargeRequests = true });

        using InferenceResponse response = await fixture.InferAsync("m", 1, 0, 2, 0, 3, 0);

        Assert.Equal([6f], FakeModelDefinition.Floats(response.Outputs[0]));
    }

    [Fact]
    public async Task Model_for_a_fixed_number_of_rows_is_never_given_more()
    {
        FakeModelDefinition pairs = Model(new TensorShape(2, 2), static input => FakeModelDefinition.Floats("y", input.Shape, FakeModelDefinition.Floats(input)));
        await using InferenceFixture fixture = await StartAsync(pairs, new BatchingConfig { MaxBatchSize = 8, AllowedBatchSizes = [4, 8] });

        InferenceResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(value => fixture.InferAsync("m", value, 0, 0, value).AsTask()));

        Assert.All(responses.Index(), static response => Assert.Equal([response.Index, 0, 0, response.Index], FakeModelDefinition.Floats(response.Item.Outputs[0])));
        Assert.All(_runs, static shape => Assert.Equal(new TensorShape(2, 2), shape));
    }

    [Fact]
    public async Task Output_that_has_as_many_rows_as_the_batch_by_chance_is_whole_in_every_answer()
    {
        FakeModelDefinition pair = new()
        {
            Signature = new ModelSignature(
                [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2))],
                [new TensorSignature("y", TensorDataType.Float32, new TensorShape(2))]),
            Run = static (_, inputs, _, _) => [FakeModelDefinition.Floats("y", new TensorShape(2), Total(inputs[0]!))],
        };
        await using InferenceFixture fixture = await StartAsync(pair, new BatchingConfig { MaxBatchSize = 2, SplitLargeRequests = true });

        InferenceResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(value => fixture.InferAsync("m", value, 1, value, 2, 0, 3, 0, 4).AsTask()));

        Assert.All(responses.Index(), static response => Assert.Equal([2 * response.Index, 10], FakeModelDefinition.Floats(response.Item.Outputs[0])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Constant_that_a_request_replaces_is_replaced_for_that_request_alone(bool isPadded)
    {
        byte[] model = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, "batch", 2).Input("w", OnnxDataType.Float, 2).Input("s", OnnxDataType.Float)
            .Output("y", OnnxDataType.Float, "batch", 2)
            .Constant("w", [100f, 200f], 2).Constant("s", [1f])
            .Node("Mul", ["x", "s"], ["scaled"]).Node("Add", ["scaled", "w"], ["y"])
            .Build();
        await using InferenceFixture fixture = new(BytesPreparer.Services(new Dictionary<string, byte[]> { ["v"] = model }));
        BatchingConfig batching = new() { MaxBatchSize = 4, SplitLargeRequests = true, AllowedBatchSizes = isPadded ? [4] : [] };
        fixture.Source.With("m", new ModelConfig { Instances = 1, Batchable = true, Batching = batching }, (1, "v"));
        await fixture.StartAsync();
        Random random = new(3);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            int rows = 1 + (number % 6);
            float[] values = [.. Enumerable.Range(0, rows * 2).Select(_ => (float)random.Next(100))];
            List<Tensor> inputs = [FakeModelDefinition.Floats("x", new TensorShape(rows, 2), values)];
            (float first, float second, float scale) = (100, 200, 1);
            if (number % 3 == 0)
            {
                (first, second) = (number, -number);
                inputs.Add(FakeModelDefinition.Floats("w", new TensorShape(2), first, second));
            }

            if (number % 5 == 0)
            {
                scale = number;
                inputs.Add(FakeModelDefinition.Floats("s", TensorShape.Scalar, scale));
            }

            using InferenceResponse response = await fixture.Inference.InferAsync(new InferenceRequest { ModelName = "m", Inputs = inputs }, InferenceFixture.Token);

            Assert.Equal(values.Select((value, i) => (value * scale) + (i % 2 == 0 ? first : second)), FakeModelDefinition.Floats(response.Outputs[0]));
        }));
    }

    [Fact]
    public async Task Quick_model_is_given_no_more_rows_than_a_batch_may_have_either()
    {
        await using InferenceFixture fixture = new(static services => services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.FromSeconds(1)));
        fixture.Runtime.Define = _ => FakeModelDefinition.Sums.Before((_, inputs, _) => _runs.Enqueue(inputs[0]!.Shape));
        fixture.Source.With("m", new ModelConfig { Batchable = true, Batching = new BatchingConfig { MaxBatchSize = 2, SplitLargeRequests = true } }, (1, "v"));
        await fixture.StartAsync();

        using InferenceResponse response = await fixture.InferAsync("m", 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);

        Assert.Equal([2f, 4f, 6f, 8f, 10f], FakeModelDefinition.Floats(response.Outputs[0]));
        Assert.All(_runs, static shape => Assert.InRange(shape[0], 1, 2));
    }

    [Fact]
    public async Task Time_limit_beyond_the_clock_is_none()
    {
        await using InferenceFixture fixture = await StartAsync(FakeModelDefinition.Sums, new BatchingConfig());
        InferenceRequest request = InferenceFixture.Request("m", 1, 2);

        using InferenceResponse response = await fixture.Inference.InferAsync(
            new InferenceRequest { ModelName = "m", Inputs = request.Inputs, QueueTimeout = TimeSpan.MaxValue }, InferenceFixture.Token);

        Assert.Equal([3f], FakeModelDefinition.Floats(response.Outputs[0]));
    }

    private static FakeModelDefinition Model(TensorShape shape, Func<Tensor, Tensor> answer) => new()
    {
        Signature = new ModelSignature([new TensorSignature("x", TensorDataType.Float32, shape)], [new TensorSignature("y", TensorDataType.Float32, new TensorShape(-1, 2))]),
        Run = (_, inputs, _, _) => [answer(inputs[0]!)],
    };

    private static float[] Total(Tensor input)
    {
        float[] values = FakeModelDefinition.Floats(input);
        return [values.Where(static (_, i) => i % 2 == 0).Sum(), values.Where(static (_, i) => i % 2 == 1).Sum()];
    }

    private async Task<InferenceFixture> StartAsync(FakeModelDefinition model, BatchingConfig batching)
    {
        InferenceFixture fixture = new(static services => services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.Zero));
        fixture.Runtime.Define = _ => model.Before((_, inputs, _) => _runs.Enqueue(inputs[0]!.Shape));
        fixture.Source.With("m", new ModelConfig { Instances = 1, Batchable = true, Batching = batching }, (1, "v"));
        return await fixture.StartAsync();
    }
}
