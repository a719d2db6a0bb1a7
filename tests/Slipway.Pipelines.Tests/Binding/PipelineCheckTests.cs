using Slipway.Core;
using Slipway.Pipelines.Binding;
using Slipway.Pipelines.Definitions;
using static Slipway.Pipelines.Tests.Pipelines;

namespace Slipway.Pipelines.Tests.Binding;

public sealed class PipelineCheckTests
{
    private static readonly (string, ModelSignature) Scorer = ("scorer", new ModelSignature([Floats("x", -1, 2)], [Floats("y", -1, 3), Floats("z", -1)]));

    [Fact]
    public void A_pipeline_that_fits_has_no_fault() =>
        Assert.Empty(Of([Floats("x", -1, 2)], [Step("a", Model("scorer", ("x", "x")))], ("out", "a.y")).Check(Scorer));

    [Fact]
    public void Steps_that_read_each_other_are_a_cycle_and_told_in_order()
    {
        PipelineFault fault = Assert.Single(Of(
            [Floats("x", -1, 2)], [Step("a", Model("m", ("x", "c"))), Step("b", Model("m", ("x", "a"))), Step("c", Model("m", ("x", "b")))], ("out", "c")).Check());
        Assert.StartsWith("steps.", fault.Key, StringComparison.Ordinal);
        Assert.Contains("cycle", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'a' reads 'c' reads 'b' reads 'a'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "outputs.out", "there is no step or input 'nobody'")]
    [InlineData("a", "outputs.out", "several outputs")]
    [InlineData("a.q", "outputs.out", "no output 'q'")]
    public void An_output_from_nowhere_is_refused_by_its_key(string from, string key, string message)
    {
        PipelineFault fault = Assert.Single(Of([Floats("x", -1, 2)], [Step("a", Model("scorer", ("x", "x")))], ("out", from)).Check(Scorer));
        Assert.Equal(key, fault.Key);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TensorDataType.Float64, new long[] { -1, 2 }, "FP32 is expected, and FP64 is given")]
    [InlineData(TensorDataType.Float32, new long[] { -1 }, "shape [-1,2] is expected, and [-1] is given")]
    [InlineData(TensorDataType.Float32, new long[] { -1, 5 }, "dimension 1 differs")]
    public void An_input_of_another_type_or_shape_is_refused_by_its_key(TensorDataType type, long[] shape, string message)
    {
        PipelineFault fault = Assert.Single(Of(
            [new TensorSignature("x", type, new TensorShape(shape))], [Step("a", Model("scorer", ("x", "x")))], ("out", "a.y")).Check(Scorer));
        Assert.Equal("steps.a.inputs.x", fault.Key);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_there_is_no_mistake_but_told() =>
        Assert.True(Assert.Single(Of([Floats("x", -1, 2)], [Step("a", Model("gone", ("x", "x")))], ("out", "a.y")).Check(Scorer)).IsMissingModel);

    [Fact]
    public void Inputs_that_a_model_lacks_or_misses_are_refused() => Assert.Equal(
        ["steps.a.inputs.q", "steps.a.inputs"],
        Of([Floats("x", -1, 2)], [Step("a", Model("scorer", ("q", "x")))], ("out", "a.y")).Check(Scorer).Select(static fault => fault.Key));

    [Theory]
    [InlineData("2nd")]
    [InlineData("a-b")]
    [InlineData("")]
    [InlineData("x")]
    public void A_step_name_that_expressions_can_not_say_or_that_is_taken_is_refused(string name) =>
        Assert.Equal($"steps.{name}", Of([Floats("x", -1, 2)], [Step(name, Model("scorer", ("x", "x")))], ("out", "x")).Check(Scorer)[0].Key);

    [Fact]
    public void Pipelines_that_call_each_other_in_a_ring_are_refused()
    {
        PipelineDefinition one = Of([Floats("x", -1, 2)], [Step("a", Model("two", ("x", "x")))], ("out", "a")) with { Name = "one" };
        PipelineDefinition two = Of([Floats("x", -1, 2)], [Step("a", Model("one", ("x", "x")))], ("out", "a")) with { Name = "two" };
        Assert.Contains("cycle", Assert.Single(PipelineCheck.FindBetween([one, two])).Message, StringComparison.Ordinal);
        Assert.Contains("cycle", Assert.Single(PipelineCheck.FindBetween([one with { Name = "two" }])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_through_an_endpoint_is_refused_by_the_step_that_closes_it()
    {
        PipelineDefinition one = Of([Floats("x", -1, 2)], [Step("b", Model("m", ("x", "x"))), Step("a", Model("shop", ("x", "x")))], ("out", "a")) with { Name = "one" };
        PipelineFault fault = Assert.Single(PipelineCheck.FindBetween([one], new Dictionary<string, IReadOnlyList<string>> { ["shop"] = ["m", "one"], ["other"] = ["m"] }));
        Assert.Equal("one.steps.a.model", fault.Key);
        Assert.Equal("the pipelines call each other in a cycle: 'one' calls endpoint 'shop' calls 'one'", fault.Message);
        Assert.Empty(PipelineCheck.FindBetween([one], new Dictionary<string, IReadOnlyList<string>> { ["shop"] = ["m"] }));
    }

    [Fact]
    public void A_step_that_names_an_endpoint_of_its_own_pipelines_name_asks_the_endpoint()
    {
        PipelineDefinition one = Of([Floats("x", -1, 2)], [Step("a", Model("one", ("x", "x")))], ("out", "a")) with { Name = "one" };
        Assert.Empty(PipelineCheck.FindBetween([one], new Dictionary<string, IReadOnlyList<string>> { ["one"] = ["m"] }));
        Assert.Equal("one.steps.a.model", Assert.Single(PipelineCheck.FindBetween([one], new Dictionary<string, IReadOnlyList<string>> { ["one"] = ["one"] })).Key);
    }

    [Fact]
    public void The_branch_that_closes_a_ring_is_named()
    {
        SwitchBody body = new([new SwitchCase("true", Model("m", ("x", "x")))], Model("two", ("x", "x")));
        PipelineDefinition one = Of([Floats("x", -1, 2)], [Step("a", body)], ("out", "a")) with { Name = "one" };
        PipelineDefinition two = Of([Floats("x", -1, 2)], [Step("b", Model("m", ("x", "x"))) with { Fallback = Model("one", ("x", "x")) }], ("out", "b")) with { Name = "two" };
        Assert.Equal("one.steps.a.switch[1].model", Assert.Single(PipelineCheck.FindBetween([one, two])).Key);
        Assert.Equal("two.steps.b.fallback.model", Assert.Single(PipelineCheck.FindBetween([two, one])).Key);
    }

    [Fact]
    public void A_chain_of_as_many_steps_as_may_be_is_checked_without_recursion()
    {
        StepDefinition[] steps = [.. Enumerable.Range(0, 256).Select(i => Step($"s{i}", new ModelBody("id", default) { Inputs = new Dictionary<string, string> { ["x"] = i == 255 ? "x" : $"s{i + 1}.y" } }))];
        Assert.Empty(Of([Floats("x", -1, 2)], steps, ("out", "s0.y")).Check(("id", new ModelSignature([Floats("x", -1, 2)], [Floats("y", -1, 2)]))));
    }
}
