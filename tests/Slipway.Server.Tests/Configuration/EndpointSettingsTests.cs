using Slipway.Core;
using Slipway.Server.Configuration;
using Slipway.Server.Options;
using Slipway.TestKit;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Tests.Configuration;

public sealed class EndpointSettingsTests
{
    [Fact]
    public void Everything_that_an_endpoint_may_say_is_read()
    {
        EndpointDefinition endpoint = Assert.Single(Read("""
            endpoints:
              scoring:
                arms:
                  stable: { model: fraud@champion, weight: 90, fallback: { answer: { label: { datatype: INT64, data: 0 } } } }
                  next:
                    model: "fraud:7"
                    weight: 10
                    timeout: 250ms
                    retry: { attempts: 3, delay: 5ms }
                    breaker: { failureRatio: 0.2, minRequests: 10, window: 30s, openFor: 2s }
                default: next
                stickyBy: [{ header: X-User }, { input: id }, inputs]
                salt: spring
                holdout: 5
                layer: { name: checkout, from: 20, to: 60 }
                fallback: stable
                rules:
                  - { name: gold, arm: next, when: { claim: tier, is: [gold, silver] }, percentage: 50, from: 2027-01-31T08:00:00Z }
                  - { name: big, arm: stable, when: [{ parameter: amount, atLeast: 10, below: 1e6 }, { header: X-A, present: false }] }
                shadows:
                  old: fraud:3
                  other: { model: other, sample: 10, concurrency: 2, queue: 5, maxBytes: 64KiB, timeout: 1s, tolerance: 0.01 }
            """).Endpoints);

        Assert.Equal(("scoring", "next", "spring", 5.0), (endpoint.Name, endpoint.Default, endpoint.Salt, endpoint.Holdout));
        Assert.Equal(new LayerRange("checkout", 20, 60), endpoint.Layer);
        Assert.Equal("stable", endpoint.Fallback?.Arm);
        ArmDefinition next = endpoint.Arms[1];
        Assert.Equal(("fraud", VersionSelector.Exact(7), 10.0, TimeSpan.FromMilliseconds(250), 3), (next.Model, next.Version, next.Weight, next.Timeout, next.Attempts));
        Assert.Equal(new BreakerDefinition(0.2, 10, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2)), next.Breaker);
        StaticOutput output = Assert.Single(endpoint.Arms[0].Fallback!.Answer!);
        Assert.Equal((TensorDataType.Int64, new TensorShape(-1)), (output.DataType, output.Shape));
        Assert.Equal([KeySourceKind.Header, KeySourceKind.Input, KeySourceKind.Inputs], endpoint.StickyBy.Select(source => source.Kind));
        Assert.Equal(["gold", "silver"], endpoint.Rules[0].Conditions[0].In);
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 8, 0, 0, TimeSpan.Zero), endpoint.Rules[0].From);
        Assert.Equal((10, 1e6), (endpoint.Rules[1].Conditions[0].AtLeast, endpoint.Rules[1].Conditions[0].Below));
        Assert.Equal(VersionSelector.Exact(3), endpoint.Shadows[0].Version);
        Assert.Equal((10.0, 2, 5, 65536L, 0.01), (endpoint.Shadows[1].Sample, endpoint.Shadows[1].Concurrency, endpoint.Shadows[1].Queue, endpoint.Shadows[1].MaxBytes, endpoint.Shadows[1].Tolerance));
    }

    [Fact]
    public void An_only_arm_gets_everything() => Assert.Equal(100, Read("endpoints: { scoring: { arms: { stable: fraud } } }").Endpoints[0].Arms[0].Weight);

    [Theory]
    [InlineData("{ arms: { a: { model: m, wieght: 100 } } }", "endpoints.e.arms.a.wieght: unknown key; did you mean 'weight'?")]
    [InlineData("{ arms: { a: { model: m, weight: 60 }, b: { model: m, weight: 30 } } }", "endpoints.e.arms: weights must sum to 100, not 90")]
    [InlineData("{ arms: { a: m }, defualt: a }", "endpoints.e.defualt: unknown key; did you mean 'default'?")]
    [InlineData("{ arms: { a: m }, default: b }", "endpoints.e.default: there is no arm 'b'; arms are a")]
    [InlineData("{ arms: { a: 'm:x' } }", "NAME, NAME@ALIAS or NAME:VERSION is expected, not 'm:x'")]
    [InlineData("{ arms: { a: { weight: 100 } } }", "endpoints.e.arms.a: an arm needs 'model'")]
    [InlineData("{ arms: { a: m }, stickyBy: { haeder: X } }", "endpoints.e.stickyBy.haeder: unknown key; did you mean 'header'?")]
    [InlineData("{ arms: { a: m }, rules: [{ name: r, arm: a, when: { header: X } }] }", "a condition needs 'is'")]
    [InlineData("{ arms: { a: m }, rules: [{ name: r, arm: a, from: tomorrow }] }", "a time such as")]
    [InlineData("{ arms: { a: m }, fallback: { answer: { y: { datatype: INT64, data: [x] } } } }", "a value of type INT64 is expected, not 'x'")]
    [InlineData("{ arms: { a: m }, fallback: { answer: { y: { datatype: FP32, shape: [2], data: [1] } } } }", "as many values as 'shape' says")]
    [InlineData("{ arms: { a: m }, layer: { from: 60, to: 40, name: l } }", "endpoints.e.layer")]
    [InlineData("{ arms: { a: { model: m, timeout: 0 } } }", "a duration above 0 is expected")]
    [InlineData("[1]", "endpoints.e: keys and values are expected, not a list")]
    public void What_is_wrong_is_named_by_its_key(string endpoint, string expected)
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => Read($"endpoints:\n  e: {endpoint}\n"));
        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_changes_one_weight_beneath_an_endpoint()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("slipway.yaml", "endpoints: { e: { arms: { a: { model: m, weight: 100 }, b: { model: m, weight: 0 } } } }");
        ServerOptions options = ServerConfiguration.Read(file, [new("SLIPWAY__ENDPOINTS__E__ARMS__A__WEIGHT", "40"), new("SLIPWAY__ENDPOINTS__E__ARMS__B__WEIGHT", "60")]);
        Assert.Equal([40.0, 60], options.Endpoints[0].Arms.Select(arm => arm.Weight));
    }

    private static ServerOptions Read(string yaml)
    {
        using TemporaryFolder folder = new();
        return ServerConfiguration.Read(folder.Write("slipway.yaml", yaml), []);
    }
}
