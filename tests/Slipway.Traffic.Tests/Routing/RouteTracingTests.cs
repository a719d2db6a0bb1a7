using System.Diagnostics;
using Slipway.Core;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Tests.Routing;

public sealed class RouteTracingTests
{
    [Fact]
    public async Task The_callers_span_carries_endpoint_arm_and_reason()
    {
        await using TrafficFixture traffic = new();
        traffic.Service.Put(TrafficFixture.Endpoint(next: 0) with { Fallback = new FallbackDefinition { Arm = "next" } });
        using (Activity span = new Activity("request").Start())
        {
            await traffic.AskAsync(TrafficFixture.Request());
            Assert.Equal(("scoring", "stable", "weight"), Tags(span));
        }

        traffic.Inference.Before = static (request, _) => request.Version.Label is null ? ValueTask.CompletedTask : throw new SlipwayException(ErrorCode.ModelFailed, "broken");
        using (Activity span = new Activity("request").Start())
        {
            await traffic.AskAsync(TrafficFixture.Request());
            Assert.Equal(("scoring", "next", "fallback"), Tags(span));
        }
    }

    private static (object?, object?, object?) Tags(Activity span) => (span.GetTagItem("slipway.endpoint"), span.GetTagItem("slipway.arm"), span.GetTagItem("slipway.assignment"));
}
