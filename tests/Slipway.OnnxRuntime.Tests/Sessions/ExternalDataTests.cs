using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Sessions;

public sealed class ExternalDataTests
{
    private static readonly byte[] Weights = [.. BitConverter.GetBytes(10f), .. BitConverter.GetBytes(20f)];

    [Fact]
    public async Task Weights_are_taken_from_the_content_that_was_handed_over()
    {
        using OnnxModelRuntime runtime = Engine.Runtime();
        using PreparedModel prepared = Engine.Prepared(Model("weights.bin"), ("weights.bin", Weights), ("unused.bin", []));
        using ILoadedModel model = await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);

        using Tensor y = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(1, 2), 1, 2)));

        Assert.Equal([11, 22], Engine.Floats(y));
    }

    [Fact]
    public async Task Weights_are_mapped_from_an_open_file_whose_name_is_gone()
    {
        using TemporaryFolder folder = new();
        string weights = folder.Write("w", Weights);
        string model = folder.Write("m", Model("sub/weights.bin"));
        using PreparedModel prepared = new()
        {
            Runtime = OnnxModelRuntime.RuntimeName,
            Model = new ModelContent(File.OpenHandle(model), new FileInfo(model).Length),
            ExternalData = new Dictionary<string, ModelContent> { ["sub/weights.bin"] = new(File.OpenHandle(weights), Weights.Length) },
            Digest = "external-file",
            Platform = "onnxruntime_onnx",
        };
        File.Delete(weights);
        File.Delete(model);
        using OnnxModelRuntime runtime = Engine.Runtime();
        using ILoadedModel loaded = await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None);

        using Tensor y = Assert.Single(Engine.Run(loaded, Engine.Floats("x", new TensorShape(1, 2), 1, 2)));

        Assert.Equal([11, 22], Engine.Floats(y));
    }

    [Theory]
    [InlineData("weights.bin")]
    [InlineData("./weights.bin")]
    [InlineData("../weights.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("*/_ORT_MEM_ADDR_/*")]
    [InlineData("")]
    public async Task Location_that_was_not_handed_over_is_refused_although_the_file_is_there(string location)
    {
        // The engine would look in the working directory.
        string here = Path.Combine(Environment.CurrentDirectory, "weights.bin");
        await File.WriteAllBytesAsync(here, Weights);
        try
        {
            SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => Engine.LoadAsync(Model(location)));
            Assert.Equal(ErrorCode.InvalidModel, failure.Code);
            Assert.Contains("not among the version's files", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(here);
        }
    }

    [Theory]
    [InlineData("100", null)]
    [InlineData("4", "8")]
    [InlineData("-8", "8")]
    [InlineData("0", "4")]
    [InlineData("0", "99999999999999999999")]
    public async Task Range_outside_the_file_is_refused(string offset, string? length)
    {
        using OnnxModelRuntime runtime = Engine.Runtime();
        using PreparedModel prepared = Engine.Prepared(Model("weights.bin", offset, length), ("weights.bin", Weights));

        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(
            async () => await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidModel, failure.Code);
    }

    [Fact]
    public async Task Data_of_a_constant_node_in_another_file_is_refused()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, 2).Output("y", OnnxDataType.Float, 2)
            .Node("Constant", [], ["c"], "", attribute =>
            {
                attribute.Text(1, "value");
                attribute.Message(5, External);
                attribute.Int64(20, 4);
            })
            .Node("Add", ["x", "c"], ["y"])
            .Build();

        await Refused(bytes);
    }

    [Fact]
    public async Task Data_of_a_subgraph_in_another_file_is_refused()
    {
        Action<ProtoWriter> branch = graph =>
        {
            graph.Message(1, node => OnnxModelBuilder.WriteNode(node, "Identity", ["w"], ["z"]));
            graph.Text(2, "branch");
            graph.Message(5, External);
            graph.Message(12, value => value.Text(1, "z"));
        };
        byte[] bytes = new OnnxModelBuilder()
            .Input("c", OnnxDataType.Bool).Output("y", OnnxDataType.Float, 2)
            .Node("If", ["c"], ["y"], "", OnnxAttributes.Graph("then_branch", branch), OnnxAttributes.Graph("else_branch", branch))
            .Build();

        await Refused(bytes);
    }

    private static async Task Refused(byte[] bytes)
    {
        using OnnxModelRuntime runtime = Engine.Runtime();
        using PreparedModel prepared = Engine.Prepared(bytes, ("weights.bin", Weights));
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(
            async () => await runtime.LoadAsync(prepared, new EngineConfig(), CancellationToken.None));
        Assert.Equal(ErrorCode.InvalidModel, failure.Code);
        Assert.Contains("other than an initializer of its main graph", failure.Message, StringComparison.Ordinal);
    }

    private static void External(ProtoWriter tensor)
    {
        tensor.Int64(1, 2);
        tensor.Int64(2, (long)OnnxDataType.Float);
        tensor.Text(8, "w");
        tensor.Message(13, entry =>
        {
            entry.Text(1, "location");
            entry.Text(2, "weights.bin");
        });
        tensor.Int64(14, 1);
    }

    private static byte[] Model(string location, string? offset = null, string? length = null) => new OnnxModelBuilder()
        .Input("x", OnnxDataType.Float, "n", 2).Output("y", OnnxDataType.Float, "n", 2)
        .External("w", OnnxDataType.Float, [2], location, offset, length)
        .Node("Add", ["x", "w"], ["y"])
        .Build();
}
