using Slipway.Cli.Benchmarking;

namespace Slipway.Cli.Tests.Benchmarking;

public sealed class LoadRunnerTests
{
    [Fact]
    public async Task A_server_that_stalls_is_charged_for_every_request_that_fell_due_meanwhile()
    {
        // 1,000 requests a second over one connection, 1 ms each, and one stall of 200 ms: some 200 requests fall due in it. Without correction
        // one request in hundreds would be slow and the 90th percentile would not see it.
        StallingChannel channel = new(stallAt: 50, TimeSpan.FromMilliseconds(200));
        BenchPlan plan = new() { Connections = 1, Rate = 1000, Duration = TimeSpan.FromMilliseconds(600), Warmup = TimeSpan.Zero };

        (WorkerResult result, _) = await new LoadRunner(plan, () => channel, TimeProvider.System).RunAsync(CancellationToken.None);

        Assert.True(result.Latency.Percentile(90) > TimeSpan.FromMilliseconds(50), $"p90 is {result.Latency.Percentile(90)}");
        Assert.True(result.Latency.Min >= TimeSpan.Zero);
    }

    [Fact]
    public async Task A_closed_loop_sends_when_the_answer_is_there()
    {
        StallingChannel channel = new(stallAt: 5, TimeSpan.FromMilliseconds(200));
        BenchPlan plan = new() { Connections = 1, Duration = TimeSpan.FromMilliseconds(400), Warmup = TimeSpan.Zero };

        (WorkerResult result, _) = await new LoadRunner(plan, () => channel, TimeProvider.System).RunAsync(CancellationToken.None);

        // One slow request, the stall itself, and no other is charged for it.
        Assert.True(result.Latency.Max >= TimeSpan.FromMilliseconds(190));
        Assert.True(result.Latency.Percentile(50) < TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Refusals_and_broken_connections_are_counted_by_kind()
    {
        BenchPlan plan = new() { Connections = 2, Duration = TimeSpan.FromSeconds(1.5), Warmup = TimeSpan.Zero };

        (WorkerResult result, _) = await new LoadRunner(plan, () => new FailingChannel(), TimeProvider.System).RunAsync(CancellationToken.None);

        Assert.Equal(0, result.Latency.Count);
        Assert.True(result.Failures["429"] > 0);
        Assert.True(result.Failures[nameof(IOException)] > 0);
    }

    private sealed class StallingChannel(int stallAt, TimeSpan stall) : ILoadChannel
    {
        private int _sent;

        public async ValueTask<string?> SendAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(_sent++ == stallAt ? stall : TimeSpan.FromMilliseconds(1), cancellationToken);
            return null;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class FailingChannel : ILoadChannel
    {
        private int _sent;

        public ValueTask<string?> SendAsync(CancellationToken cancellationToken) =>
            _sent++ % 2 == 0 ? ValueTask.FromResult<string?>("429") : throw new IOException("gone");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
