using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Sessions;

/// <summary>FP32 <c>x [batch, 2]</c> to 8 bits by the range of all its values, and back: a small row next to a large one becomes zero.</summary>
internal static class QuantisingModels
{
    /// <param name="place">Where the operator is: <c>main</c> graph, <c>branch</c> of an If, <c>function</c> of the model.</param>
    public static byte[] In(string place)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", OnnxDataType.Float, "batch", 2).Output("y", OnnxDataType.Float, "batch", 2);
        switch (place)
        {
            case "main":
                return builder
                    .Node("DynamicQuantizeLinear", ["x"], ["q", "scale", "zero"])
                    .Node("DequantizeLinear", ["q", "scale", "zero"], ["y"])
                    .Build();

            case "branch":
                return builder
                    .Node("Shape", ["x"], ["shape"])
                    .Node("ReduceMax", ["shape"], ["most"], "", OnnxAttributes.Int("keepdims", 0))
                    .Node("Cast", ["most"], ["some"], "", OnnxAttributes.Int("to", (long)OnnxDataType.Bool))
                    .Node("If", ["some"], ["y"], "", OnnxAttributes.Graph("then_branch", Branch), OnnxAttributes.Graph("else_branch", Branch))
                    .Build();

            default:
                byte[] model = builder.Opset("", 15).Opset("local", 1).Node("Coarse", ["x"], ["y"], "local").Build();
                ProtoWriter function = new();
                function.Message(25, WriteFunction);
                return [.. model, .. function.Written.Span];
        }
    }

    private static void Branch(ProtoWriter graph)
    {
        WriteNodes(graph, 1);
        graph.Text(2, "branch");
        graph.Message(12, static output => output.Text(1, "out"));
    }

    private static void WriteFunction(ProtoWriter function)
    {
        function.Text(1, "Coarse");
        function.Text(4, "x");
        function.Text(5, "out");
        WriteNodes(function, 7);
        function.Message(9, static opset =>
        {
            opset.Text(1, "");
            opset.Int64(2, 15);
        });
        function.Text(10, "local");
    }

    private static void WriteNodes(ProtoWriter target, int field)
    {
        target.Message(field, static node => OnnxModelBuilder.WriteNode(node, "DynamicQuantizeLinear", ["x"], ["q", "scale", "zero"]));
        target.Message(field, static node => OnnxModelBuilder.WriteNode(node, "DequantizeLinear", ["q", "scale", "zero"], ["out"]));
    }
}
