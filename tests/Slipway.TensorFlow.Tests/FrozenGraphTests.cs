using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Abstractions;
using Slipway.TensorFlow.Graphs;
using Slipway.TestKit;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

/// <summary>A GraphDef alone: its placeholders go in, what nothing uses comes out.</summary>
public sealed class FrozenGraphTests
{
    private readonly ModelPreparer _preparer = new(new ModelFormats([new SavedModelFormat()]));

    [Fact]
    public async Task A_frozen_graph_is_known_by_its_content_and_computes()
    {
        GraphWriter graph = Start();
        graph.Constant("weights", [1f, 2f, 3f, 4f], 2, 2);
        graph.Node("product", "MatMul", ["x", "weights"]);
        graph.Node("scores", "Softmax", ["product"]);
        graph.Node("best", "ArgMax", ["product", "axis"], ("output_type", Attribute.Type(TensorFlowType.Int64)));
        graph.Constant("axis", [1]);
        graph.Node("done", "NoOp", []);
        byte[] file = graph.ToGraph();

        Assert.True(new SavedModelFormat().Recognizes(new FormatSample("graph.pb", file.Length, file.AsMemory(0, Math.Min(file.Length, FormatSample.HeadLength)), [])));
        using PreparedModel prepared = await _preparer.PrepareAsync(new MemoryModelArtifact("graph.pb", ("graph.pb", file)), CancellationToken.None);
        using ILoadedModel model = await Engine.LoadAsync(GraphWriter.Convert(file));
        Tensor[] outputs = Engine.Run(model, [Engine.Of("x", [1f, 0f, 0f, 1f], 2, 2)]);

        Assert.Equal(["best", "scores"], outputs.Select(static output => output.Name).Order());
        Assert.Equal([1L, 1L], MemoryMarshal.Cast<byte, long>(outputs.Single(static output => output.Name == "best").Data.Span).ToArray());
    }

    [Fact]
    public void A_graph_with_variables_is_refused_with_what_to_do()
    {
        GraphWriter graph = Start();
        graph.Node("w", "VariableV2", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([2])));
        graph.Node("y", "Mul", ["x", "w"]);
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => GraphWriter.Convert(graph.ToGraph()));
        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains("'w'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SavedModel", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_without_inputs_is_refused()
    {
        GraphWriter graph = new();
        graph.Constant("a", [1f]);
        graph.Node("y", "Neg", ["a"]);
        Assert.Equal(ErrorCode.NotSupported, Assert.Throws<SlipwayException>(() => GraphWriter.Convert(graph.ToGraph())).Code);
    }

    [Fact]
    public async Task The_frozen_model_of_the_assets_computes_what_the_saved_one_does()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        using ILoadedModel frozen = await Engine.LoadAsync(GraphWriter.Convert(File.ReadAllBytes(Assets.PathOf("tf-savedmodel/mldotnet/model_matmul/frozen_saved_model.pb"))));
        using ILoadedModel saved = await Engine.LoadAsync(GraphWriter.Convert(File.ReadAllBytes(Assets.PathOf("tf-savedmodel/mldotnet/model_matmul/saved_model.pb"))));

        Tensor[] Inputs(ILoadedModel model) => [.. model.Signature.Inputs.Select(static input => Engine.Of(input.Name, [1f, 2f, 3f, 4f], 1, 2, 2))];
        Assert.Equal(Values(frozen, Inputs(frozen)), Values(saved, Inputs(saved)));
    }

    private static float[] Values(ILoadedModel model, Tensor[] inputs) => MemoryMarshal.Cast<byte, float>(Engine.Run(model, inputs)[0].Data.Span).ToArray();

    private static GraphWriter Start()
    {
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([-1, 2])));
        return graph;
    }
}
