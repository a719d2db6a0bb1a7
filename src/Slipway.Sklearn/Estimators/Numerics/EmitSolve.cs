using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>Systems of linear equations that differ from row to row.</summary>
internal static class EmitSolve
{
    /// <summary>Solves a system for each row of the batch by Gauss and Jordan, without exchanging equations: for positive definite matrices.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="matrix">The systems, <c>[N, k, k]</c>.</param>
    /// <param name="right">The right sides, <c>[N, k, 1]</c>.</param>
    /// <returns>The solutions, <c>[N, k, 1]</c>.</returns>
    public static Edge PositiveDefinite(GraphBuilder graph, Edge matrix, Edge right)
    {
        int k = (int)matrix.Shape[1];
        Edge both = graph.Concat([matrix, right], 2);
        GraphBuilder body = graph.Subgraph();
        string unique = $"{both.Name}_{graph.NodeCount}";
        Edge step = body.Input($"solve_step_{unique}", OnnxDataType.Int64);
        Edge go = body.Input($"solve_go_{unique}", OnnxDataType.Bool);
        Edge before = body.Input(new Edge($"solve_before_{unique}", OnnxDataType.Double, both.Shape));
        Edge index = body.Reshape(step, 1);
        Edge equation = body.Gather(before, index, 1);
        Edge scaled = body.Div(equation, body.Gather(equation, index, 2));

        // The step's own equation becomes the scaled one, all others lose their share of it.
        Edge share = body.Sub(body.Gather(before, index, 2), body.Gather(body.Constant(Identity(k), k, k), index, 1));
        Edge after = body.Sub(before, body.Mul(share, scaled));
        body.Output(go, $"solve_more_{unique}");
        body.Output(after with { Shape = both.Shape }, $"solve_after_{unique}");
        Edge solved = graph.Node("Loop", [graph.Scalar(k, OnnxDataType.Int64), graph.Scalar(1, OnnxDataType.Bool), both], OnnxDataType.Double, both.Shape, NodeAttribute.Graph("body", body));
        return graph.Gather(solved, graph.Constant([(long)k]), 2);
    }

    private static double[] Identity(int size)
    {
        double[] values = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            values[(i * size) + i] = 1;
        }

        return values;
    }
}
