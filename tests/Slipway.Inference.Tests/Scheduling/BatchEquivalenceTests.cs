using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Scheduling;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Batching changes no answer, whatever the mix of rows, shapes, strings, optional inputs and requested outputs.</summary>
public sealed class BatchEquivalenceTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(6, 4)]
    public async Task Every_answer_equals_the_unbatched_one(int seed, int variant)
    {
        Random random = new(seed);
        BatchingConfig batching = variant switch
        {
            1 => new BatchingConfig { MaxBatchSize = 8, AllowedBatchSizes = [2, 8] },
            2 => new BatchingConfig { MaxBatchSize = 3, SplitLargeRequests = true },
            3 => new BatchingConfig { MaxBatchSize = 6, PreferredBatchSizes = [4], MaxQueueDelay = TimeSpan.FromMilliseconds(2) },
            _ => new BatchingConfig { MaxBatchSize = 16 },
        };
        await using InferenceFixture fixture = new(static services =>
            services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.Zero));
        fixture.Runtime.Define = _ => variant == 4 ? FailingFor(7) : RowModel.Definition;
        fixture.Source.With("m", new ModelConfig { Instances = 2, Batching = batching, Queue = new QueueConfig { PriorityLevels = 2 } }, (1, "v"));
        await fixture.StartAsync();
        Assert.True((await fixture.Catalog.GetServableAsync("m", default, InferenceFixture.Token)).Signature.IsBatchable);

        int batched = 0;
        InferenceRequest[] requests = [.. Enumerable.Range(0, 400).Select(_ => RowModel.RandomRequest(random, "m", variant == 0 ? 16 : 6))];
        await Task.WhenAll(requests.Select(async request =>
        {
            await Task.Yield();
            Tensor[] expected = RowModel.RunUnbatched(request);
            try
            {
                using InferenceResponse response = await fixture.Inference.InferAsync(request, InferenceFixture.Token);
                Interlocked.Add(ref batched, response.Timings.BatchRows > request.Inputs[0].Shape[0] ? 1 : 0);
                Assert.Equal(expected.Select(static output => output.Name), response.Outputs.Select(static output => output.Name));
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i].Shape, response.Outputs[i].Shape);
                    Assert.True(expected[i].Data.Span.SequenceEqual(response.Outputs[i].Data.Span), $"seed {seed}");
                }
            }
            catch (SlipwayException exception) when (variant == 4)
            {
                Assert.Equal("seven rows", exception.Message);
                Assert.Fail("no request alone has seven rows");
            }
        }));

        Assert.True(batched > 0 || variant == 2, "nothing was run together: the test shows nothing");
    }

    // Fails for batches of so many rows, so that companions are run again on their own.
    private static FakeModelDefinition FailingFor(int rows) => RowModel.Definition.Before((_, inputs, _) =>
    {
        if (inputs[0]!.Shape[0] == rows)
        {
            throw new SlipwayException(ErrorCode.ModelFailed, "seven rows");
        }
    });
}
