using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Scheduling;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Cancellation, deadlines, failures and batches meet at random: inputs are never read after they were given back, and every output is released once.</summary>
public sealed class RaceTests
{
    private int _liveOutputs;
    private int _releasedTwice;
    private int _readAfterRelease;

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, false)]
    [InlineData(13, true)]
    public async Task Nothing_is_read_after_it_was_released_and_nothing_leaks(int seed, bool inline)
    {
        await using InferenceFixture fixture = new(services =>
            services.Configure<SchedulingOptions>(options => options.InlineThreshold = inline ? options.InlineThreshold : TimeSpan.Zero));
        fixture.Runtime.Define = _ => new FakeModelDefinition { Signature = FakeModelDefinition.Sums.Signature, Run = Run };
        BatchingConfig batching = new() { MaxBatchSize = 8, SplitLargeRequests = true, MaxQueueDelay = TimeSpan.FromMilliseconds(1) };
        fixture.Source.With("m", new ModelConfig { Instances = 2, Batching = batching, Queue = new QueueConfig { MaxRows = 60 } }, (1, "v"));
        await fixture.StartAsync();
        Random seeds = new(seed);
        Dictionary<ErrorCode, int> failures = [];
        int answered = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => seeds.Next()).ToArray().Select(own => Task.Run(async () =>
        {
            Random random = new(own);
            for (int i = 0; i < 150; i++)
            {
                using CancellationTokenSource gone = new();
                using InferenceRequest request = Ask(random, random.Next(4) == 0 ? TimeSpan.FromMicroseconds(random.Next(2000)) : null);
                ValueTask<InferenceResponse> asked = fixture.Inference.InferAsync(request, gone.Token);
                if (random.Next(3) == 0)
                {
                    await gone.CancelAsync();
                }

                try
                {
                    using InferenceResponse response = await asked;
                    Assert.Equal(FakeModelDefinition.Floats(request.Inputs[0]).Chunk(2).Select(static pair => pair[0] + pair[1]), FakeModelDefinition.Floats(response.Outputs[0]));
                    Interlocked.Increment(ref answered);
                }
                catch (SlipwayException exception)
                {
                    lock (failures)
                    {
                        failures[exception.Code] = failures.GetValueOrDefault(exception.Code) + 1;
                    }
                }
            }
        })));

        Assert.True(answered > 100, $"only {answered} were answered: {string.Join(", ", failures)}");
        Assert.All(failures.Keys, static code => Assert.Contains(
            code, new[] { ErrorCode.Cancelled, ErrorCode.DeadlineExceeded, ErrorCode.Overloaded, ErrorCode.ModelFailed }));
        VersionStatistics statistics = fixture.Statistics.GetStatistics("m", 1)[0];
        Assert.Equal((answered, failures.Values.Sum(), 0), (statistics.Success.Count, statistics.Fail.Count, statistics.Pending));
        await InferenceFixture.Until(() => Volatile.Read(ref _liveOutputs) == 0);
        Assert.Equal((0, 0), (_releasedTwice, _readAfterRelease));
    }

    private InferenceRequest Ask(Random random, TimeSpan? patience)
    {
        int rows = random.Next(1, 12);
        byte[] bytes = new byte[rows * 8];
        MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).Fill(random.Next(100) == 0 ? 13 : random.Next(1000) + 20);
        Tensor input = new("x", TensorDataType.Float32, new TensorShape(rows, 2), bytes, new Poison(this, bytes));
        return new InferenceRequest
        {
            ModelName = "m",
            Inputs = [input],
            Deadline = patience is { } wait ? TimeProvider.System.GetTimestamp() + (long)(wait.TotalSeconds * TimeProvider.System.TimestampFrequency) : null,
        };
    }

    private Tensor[] Run(FakeModel model, Tensor?[] inputs, int[] outputs, CancellationToken cancellationToken)
    {
        float[] values = FakeModelDefinition.Floats(inputs[0]!);
        if (values.Any(float.IsNaN))
        {
            Interlocked.Increment(ref _readAfterRelease);
        }

        if (values.Contains(13))
        {
            throw new SlipwayException(ErrorCode.ModelFailed, "thirteen");
        }

        return Array.ConvertAll(FakeModelDefinition.Sums.Run(model, inputs, outputs, cancellationToken), output =>
        {
            Interlocked.Increment(ref _liveOutputs);
            byte[] bytes = output.Data.ToArray();
            return new Tensor(output.Name, output.DataType, output.Shape, bytes, new Counted(this));
        });
    }

    // Given back: whoever reads it now reads numbers that are none.
    private sealed class Poison(RaceTests test, byte[] bytes) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            bytes.AsSpan().Fill(0xFF);
            if (Interlocked.Exchange(ref _released, 1) == 1)
            {
                Interlocked.Increment(ref test._releasedTwice);
            }
        }
    }

    private sealed class Counted(RaceTests test) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            Interlocked.Decrement(ref test._liveOutputs);
            if (Interlocked.Exchange(ref _released, 1) == 1)
            {
                Interlocked.Increment(ref test._releasedTwice);
            }
        }
    }
}
