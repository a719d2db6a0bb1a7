using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>Work that is done row by row, so that what lies between does not grow with the batch.</summary>
internal static class EmitRows
{
    /// <summary>Numbers a row may need in between before rows are taken one by one: 64 KiB.</summary>
    private const long LargestSpread = 1 << 13;

    /// <summary>Emits <paramref name="compute"/> over all rows at once when a row spreads to few numbers, else over one row after the other.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="x">Rows, <c>[N, F]</c>.</param>
    /// <param name="spread">Numbers that one row needs in between.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="compute">From rows <c>[n, F]</c> to <c>[n, width]</c>; may use edges of the outer graph.</param>
    public static Edge Emit(GraphBuilder graph, Edge x, long spread, long width, Func<GraphBuilder, Edge, Edge> compute)
    {
        if (spread <= LargestSpread)
        {
            return compute(graph, x);
        }

        Edge rows = graph.Gather(graph.Node("Shape", [x], OnnxDataType.Int64, new TensorShape(2)), graph.Scalar(0, OnnxDataType.Int64), 0);
        GraphBuilder body = graph.Subgraph();
        string name = x.Name;
        Edge index = body.Input($"{name}_row_{spread}_{graph.NodeCount}", OnnxDataType.Int64);
        Edge go = body.Input($"{name}_go_{spread}_{graph.NodeCount}", OnnxDataType.Bool);
        Edge row = body.Gather(x, body.Reshape(index, 1), 0);
        Edge result = body.Reshape(compute(body, row), width);
        body.Output(go, $"{name}_more_{spread}_{graph.NodeCount}");
        body.Output(result, $"{name}_done_{spread}_{graph.NodeCount}");
        return graph.Node("Loop", [rows, graph.Scalar(1, OnnxDataType.Bool)], result.Type, new TensorShape(-1, width), NodeAttribute.Graph("body", body));
    }
}
