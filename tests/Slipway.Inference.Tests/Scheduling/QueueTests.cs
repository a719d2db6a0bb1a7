using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Inference.Scheduling;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

/// <summary>Everything here goes through the queue: nothing runs inline, and the clock stands still unless it is moved.</summary>
public sealed class QueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Gate _gate = new();
    private readonly ConcurrentQueue<float[]> _runs = new();

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task What_waits_while_the_model_is_busy_runs_together_and_each_gets_its_own()
    {
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Instances = 1, Batching = new BatchingConfig() });
        _gate.Close();
        Task<InferenceResponse> first = fixture.InferAsync("m", 1, 1).AsTask();
        await InferenceFixture.Until(() => _gate.Held == 1);
        Task<InferenceResponse> second = fixture.InferAsync("m", 2, 2, 3, 3).AsTask();
        Task<InferenceResponse> third = fixture.Inference.InferAsync(With(["double", "sum"], 4, 4), InferenceFixture.Token).AsTask();
        _gate.Open();

        using InferenceResponse one = await first;
        using InferenceResponse two = await second;
        using InferenceResponse three = await third;

        Assert.Equal(1, one.Timings.BatchRows);
        Assert.Equal(3, two.Timings.BatchRows);
        Assert.Equal([4f, 6f], FakeModelDefinition.Floats(two.Outputs[0]));
        Assert.Equal(["double", "sum"], three.Outputs.Select(static output => output.Name));
        Assert.Equal([8f, 8f], FakeModelDefinition.Floats(three.Outputs[0]));
        Assert.Equal([8f], FakeModelDefinition.Floats(three.Outputs[1]));
        Assert.Equal([2f, 2f, 3f, 3f, 4f, 4f], _runs.Last());
    }

    [Fact]
    public async Task Request_waits_for_company_no_longer_than_was_promised()
    {
        BatchingConfig batching = new() { MaxQueueDelay = TimeSpan.FromMilliseconds(10) };
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Batching = batching });
        Task<InferenceResponse> first = fixture.InferAsync("m", 1, 1).AsTask();
        Task<InferenceResponse> second = fixture.InferAsync("m", 2, 2).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.False(first.IsCompleted || second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        using InferenceResponse one = await first;
        using InferenceResponse two = await second;
        Assert.Equal((2, 2), (one.Timings.BatchRows, two.Timings.BatchRows));
        Assert.Equal(TimeSpan.FromMilliseconds(10), one.Timings.Queue);
    }

    [Fact]
    public async Task Full_batch_does_not_wait()
    {
        BatchingConfig batching = new() { MaxBatchSize = 2, MaxQueueDelay = TimeSpan.FromMinutes(1) };
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Batching = batching });
        Task<InferenceResponse> first = fixture.InferAsync("m", 1, 1).AsTask();

        using InferenceResponse two = await fixture.InferAsync("m", 2, 2);
        using InferenceResponse one = await first;

        Assert.Equal(2, one.Timings.BatchRows);
    }

    [Fact]
    public async Task Waiting_ends_early_when_requests_come_too_rarely_for_it_to_pay()
    {
        BatchingConfig batching = new() { MaxQueueDelay = TimeSpan.FromMilliseconds(10) };
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Batching = batching });
        Task<InferenceResponse> first = fixture.InferAsync("m", 1, 1).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await first).Dispose();

        // The gap of late is a second: nobody is expected within ten milliseconds, and the clock stands still.
        using InferenceResponse second = await fixture.InferAsync("m", 2, 2);

        Assert.Equal(TimeSpan.Zero, second.Timings.Queue);
    }

    [Fact]
    public async Task Expired_request_is_dropped_before_it_runs()
    {
        QueueConfig queue = new() { Timeout = TimeSpan.FromMilliseconds(20) };
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Instances = 1, Queue = queue });
        _gate.Close();
        Task<InferenceResponse> first = fixture.InferAsync("m", 1, 1).AsTask();
        await InferenceFixture.Until(() => _gate.Held == 1);
        Task<InferenceResponse> second = fixture.InferAsync("m", 2, 2).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(20));
        SlipwayException expired = await Assert.ThrowsAsync<SlipwayException>(() => second);
        _gate.Open();
        (await first).Dispose();

        Assert.Equal((ErrorCode.DeadlineExceeded, "Request timeout expired"), (expired.Code, expired.Message));
        Assert.DoesNotContain(_runs, static run => run[0] == 2);
    }

    [Fact]
    public async Task Deadline_of_the_request_counts_where_the_queue_has_no_timeout()
    {
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Instances = 1 });
        _gate.Close();
        Task<InferenceResponse> first = fixture.InferAsync("m", 1, 1).AsTask();
        await InferenceFixture.Until(() => _gate.Held == 1);
        InferenceRequest request = new()
        {
            ModelName = "m",
            Inputs = [FakeModelDefinition.Floats("x", new TensorShape(1, 2), 2, 2)],
            Deadline = _time.GetTimestamp() + TimeSpan.FromMilliseconds(5).Ticks,
        };
        Task<InferenceResponse> second = fixture.Inference.InferAsync(request, InferenceFixture.Token).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(5));
        SlipwayException expired = await Assert.ThrowsAsync<SlipwayException>(() => second);
        _gate.Open();
        (await first).Dispose();

        Assert.Equal(ErrorCode.DeadlineExceeded, expired.Code);
    }

    [Fact]
    public async Task Cancelled_request_leaves_the_queue_and_does_not_run()
    {
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Instances = 1 });
        _gate.Close();
        Task<InferenceResponse> first = fixture.InferAsync("m", 1, 1).AsTask();
        await InferenceFixture.Until(() => _gate.Held == 1);
        using CancellationTokenSource gone = new();
        Task<InferenceResponse> second = fixture.Inference.InferAsync(InferenceFixture.Request("m", 2, 2), gone.Token).AsTask();
        Assert.Equal(1, fixture.Statistics.GetStatistics("m", 1)[0].Pending);

        await gone.CancelAsync();
        SlipwayException cancelled = await Assert.ThrowsAsync<SlipwayException>(() => second);
        Assert.Equal(0, fixture.Statistics.GetStatistics("m", 1)[0].Pending);
        _gate.Open();
        (await first).Dispose();

        Assert.Equal(ErrorCode.Cancelled, cancelled.Code);
        Assert.DoesNotContain(_runs, static run => run[0] == 2);
    }

    [Theory]
    [InlineData(2, 1 << 20)]
    [InlineData(100, 16)]
    public async Task Full_queue_refuses_at_once_and_says_when_to_come_back(int maxRows, long maxBytes)
    {
        QueueConfig queue = new() { MaxRows = maxRows, MaxBytes = maxBytes };
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Instances = 1, Queue = queue });
        _gate.Close();
        List<Task<InferenceResponse>> admitted = [fixture.InferAsync("m", 1, 1).AsTask()];
        await InferenceFixture.Until(() => _gate.Held == 1);
        admitted.Add(fixture.InferAsync("m", 2, 2).AsTask());
        admitted.Add(fixture.InferAsync("m", 3, 3).AsTask());

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(async () => await fixture.InferAsync("m", 4, 4));
        _gate.Open();
        foreach (Task<InferenceResponse> task in admitted)
        {
            (await task).Dispose();
        }

        Assert.Equal(ErrorCode.Overloaded, refused.Code);
        Assert.StartsWith("Exceeds maximum queue size", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Equal(1, fixture.Statistics.GetStatistics("m", 1)[0].Fail.Count);
    }

    [Fact]
    public async Task Urgent_request_goes_first()
    {
        QueueConfig queue = new() { PriorityLevels = 3 };
        await using InferenceFixture fixture = await StartAsync(new ModelConfig { Instances = 1, Queue = queue });
        _gate.Close();
        List<Task<InferenceResponse>> all = [fixture.InferAsync("m", 0, 0).AsTask()];
        await InferenceFixture.Until(() => _gate.Held == 1);
        foreach ((int priority, float value) in new[] { (3, 1f), (0, 2f), (1, 3f), (2, 4f), (1, 5f) })
        {
            all.Add(fixture.Inference.InferAsync(
                new InferenceRequest
                {
                    ModelName = "m",
                    Inputs = [FakeModelDefinition.Floats("x", new TensorShape(1, 2), value, value)],
                    Priority = priority,
                },
                InferenceFixture.Token).AsTask());
        }

        _gate.Open();
        foreach (Task<InferenceResponse> task in all)
        {
            (await task).Dispose();
        }

        // None named means the middle level, which is 2.
        Assert.Equal([0f, 3f, 5f, 2f, 4f, 1f], _runs.Skip(_runs.Count - 6).Select(static run => run[0]));
    }

    [Fact]
    public async Task Bad_request_in_a_batch_fails_alone()
    {
        await using InferenceFixture fixture = await StartAsync(
            new ModelConfig { Instances = 1, Batching = new BatchingConfig() },
            static (_, inputs, _) =>
            {
                if (FakeModelDefinition.Floats(inputs[0]!).Contains(13))
                {
                    throw new SlipwayException(ErrorCode.ModelFailed, "thirteen");
                }
            });
        _gate.Close();
        List<Task<InferenceResponse>> all = [fixture.InferAsync("m", 0, 0).AsTask()];
        await InferenceFixture.Until(() => _gate.Held == 1);
        all.Add(fixture.InferAsync("m", 1, 1).AsTask());
        Task<InferenceResponse> bad = fixture.InferAsync("m", 13, 13).AsTask();
        all.Add(fixture.InferAsync("m", 2, 2).AsTask());
        _gate.Open();

        SlipwayException fault = await Assert.ThrowsAsync<SlipwayException>(() => bad);
        Assert.Equal("thirteen", fault.Message);
        foreach (Task<InferenceResponse> task in all)
        {
            (await task).Dispose();
        }

        VersionStatistics statistics = fixture.Statistics.GetStatistics("m", 1)[0];
        Assert.Equal((3, 1), (statistics.Success.Count, statistics.Fail.Count));
    }

    private static void Queued(IServiceCollection services) =>
        services.Configure<SchedulingOptions>(static options => options.InlineThreshold = TimeSpan.Zero);

    private static InferenceRequest With(string[] outputs, params float[] values) => new()
    {
        ModelName = "m",
        Inputs = [FakeModelDefinition.Floats("x", new TensorShape(values.Length / 2, 2), values)],
        RequestedOutputs = outputs,
    };

    private async Task<InferenceFixture> StartAsync(ModelConfig config, Action<FakeModel, Tensor?[], CancellationToken>? before = null)
    {
        InferenceFixture fixture = new(Queued, _time);
        fixture.Runtime.Define = _ => _gate.Guard(FakeModelDefinition.Sums.Before(before ?? ((_, _, _) => { })))
            .Before((_, inputs, _) => _runs.Enqueue(FakeModelDefinition.Floats(inputs[0]!)));
        fixture.Source.With("m", config, (1, "v"));
        return await fixture.StartAsync();
    }
}
