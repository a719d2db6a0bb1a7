using Slipway.Core;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Tests.Routing;

public sealed class RequestNameTests
{
    [Theory]
    [InlineData("own", "other", "own")]
    [InlineData("", "other", "other")]
    [InlineData("", null, "")]
    public void The_protocols_own_id_comes_before_the_header(string id, string? header, string expected)
    {
        using InferenceRequest request = Request(id, header is null ? null : new FakeAttributes(("slipway-request-id", header)));
        Assert.Equal(expected, RequestName.Of(request));
    }

    [Fact]
    public void An_id_that_is_too_long_names_nothing()
    {
        using InferenceRequest request = Request(new string('x', RequestName.MaxLength + 1), null);
        Assert.Equal("", RequestName.Of(request));
    }

    private static InferenceRequest Request(string id, ICallerAttributes? attributes) =>
        new() { ModelName = "m", Id = id, Inputs = [TestTensors.Floats("x", [1], 1)], Attributes = attributes };
}
