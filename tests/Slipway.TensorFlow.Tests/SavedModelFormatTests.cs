using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.TensorFlow.Graphs;
using Slipway.TestKit;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

public sealed class SavedModelFormatTests
{
    private readonly ModelPreparer _preparer = new(new ModelFormats([new SavedModelFormat()]));

    [Theory]
    [InlineData("saved_model.pb")]
    [InlineData("model.pb")]
    public async Task Model_is_known_by_its_name_and_by_its_content(string name)
    {
        using PreparedModel prepared = await _preparer.PrepareAsync(new MemoryModelArtifact(name, (name, Model())), CancellationToken.None);

        Assert.Equal(("onnx", "tensorflow_savedmodel"), (prepared.Runtime, prepared.Platform));
    }

    [Fact]
    public void Something_else_is_not_taken_for_one()
    {
        byte[] cut = Model()[..^1];

        Assert.False(new SavedModelFormat().Recognizes(new FormatSample("model.onnx", cut.Length, cut, [])));
        Assert.False(new SavedModelFormat().Recognizes(new FormatSample("model.onnx", 3, new byte[] { 8, 1, 18 }, [])));
    }

    [Fact]
    public void Inspection_tells_signature_operators_and_origin()
    {
        ModelInspection inspection = _preparer.Inspect(new MemoryModelArtifact("saved_model.pb", ("saved_model.pb", Model())), CancellationToken.None);

        Assert.Equal(("savedmodel", "tensorflow", "2.15.0"), (inspection.Format, inspection.Producer, inspection.ProducerVersion));
        Assert.Equal("x", Assert.Single(inspection.Inputs).Name);
        Assert.Equal("y", Assert.Single(inspection.Outputs).Name);
        Assert.Contains(inspection.Operators, static used => used is { Name: "Softmax", Count: 1 });
        Assert.Equal("serve", inspection.Metadata["tags"]);
        Assert.Empty(inspection.Problems);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public async Task Signature_that_works_on_each_number_takes_any_shape(long width, bool isFree)
    {
        // TensorFlow Serving's tutorial declares [?,1] and is asked with [3].
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([-1, width])));
        graph.Constant("half", [0.5f]);
        graph.Node("y", "Mul", ["x", "half"]);
        graph.Signature("serving_default", [("x", "x:0", TensorFlowType.Float, [-1, width])], [("y", "y:0", TensorFlowType.Float, [-1, width])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());

        Assert.Equal(isFree, model.Signature.Inputs[0].IsRankUnknown);
        if (isFree)
        {
            Assert.Equal(new TensorShape(3), Engine.Run(model, [Engine.Of("x", [1f, 2f, 5f], 3)])[0].Shape);
        }
    }

    private static byte[] Model()
    {
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([-1, 3])));
        graph.Node("y", "Softmax", ["x"]);
        graph.Signature("serving_default", [("x", "x:0", TensorFlowType.Float, [-1, 3])], [("y", "y:0", TensorFlowType.Float, [-1, 3])]);
        return graph.ToBytes();
    }
}
