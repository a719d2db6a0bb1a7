using Slipway.OnnxRuntime.Sessions;

namespace Slipway.OnnxRuntime.Tests.Sessions;

public sealed class RunFailuresTests
{
    [Theory]
    [InlineData("Load failed: /src/core/graph/model.cc:12 void ort::utils::Validate(const std::map<int, f(*)(int)>&, bool) Opset 99 (of 26) is too new.", "Load failed: Opset 99 (of 26) is too new.")]
    [InlineData("/src/a.h:46 ort::Helper::Helper(const ort::Shape&, bool) const a == b was false", "a == b was false")]
    [InlineData("/src/a.cc:1 T ort::Cast(U) [with T = int; U = long] narrowing error", "narrowing error")]
    [InlineData("/src/a.cc:1 Invalid value (3) in ort::Node", "Invalid value (3) in ort::Node")]
    [InlineData("/src/a.cc:1 void ort::open(", "void ort::open(")]
    [InlineData("No place at all: f::g(x)", "No place at all: f::g(x)")]
    public void A_message_keeps_what_is_meant_for_people(string message, string expected)
    {
        Assert.Equal(expected, RunFailures.Clean(message));
    }
}
