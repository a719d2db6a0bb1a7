using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers.Recurrent;

/// <summary>
/// Runs cells over a sequence step by step with ONNX' Scan: any activation, stacks of cells, and masks. A step that does not count leaves the states
/// as they are and gives the output of the step before, or zero.
/// </summary>
internal static class ScanLoop
{
    /// <summary>Emits the run.</summary>
    /// <param name="cells">Cells one after another in each step.</param>
    /// <param name="x"><c>[N, T, features]</c>.</param>
    /// <param name="mask">Which steps count, <c>[N, T]</c>.</param>
    /// <param name="initial">States at the start, of all cells; null: zero.</param>
    /// <param name="zeroMasked">Whether steps that do not count give zero.</param>
    public static SequenceResult Run(LayerCall call, IReadOnlyList<RecurrentCell> cells, Edge x, Edge? mask, IReadOnlyList<Edge>? initial, bool backwards, bool zeroMasked)
    {
        GraphBuilder graph = call.Graph;
        Edge projected = cells[0].Project(graph, x);
        long samples = x.Shape[0];
        long[] sizes = [cells[^1].Units, .. cells.SelectMany(static cell => Enumerable.Repeat(cell.Units, cell.States))];
        Edge count = graph.SizeOf(x, 0);
        List<Edge> inputs = [graph.Filled([count, graph.Constant([sizes[0]])], new TensorShape(samples, sizes[0]))];
        inputs.AddRange(initial ?? [.. sizes[1..].Select(size => graph.Filled([count, graph.Constant([size])], new TensorShape(samples, size)))]);
        inputs.Add(projected);
        if (mask is { } steps)
        {
            inputs.Add(steps);
        }

        GraphBuilder body = graph.Subgraph();
        Edge[] carried = [.. sizes.Select(size => body.Input(call.Scope.UniqueName("state"), OnnxDataType.Float, samples, size))];
        Edge step = body.Input(call.Scope.UniqueName("step"), OnnxDataType.Float, samples, projected.Width);
        Edge? counts = mask is null ? null : body.Unsqueeze(body.Input(call.Scope.UniqueName("mask"), OnnxDataType.Bool, samples), 1);
        List<Edge> after = Step(body, cells, step, carried, counts, zeroMasked);
        foreach (Edge edge in after)
        {
            body.Output(edge, call.Scope.UniqueName("next"));
        }

        body.Output(after[0], call.Scope.UniqueName("output"));
        int scanned = mask is null ? 1 : 2;
        (OnnxDataType, TensorShape)[] outputs =
        [
            .. sizes.Select(size => (OnnxDataType.Float, new TensorShape(samples, size))),
            (OnnxDataType.Float, new TensorShape(samples, x.Shape[1], sizes[0])),
        ];
        long direction = backwards ? 1 : 0;
        Edge[] results = graph.Nodes(
            "Scan",
            "",
            inputs,
            outputs,
            NodeAttribute.Graph("body", body),
            NodeAttribute.Of("num_scan_inputs", scanned),
            NodeAttribute.Of("scan_input_axes", [.. Enumerable.Repeat(1L, scanned)]),
            NodeAttribute.Of("scan_input_directions", [.. Enumerable.Repeat(direction, scanned)]),
            NodeAttribute.Of("scan_output_axes", [1L]),
            NodeAttribute.Of("scan_output_directions", [direction]));
        return new SequenceResult(results[^1], results[0], results[1..^1]);
    }

    // What is carried: the output of the step before, then the states of all cells.
    private static List<Edge> Step(GraphBuilder body, IReadOnlyList<RecurrentCell> cells, Edge step, Edge[] carried, Edge? counts, bool zeroMasked)
    {
        List<Edge> states = [];
        Edge output = step;
        int next = 1;
        for (int i = 0; i < cells.Count; i++)
        {
            Edge projected = i == 0 ? step : cells[i].Project(body, output);
            IReadOnlyList<Edge> after = cells[i].Step(body, projected, carried[next..(next + cells[i].States)]);
            output = after[0];
            states.AddRange(counts is { } counted ? after.Select((edge, s) => body.Where(counted, edge, carried[next + s])) : after);
            next += cells[i].States;
        }

        output = counts is { } mask ? body.Where(mask, output, zeroMasked ? body.Single(0) : carried[0]) : output;
        return [output, .. states];
    }
}
