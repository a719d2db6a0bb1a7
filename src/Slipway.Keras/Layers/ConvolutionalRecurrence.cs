using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Layers.Recurrent;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Layers;

/// <summary>ConvLSTM1D to ConvLSTM3D: an LSTM over images whose products are convolutions. Gates in the order input, forget, candidate, output.</summary>
internal sealed class ConvolutionalRecurrence : LayerConverter
{
    private const int Gates = 4;

    public override IReadOnlyList<string> ClassNames => ["ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"];

    public override string Limits => "not stateful; without masks and initial states";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        GraphBuilder graph = call.Graph;
        ConfigNode config = call.Config;
        LayerTensor input = call.Input.AsFloat();
        int rank = call.Layer.ClassName[^2] - '0';
        if (config.Flag("stateful", false) || input.Mask is not null || call.Named.Values.Any(static argument => argument.Tensors.Count > 0))
        {
            throw call.Layer.NotSupported("it is stateful, or called with a mask or states");
        }

        if (input.Rank != rank + 3)
        {
            throw call.Layer.Invalid($"its input has {input.Rank} dimensions where {rank + 3} are expected");
        }

        bool useBias = config.Flag("use_bias", true);
        long filters = config.Integer("filters");
        WeightArray[] weights = call.Weights.Attribute("cell").Bind(call.Layer, useBias ? ["kernel", "recurrent_kernel", "bias"] : ["kernel", "recurrent_kernel"]);
        if (weights[0].Shape.Length != rank + 2 || weights[1].Shape.Length != rank + 2 || weights[0].Shape[^1] != Gates * filters || weights[1].Shape[^1] != Gates * filters || weights[1].Shape[^2] != filters)
        {
            throw call.Layer.Invalid($"its kernels do not fit {filters} filters");
        }

        // What of a step does not depend on the one before is computed for all steps at once.
        Edge x = ChannelsThird(call, input.Edge);
        TensorShape inner = new(x.Shape.Dimensions[2..].ToArray());
        Edge images = graph.ReshapeTo(x, [graph.Constant([-1L]), .. Enumerable.Range(2, rank + 1).Select(axis => graph.SizeOf(x, axis))], new TensorShape([-1, .. inner.Dimensions]));
        Edge projected = Convolutions.Convolve(new Images(call, images, IsLayerChannelsFirst: true), Convolutions.Kernel(call, weights[0], "kernel"), useBias ? weights[2] : null, 1);
        long[] spatial = projected.Shape.Dimensions[2..].ToArray();
        if (spatial.Any(static size => size < 0))
        {
            throw call.Layer.NotSupported("the size of its images is open");
        }

        Edge steps = graph.ReshapeTo(
            projected, [graph.SizeOf(x, 0), graph.SizeOf(x, 1), graph.Constant([Gates * filters, .. spatial])], new TensorShape([x.Shape[0], x.Shape[1], Gates * filters, .. spatial]));
        Edge[] results = Run(call, steps, Convolutions.Kernel(call, weights[1], "recurrent_kernel"), filters, spatial);
        return Outputs(call, results);
    }

    private static Edge[] Run(LayerCall call, Edge steps, Edge kernel, long filters, long[] spatial)
    {
        GraphBuilder graph = call.Graph;
        long samples = steps.Shape[0];
        TensorShape shape = new([samples, filters, .. spatial]);
        Edge empty = graph.Filled([graph.SizeOf(steps, 0), graph.Constant([filters, .. spatial])], shape);
        GraphBuilder body = graph.Subgraph();
        Edge before = body.Input(new Edge(call.Scope.UniqueName("output"), OnnxDataType.Float, shape));
        Edge cell = body.Input(new Edge(call.Scope.UniqueName("cell"), OnnxDataType.Float, shape));
        Edge step = body.Input(new Edge(call.Scope.UniqueName("step"), OnnxDataType.Float, new TensorShape([samples, Gates * filters, .. spatial])));
        long[] window = kernel.Shape.Dimensions[2..].ToArray();
        long[] pads = [.. window.Select(static size => (size - 1) / 2), .. window.Select(static size => size - 1 - ((size - 1) / 2))];
        Edge inner = body.Node("Conv", [before, kernel], OnnxDataType.Float, step.Shape, NodeAttribute.Of("kernel_shape", window), NodeAttribute.Of("pads", pads));
        Edge[] gates = body.Split(body.Add(step, inner), 1, filters, filters, filters, filters);
        Func<Edge, Edge> activate = Activations.ElementwiseOf(call.Layer, RecurrentCell.Name(call.Layer, "activation", "tanh"), body);
        Func<Edge, Edge> gate = Activations.ElementwiseOf(call.Layer, RecurrentCell.Name(call.Layer, "recurrent_activation", call.Layer.KerasMajor >= 3 ? "sigmoid" : "hard_sigmoid"), body);
        Edge next = body.Add(body.Mul(gate(gates[1]), cell), body.Mul(gate(gates[0]), activate(gates[2])));
        Edge output = body.Mul(gate(gates[3]), activate(next));
        body.Output(output, call.Scope.UniqueName("next"));
        body.Output(next, call.Scope.UniqueName("next"));
        body.Output(output, call.Scope.UniqueName("scanned"));
        long direction = call.Config.Flag("go_backwards", false) ? 1 : 0;
        return graph.Nodes(
            "Scan",
            "",
            [empty, empty, steps],
            [(OnnxDataType.Float, shape), (OnnxDataType.Float, shape), (OnnxDataType.Float, new TensorShape([samples, steps.Shape[1], filters, .. spatial]))],
            NodeAttribute.Graph("body", body),
            NodeAttribute.Of("num_scan_inputs", 1),
            NodeAttribute.Of("scan_input_axes", [1L]),
            NodeAttribute.Of("scan_input_directions", [direction]),
            NodeAttribute.Of("scan_output_axes", [1L]));
    }

    // Outputs of steps are in the order in which they ran.
    private static List<LayerTensor> Outputs(LayerCall call, Edge[] results)
    {
        GraphBuilder graph = call.Graph;
        bool first = call.Layer.IsChannelsFirst;
        LayerTensor State(Edge edge) => first ? LayerTensor.Of(graph, edge) : LayerTensor.OfMoved(graph, edge);
        List<LayerTensor> outputs = [];
        if (call.Config.Flag("return_sequences", false))
        {
            int rank = results[2].Rank;
            long[] order = [0, 1, .. Enumerable.Range(3, rank - 3).Select(static axis => (long)axis), 2];
            outputs.Add(LayerTensor.Of(graph, first ? results[2] : graph.Transpose(results[2], order)));
        }
        else
        {
            outputs.Add(State(results[0]));
        }

        if (call.Config.Flag("return_state", false))
        {
            outputs.AddRange([State(results[0]), State(results[1])]);
        }

        return outputs;
    }

    // [N, T, channels, sizes…] whichever order the layer has.
    private static Edge ChannelsThird(LayerCall call, Edge x) =>
        call.Layer.IsChannelsFirst ? x : call.Graph.Transpose(x, [0, 1, x.Rank - 1, .. Enumerable.Range(2, x.Rank - 3).Select(static axis => (long)axis)]);
}
