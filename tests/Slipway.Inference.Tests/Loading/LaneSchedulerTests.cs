using Slipway.Inference.Loading;

namespace Slipway.Inference.Tests.Loading;

public sealed class LaneSchedulerTests
{
    // Field 19 of proc(5)'s stat; the name before it may hold anything, so fields are counted from its closing bracket.
    [Fact]
    public async Task Loading_gives_way_to_requests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "nice values of threads are Linux's");
        using LaneScheduler lane = new("test", 1, givesWay: true);
        string stat = "";

        await lane.StartAsync(() =>
        {
            stat = File.ReadAllText("/proc/thread-self/stat");
            return Task.CompletedTask;
        });

        Assert.Equal($"{LanePriority.Nice}", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16]);
    }

    [Fact]
    public async Task What_is_queued_by_many_threads_runs_once_and_on_the_lane()
    {
        using LaneScheduler lane = new("test", 2, givesWay: false);
        string?[][] names = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Task.WhenAll(Enumerable.Range(0, 200).Select(_ => lane.RunAsync(static () => Thread.CurrentThread.Name))))));

        Assert.Equal(1_600, names.Sum(static thread => thread.Length));
        Assert.All(names.SelectMany(static thread => thread), static name => Assert.StartsWith("test-", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_queued_before_the_end_still_runs_and_nothing_after_it_is_taken()
    {
        LaneScheduler lane = new("test", 1, givesWay: false);
        using ManualResetEventSlim mayGoOn = new();
        Task<bool> running = lane.RunAsync(() => mayGoOn.Wait(TimeSpan.FromSeconds(30)));
        Task<int>[] queued = [.. Enumerable.Range(0, 10).Select(i => lane.RunAsync(() => i))];
        Task ended = Task.Run(() =>
        {
            lane.Dispose();
            lane.Dispose();
        });
        mayGoOn.Set();
        await ended;

        Assert.True(await running);
        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(queued));
        TaskSchedulerException refused = await Assert.ThrowsAsync<TaskSchedulerException>(() => lane.RunAsync(static () => 1));
        Assert.IsType<ObjectDisposedException>(refused.InnerException);
    }
}
