using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.Formats.Tests.Onnx;

public sealed class OnnxValidatorTests
{
    [Fact]
    public void A_sound_model_has_no_problems()
    {
        Assert.Empty(Inspect(OnnxModels.Mlp()).Problems);
        Assert.Empty(Inspect(OnnxModels.Identity(OnnxDataType.String)).Problems);
    }

    [Fact]
    public void A_model_is_described()
    {
        ModelInspection inspection = Inspect(OnnxModels.Mlp(8, 2));

        Assert.Equal(("onnx", 8L, 4L, 128L, 512L), (inspection.Format, inspection.FormatVersion, inspection.NodeCount, inspection.ParameterCount, inspection.ParameterBytes));
        Assert.Equal([new InspectedOperator("MatMul", 2), new InspectedOperator("Relu", 2)], inspection.Operators);
        Assert.Equal(["batch", "8"], inspection.Inputs[0].Shape!);
        Assert.Equal([new InspectedOpset("ai.onnx", 15)], inspection.Opsets);
    }

    [Fact]
    public void What_is_wrong_with_names_is_found()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Opset("", 15).Opset("ai.onnx", 14)
            .Metadata("a", "1").Metadata("a", "2")
            .Input("x", OnnxDataType.Float, 1).Input("x", OnnxDataType.Float, 1)
            .Output("y", OnnxDataType.Float, 1).Output("nowhere", OnnxDataType.Float, 1)
            .Node("Add", ["x", "ghost"], ["y"])
            .Node("Relu", ["x"], ["y"])
            .Node("Foo", ["x"], ["z"], "my.domain");

        string[] problems = [.. Inspect(builder.Build()).Problems.Select(static problem => problem.Message)];

        Assert.Contains("operator set 'ai.onnx' is imported in several versions", problems);
        Assert.Contains("metadata 'a' is given more than once", problems);
        Assert.Contains("two inputs are named 'x'", problems);
        Assert.Contains("output 'nowhere' is made by no node", problems);
        Assert.Contains("a Add node uses 'ghost', which nothing makes", problems);
        Assert.Contains("a Relu node makes 'y', which is made already", problems);
        Assert.Contains("a Foo node is of domain 'my.domain', of which the model imports no operator set", problems);
    }

    [Fact]
    public void A_ring_is_told_from_a_wrong_order()
    {
        byte[] ring = new OnnxModelBuilder().Input("x", OnnxDataType.Float, 1).Output("b", OnnxDataType.Float, 1)
            .Node("Add", ["x", "b"], ["a"]).Node("Relu", ["a"], ["b"]).Build();
        byte[] unsorted = new OnnxModelBuilder().Input("x", OnnxDataType.Float, 1).Output("b", OnnxDataType.Float, 1)
            .Node("Relu", ["a"], ["b"]).Node("Relu", ["x"], ["a"]).Build();

        Assert.Contains(Inspect(ring).Problems, static problem => problem.IsError && problem.Message.Contains("ring", StringComparison.Ordinal));
        Assert.Contains(Inspect(unsorted).Problems, static problem => !problem.IsError && problem.Message.Contains("order", StringComparison.Ordinal));
    }

    [Fact]
    public void A_subgraph_sees_the_names_around_it_and_no_others_see_its_own()
    {
        byte[] model = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, 1).Input("c", OnnxDataType.Bool).Output("y", OnnxDataType.Float, 1).Output("inner", OnnxDataType.Float, 1)
            .Node("If", ["c"], ["y"], "", OnnxAttributes.Graph("then_branch", graph =>
            {
                graph.Message(1, node => OnnxModelBuilder.WriteNode(node, "Relu", ["x"], ["inner"]));
                graph.Text(2, "then");
            }))
            .Build();

        ModelProblem problem = Assert.Single(Inspect(model).Problems);
        Assert.Equal("output 'inner' is made by no node", problem.Message);
    }

    [Fact]
    public void Constants_must_be_as_large_as_they_say()
    {
        byte[] model = new OnnxModelBuilder()
            .Output("y", OnnxDataType.Float, 3)
            .Constant("short", [1f, 2f], 3)
            .Constant("typed", [1L, 2L], 3)
            .Constant("negative", [1f], -1)
            .Constant("huge", [1f], long.MaxValue, long.MaxValue)
            .Node("Identity", ["short"], ["y"])
            .Build();

        Assert.Equal(4, Inspect(model).Problems.Count(static problem => problem.IsError));
    }

    private static ModelInspection Inspect(byte[] model) => new ModelPreparer(ModelFormats.Default).Inspect(new MemoryModelArtifact(model), CancellationToken.None);
}
