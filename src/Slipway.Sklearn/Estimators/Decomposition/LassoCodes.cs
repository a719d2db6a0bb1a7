using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Decomposition;

/// <summary>
/// The lasso of each row over the atoms of a dictionary by coordinate descent (Friedman, Hastie &amp; Tibshirani 2010), in rounds over all atoms until the duality gap is small. Rows that
/// are done keep what they have while others go on, so that no row's answer depends on another's.
/// </summary>
internal static class LassoCodes
{
    // scikit-learn's own, which a sparse coder can't be told.
    private const double Tolerance = 1e-4;
    private const int MaxAtoms = 256;

    /// <summary>The codes, <c>[N, atoms]</c>.</summary>
    public static Edge Emit(Estimator estimator, GraphBuilder graph, Edge rows, Edge products, Matrix atoms, double alpha)
    {
        if (atoms.Rows > MaxAtoms)
        {
            throw estimator.NotSupported($"the lasso over more than {MaxAtoms} atoms");
        }

        Matrix gram = SparseCoders.Gram(atoms);
        Edge lengths = graph.ReduceSum(graph.Mul(rows, rows), 1);
        Edge start = graph.Mul(products, graph.Scalar(0));
        Edge open = graph.Equal(graph.Mul(lengths, graph.Scalar(0)), graph.Scalar(0));
        GraphBuilder body = graph.Subgraph();
        string unique = $"{products.Name}_{graph.NodeCount}";
        Edge round = body.Input($"lasso_round_{unique}", OnnxDataType.Int64);
        body.Input($"lasso_go_{unique}", OnnxDataType.Bool);
        Edge before = body.Input($"lasso_before_{unique}", OnnxDataType.Double, -1, atoms.Rows);
        Edge isOpen = body.Input($"lasso_open_{unique}", OnnxDataType.Bool, -1, 1);
        bool isPositive = estimator.Flag("positive_code");
        (Edge after, Edge fitted) = Round(body, before, products, gram, alpha, isPositive);

        // The gap is looked at when little has changed, and before the last round ends.
        int most = (int)estimator.Number("transform_max_iter", 1000);
        Edge zero = body.Scalar(0);
        Edge largest = body.ReduceMax(body.Abs(after), 1);
        Edge change = body.ReduceMax(body.Abs(body.Sub(after, before)), 1);
        Edge isStill = body.Or(body.Equal(largest, zero), body.Less(change, body.Mul(largest, body.Scalar(Tolerance))));
        Edge isLast = body.Equal(round, body.Scalar(most - 1, OnnxDataType.Int64));
        Edge isClose = body.Less(Gap(body, after, fitted, products, lengths, alpha, isPositive), body.Mul(lengths, body.Scalar(Tolerance)));
        Edge still = body.And(isOpen, body.Not(body.And(body.Or(isStill, isLast), isClose)));
        Edge any = body.Greater(body.ReduceMax(body.Reshape(body.Cast(still, OnnxDataType.Double), -1), 0, keepDimension: false), zero);
        body.Output(body.Reshape(any), $"lasso_more_{unique}");
        body.Output(body.Where(isOpen, after, before), $"lasso_after_{unique}");
        body.Output(still, $"lasso_still_{unique}");
        return graph.Nodes(
            "Loop",
            "",
            [graph.Scalar(most, OnnxDataType.Int64), graph.Scalar(1, OnnxDataType.Bool), start, open],
            [(OnnxDataType.Double, start.Shape), (OnnxDataType.Bool, open.Shape)],
            NodeAttribute.Graph("body", body))[0];
    }

    // One weight after the other; the products of all atoms with what the code makes follow each change.
    private static (Edge Code, Edge Fitted) Round(GraphBuilder graph, Edge before, Edge products, Matrix gram, double alpha, bool isPositive)
    {
        Edge fitted = graph.MatMul(before, graph.Constant(gram.Values, gram.Rows, gram.Columns));
        Edge[] weights = new Edge[gram.Rows];
        for (int i = 0; i < weights.Length; i++)
        {
            Edge old = graph.Columns(before, [i]);
            if (gram[i, i] == 0)
            {
                weights[i] = old;
                continue;
            }

            Edge row = EmitLinear.Row(graph, gram.Row(i));
            Edge without = graph.Sub(fitted, graph.Mul(old, row));
            Edge pull = graph.Sub(graph.Columns(products, [i]), graph.Columns(without, [i]));
            Edge left = graph.Max(graph.Sub(isPositive ? pull : graph.Abs(pull), graph.Scalar(alpha)), graph.Scalar(0));
            weights[i] = graph.Div(isPositive ? left : graph.Mul(graph.Sign(pull), left), graph.Scalar(gram[i, i]));
            fitted = graph.Add(without, graph.Mul(weights[i], row));
        }

        return (graph.Concat(weights, -1), fitted);
    }

    private static Edge Gap(GraphBuilder graph, Edge code, Edge fitted, Edge products, Edge lengths, double alpha, bool isPositive)
    {
        Edge Sum(Edge terms) => graph.ReduceSum(terms, 1);
        Edge bound = graph.Scalar(alpha);
        Edge correlation = graph.Sub(products, fitted);
        Edge norm = graph.ReduceMax(isPositive ? correlation : graph.Abs(correlation), 1);
        Edge explained = Sum(graph.Mul(code, products));
        Edge residual = graph.Sub(graph.Add(lengths, Sum(graph.Mul(code, fitted))), graph.Mul(explained, graph.Scalar(2)));
        Edge isOutside = graph.Greater(norm, bound);
        Edge scale = graph.Where(isOutside, graph.Div(bound, graph.Where(isOutside, norm, graph.Scalar(1))), graph.Scalar(1));
        Edge half = graph.Mul(graph.Mul(residual, graph.Add(graph.Mul(scale, scale), graph.Scalar(1))), graph.Scalar(0.5));
        Edge penalty = graph.Mul(Sum(graph.Abs(code)), bound);
        return graph.Add(graph.Add(half, penalty), graph.Mul(scale, graph.Sub(explained, lengths)));
    }
}
