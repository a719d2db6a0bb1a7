using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.KernelMethods;

/// <summary>
/// Class probabilities out of pairwise ones: the second method of Wu, Lin &amp; Weng (2004, section 4), iterated exactly as libsvm does, early stop included, because the stop leaves
/// differences that can be seen.
/// </summary>
internal static class PairwiseCoupling
{
    private const double Floor = 1e-7;

    /// <summary>Emits the probabilities, <c>[N, k]</c>.</summary>
    /// <param name="pairs">Decisions of the pairs (0,1), (0,2) … in libsvm's sign, <c>[N, k(k-1)/2]</c>.</param>
    public static Edge Emit(GraphBuilder graph, Edge pairs, double[] a, double[] b, int k)
    {
        Edge logits = graph.Add(graph.Mul(pairs, EmitLinear.Row(graph, a)), EmitLinear.Row(graph, b));
        Edge r = graph.Min(graph.Max(EmitLinear.Sigmoid(graph, graph.Neg(logits)), graph.Scalar(Floor)), graph.Scalar(1 - Floor));
        Edge q = Quadratic(graph, r, k);
        Edge start = graph.Add(graph.Mul(graph.Columns(q, [0]), graph.Scalar(0)), EmitLinear.Row(graph, [.. Enumerable.Repeat(1.0 / k, k)]));
        return Iterate(graph, q, start, k);
    }

    // Q[t,t] = Σ r[j,t]², Q[t,j] = -r[j,t]·r[t,j], flattened to [N, k·k].
    private static Edge Quadratic(GraphBuilder graph, Edge r, int k)
    {
        Edge[,] ratio = new Edge[k, k];
        int pair = 0;
        for (int i = 0; i < k; i++)
        {
            for (int j = i + 1; j < k; j++, pair++)
            {
                ratio[i, j] = graph.Columns(r, [pair]);
                ratio[j, i] = graph.Sub(graph.Scalar(1), ratio[i, j]);
            }
        }

        List<Edge> entries = [];
        for (int t = 0; t < k; t++)
        {
            for (int j = 0; j < k; j++)
            {
                if (j != t)
                {
                    entries.Add(graph.Neg(graph.Mul(ratio[j, t], ratio[t, j])));
                    continue;
                }

                Edge sum = default;
                for (int other = 0; other < k; other++)
                {
                    if (other != t)
                    {
                        Edge square = graph.Mul(ratio[other, t], ratio[other, t]);
                        sum = sum.Name is null ? square : graph.Add(sum, square);
                    }
                }

                entries.Add(sum);
            }
        }

        return graph.Concat(entries, -1);
    }

    private static Edge Iterate(GraphBuilder graph, Edge q, Edge start, int k)
    {
        Edge rounds = graph.Scalar(Math.Max(100, k), OnnxDataType.Int64);
        Edge go = graph.Scalar(1, OnnxDataType.Bool);
        GraphBuilder body = graph.Subgraph();
        body.Input("_coupling_round", OnnxDataType.Int64);
        body.Input("_coupling_go", OnnxDataType.Bool);
        Edge p = body.Input("_coupling_p", OnnxDataType.Double, -1, k);
        Edge matrix = body.Reshape(q, -1, k, k);
        Edge qp = body.Reshape(body.MatMul(matrix, body.Reshape(p, -1, k, 1)), -1, k);
        Edge pqp = body.ReduceSum(body.Mul(p, qp), 1);
        Edge worst = body.ReduceMax(body.Abs(body.Sub(qp, pqp)), 1);
        Edge open = body.GreaterOrEqual(worst, body.Scalar(0.005 / k));
        (Edge next, Edge nextQp, Edge nextPqp) = (p, qp, pqp);
        for (int t = 0; t < k; t++)
        {
            Edge row = body.Columns(q, [.. Enumerable.Range(t * k, k).Select(static i => (long)i)]);
            Edge diagonal = body.Columns(row, [t]);
            Edge delta = body.Div(body.Sub(nextPqp, body.Columns(nextQp, [t])), diagonal);
            Edge grown = body.Add(body.Scalar(1), delta);
            double[] unit = new double[k];
            unit[t] = 1;
            Edge raised = body.Add(next, body.Mul(delta, EmitLinear.Row(body, unit)));
            Edge inner = body.Add(body.Mul(delta, diagonal), body.Mul(body.Scalar(2), body.Columns(nextQp, [t])));
            nextPqp = body.Div(body.Add(nextPqp, body.Mul(delta, inner)), body.Mul(grown, grown));
            nextQp = body.Div(body.Add(nextQp, body.Mul(delta, row)), grown);
            next = body.Div(raised, grown);
        }

        // Rows stop one by one; the loop when none is open.
        Edge updated = body.Where(open, next, p);
        Edge any = body.Node("ReduceMax", [body.Cast(open, OnnxDataType.Int32)], OnnxDataType.Int32, TensorShape.Scalar, NodeAttribute.Of("keepdims", 0));
        body.Output(body.Cast(any, OnnxDataType.Bool), "_coupling_open");
        body.Output(updated, "_coupling_next");
        return graph.Node("Loop", [rounds, go, start], OnnxDataType.Double, start.Shape, NodeAttribute.Graph("body", body));
    }
}
