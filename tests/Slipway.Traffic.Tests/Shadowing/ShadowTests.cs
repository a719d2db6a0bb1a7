using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Shadowing;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Shadowing;

public sealed class ShadowTests
{
    private readonly TrafficFixture _traffic = new();

    [Fact]
    public async Task A_shadow_is_asked_the_same_and_its_answer_compared()
    {
        Put(new ShadowDefinition { Name = "next", Model = "fraud", Version = VersionSelector.Exact(3) }, new ShadowDefinition { Name = "same", Model = "fraud", Version = VersionSelector.Exact(1) });
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(1, (await _traffic.AskAsync(TrafficFixture.Request())).Version);
        }

        Assert.Equal((10, 10), await CountsAsync("next", 10));
        Assert.Equal((10, 0), await CountsAsync("same", 10));
    }

    [Fact]
    public async Task A_shadow_that_hangs_or_fails_is_no_callers_business()
    {
        Put(new ShadowDefinition { Name = "hung", Model = "fraud", Version = VersionSelector.Exact(3), Queue = 2 }, new ShadowDefinition { Name = "gone", Model = "nobody" });
        _traffic.Inference.Before = async (request, cancellation) =>
        {
            if (request.Version == VersionSelector.Exact(3))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }
        };
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(1, (await _traffic.AskAsync(TrafficFixture.Request())).Version);
        }

        ShadowCounts hung = Counts("hung");
        Assert.InRange(hung.Dropped, 17, 18);
        await CountsAsync("gone", 1);
        Assert.True(Counts("gone").Failures > 0);
        await _traffic.DisposeAsync();
    }

    [Fact]
    public async Task Large_requests_are_not_copied_and_a_sample_takes_its_share()
    {
        Put(new ShadowDefinition { Name = "small", Model = "fraud", MaxBytes = 4 }, new ShadowDefinition { Name = "sampled", Model = "fraud", Sample = 30, Queue = 10_000 });
        for (int i = 0; i < 1000; i++)
        {
            await _traffic.AskAsync(TrafficFixture.Request());
        }

        Assert.Equal(1000, Counts("small").Dropped);
        await CountsAsync("sampled", 200);
        await _traffic.DisposeAsync();
        Assert.InRange(Counts("sampled").Copies, 200, 400);
    }

    [Fact]
    public void Counts_add_up()
    {
        ShadowCounts one = new() { Copies = 2, Rows = 3, Disagreements = 1, Differences = new Differences(3, 1.5, 1, 0) };
        ShadowCounts both = one.Plus(new ShadowCounts { Copies = 1, Dropped = 4, Differences = new Differences(1, 2, 2, 0) });
        Assert.Equal((3, 4, 3, 4L, 2.0), (both.Copies, both.Dropped, both.Rows, both.Differences.Count, both.Differences.Largest));
    }

    private void Put(params ShadowDefinition[] shadows) => _traffic.Service.Put(TrafficFixture.Endpoint(next: 0) with { Shadows = shadows });

    private ShadowCounts Counts(string shadow) => _traffic.Service.Find("scoring")!.Shadows.Single(one => one.Definition.Name == shadow).Meter.Snapshot();

    private async Task<(long Rows, long Disagreements)> CountsAsync(string shadow, long copies)
    {
        while (Counts(shadow).Copies < copies)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return (Counts(shadow).Rows, Counts(shadow).Disagreements);
    }
}
