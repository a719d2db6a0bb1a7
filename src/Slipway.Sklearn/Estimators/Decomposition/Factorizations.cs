using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Decomposition;

/// <summary>
/// Non-negative matrix factorization by coordinate descent (Cichocki &amp; Phan 2009): a row's shares of the components, found in rounds. scikit-learn ends the rounds when the rows of a
/// call together have come to rest; here each row ends by itself, so that its answer is that of a call with it alone, whatever comes with it.
/// </summary>
internal sealed class Factorizations : EstimatorConverter
{
    private const int MaxComponents = 512;
    private static readonly Version Scaled = new(1, 0);

    public override IReadOnlyList<string> ClassNames { get; } = ["NMF"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        Matrix components = estimator.Matrix("components_");
        if (estimator.Has("solver") && estimator.Text("solver") != "cd")
        {
            throw estimator.NotSupported("the solver 'mu' (its answer for a row depends much on the rows that come with it; solver='cd' is)");
        }

        if (estimator.Flag("shuffle") || components.Rows > MaxComponents)
        {
            throw estimator.NotSupported(estimator.Flag("shuffle") ? "drawing the order of components at random (shuffle)" : $"more than {MaxComponents} components");
        }

        (double l1, double l2) = Penalties(estimator, components.Columns);
        Matrix gram = SparseCoders.Gram(components);
        for (int i = 0; i < gram.Rows; i++)
        {
            gram.Values[(i * gram.Columns) + i] += l2;
        }

        GraphBuilder graph = scope.Graph;
        Edge products = graph.Sub(EmitLinear.Affine(graph, x.ToMatrix(scope), components, []), graph.Scalar(l1));
        return FeatureTable.Of(Rounds(estimator, graph, products, gram));
    }

    private static (double L1, double L2) Penalties(Estimator estimator, int features)
    {
        if (estimator.IsOlderThan(Scaled) && estimator.Number("alpha", 0) != 0)
        {
            throw estimator.NotSupported("the penalty of versions before 1.0 (alpha)");
        }

        double alpha = estimator.Number("alpha_W", 0) * features;
        double share = estimator.Number("l1_ratio", 0);
        return (alpha * share, alpha * (1 - share));
    }

    private static Edge Rounds(Estimator estimator, GraphBuilder graph, Edge products, Matrix gram)
    {
        Edge start = graph.Mul(products, graph.Scalar(0));
        Edge first = graph.Mul(graph.Columns(start, [0]), graph.Scalar(0));
        Edge active = graph.Equal(first, graph.Scalar(0));
        GraphBuilder body = graph.Subgraph();
        string unique = $"{products.Name}_{graph.NodeCount}";
        Edge round = body.Input($"factors_round_{unique}", OnnxDataType.Int64);
        body.Input($"factors_go_{unique}", OnnxDataType.Bool);
        Edge before = body.Input($"factors_before_{unique}", OnnxDataType.Double, -1, gram.Rows);
        Edge initial = body.Input($"factors_initial_{unique}", OnnxDataType.Double, -1, 1);
        Edge open = body.Input($"factors_open_{unique}", OnnxDataType.Bool, -1, 1);
        (Edge after, Edge violation) = Round(body, before, products, gram);
        Edge reference = body.Where(body.Equal(round, body.Scalar(0, OnnxDataType.Int64)), violation, initial);
        Edge still = body.And(open, body.Greater(violation, body.Mul(reference, body.Scalar(estimator.Number("tol", 1e-4)))));
        Edge any = body.Greater(body.ReduceMax(body.Reshape(body.Cast(still, OnnxDataType.Double), -1), 0, keepDimension: false), body.Scalar(0));
        body.Output(body.Reshape(any), $"factors_more_{unique}");
        body.Output(body.Where(open, after, before), $"factors_after_{unique}");
        body.Output(reference, $"factors_reference_{unique}");
        body.Output(still, $"factors_still_{unique}");
        return graph.Nodes(
            "Loop",
            "",
            [graph.Scalar(estimator.Integer("max_iter"), OnnxDataType.Int64), graph.Scalar(1, OnnxDataType.Bool), start, first, active],
            [(OnnxDataType.Double, start.Shape), (OnnxDataType.Double, first.Shape), (OnnxDataType.Bool, active.Shape)],
            NodeAttribute.Graph("body", body))[0];
    }

    // Newton's step for one share after the other, kept from falling below zero; the slopes that were left before each step add up to the violation.
    private static (Edge Shares, Edge Violation) Round(GraphBuilder graph, Edge before, Edge products, Matrix gram)
    {
        Edge zero = graph.Scalar(0);
        Edge shares = before;
        Edge violation = graph.Mul(graph.Columns(before, [0]), zero);
        for (int i = 0; i < gram.Rows; i++)
        {
            Edge old = graph.Columns(before, [i]);
            Edge slope = graph.Sub(graph.MatMul(shares, graph.Constant(gram.Row(i), gram.Columns, 1)), graph.Columns(products, [i]));
            violation = graph.Add(violation, graph.Abs(graph.Where(graph.Equal(old, zero), graph.Min(slope, zero), slope)));
            if (gram[i, i] == 0)
            {
                continue;
            }

            bool[] isUpdated = new bool[gram.Rows];
            isUpdated[i] = true;
            Edge updated = graph.Max(graph.Sub(old, graph.Div(slope, graph.Scalar(gram[i, i]))), zero);
            shares = graph.Where(graph.Constant(isUpdated, 1, gram.Rows), updated, shares);
        }

        return (shares, violation);
    }
}
