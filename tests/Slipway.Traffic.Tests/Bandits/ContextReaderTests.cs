using Slipway.Core;
using Slipway.TestKit.Fakes;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Tests.Routing;

namespace Slipway.Traffic.Tests.Bandits;

public sealed class ContextReaderTests
{
    private static readonly ContextReader Reader = new(
    [
        new ContextField(new KeySource(KeySourceKind.Input, "x")) { Length = 3 },
        new ContextField(new KeySource(KeySourceKind.Input, "n")) { Offset = 10, Scale = 5 },
        new ContextField(new KeySource(KeySourceKind.Parameter, "hour")) { Scale = 24 },
        new ContextField(new KeySource(KeySourceKind.Header, "X-Score")),
        new ContextField(new KeySource(KeySourceKind.Claim, "level")),
    ]);

    [Fact]
    public void Numbers_of_inputs_parameters_headers_and_claims_follow_the_constant_one()
    {
        using InferenceRequest request = new()
        {
            ModelName = "m",
            Inputs = [TestTensors.Floats("x", [1, 4], 1, 2, 3, 4), TestTensors.Of("n", TensorDataType.Int64, [1], 25L)],
            Parameters = new Dictionary<string, ParameterValue> { ["hour"] = ParameterValue.Of(12L) },
            Attributes = new FakeAttributes(("X-Score", "0.25"), ("claim:level", "3")),
        };
        Assert.Equal([1, 1, 2, 3, 3, 0.5, 0.25, 3], Reader.Read(request));
    }

    [Fact]
    public void What_is_absent_or_no_number_is_nothing_and_what_is_huge_is_bounded()
    {
        using InferenceRequest request = new()
        {
            ModelName = "m",
            Inputs = [TestTensors.Floats("x", [1, 2], float.NaN, float.PositiveInfinity)],
            Attributes = new FakeAttributes(("X-Score", "-1e300"), ("claim:level", "many")),
        };
        Assert.Equal([1, 0, 10, 0, 0, 0, -10, 0], Reader.Read(request));
    }
}
