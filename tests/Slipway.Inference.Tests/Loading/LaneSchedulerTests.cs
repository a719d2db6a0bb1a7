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
}
