using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Decomposition;

/// <summary>
/// Topics of documents by latent Dirichlet allocation: the variational distribution of each row over the topics, found in rounds (Hoffman, Blei and Bach 2010, algorithm 2, E step).
/// Rows that have converged keep what they have while others go on, so that no row's answer depends on another's.
/// </summary>
internal sealed class Topics : EstimatorConverter
{
    private const double Epsilon = 2.220446049250313e-16;

    public override IReadOnlyList<string> ClassNames { get; } = ["LatentDirichletAllocation"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Matrix words = estimator.Matrix("exp_dirichlet_component_");
        Edge counts = x.ToMatrix(scope);
        Edge ones = graph.Add(graph.Mul(EmitLinear.Affine(graph, counts, new Matrix(new double[words.Rows * words.Columns], words.Rows, words.Columns), []), graph.Scalar(0)), graph.Scalar(1));
        Edge start = graph.Mul(ones, graph.Scalar(Math.Exp(SpecialFunctions.Digamma(1) - SpecialFunctions.Digamma(words.Rows))));
        Edge active = graph.Greater(graph.ReduceMax(ones, 1), graph.Scalar(0));
        Edge topics = Rounds(estimator, graph, counts, words, ones, start, active);
        return FeatureTable.Of(graph.Div(topics, graph.ReduceSum(topics, 1)));
    }

    private static Edge Rounds(Estimator estimator, GraphBuilder graph, Edge counts, Matrix words, Edge topics, Edge weights, Edge active)
    {
        Edge component = graph.Constant(words.Values, words.Rows, words.Columns);
        Edge transposed = graph.Constant(words.Transposed().Values, words.Columns, words.Rows);
        GraphBuilder body = graph.Subgraph();
        string unique = $"{counts.Name}_{graph.NodeCount}";
        body.Input($"topics_round_{unique}", OnnxDataType.Int64);
        body.Input($"topics_go_{unique}", OnnxDataType.Bool);
        Edge before = body.Input($"topics_before_{unique}", OnnxDataType.Double, -1, words.Rows);
        Edge weight = body.Input($"topics_weight_{unique}", OnnxDataType.Double, -1, words.Rows);
        Edge open = body.Input($"topics_open_{unique}", OnnxDataType.Bool, -1, 1);

        // 1. How much each topic explains of each word, and so of the document.
        Edge explained = body.Add(body.MatMul(weight, component), body.Scalar(Epsilon));
        Edge after = body.Add(body.Mul(weight, body.MatMul(body.Div(counts, explained), transposed)), body.Scalar(estimator.Number("doc_topic_prior_")));
        Edge expected = body.Exp(body.Sub(Digamma(body, after), Digamma(body, body.ReduceSum(after, 1))));

        // 2. Rows that changed little are done.
        Edge change = body.ReduceMean(body.Abs(body.Sub(before, after)), 1);
        Edge still = body.And(open, body.GreaterOrEqual(change, body.Scalar(estimator.Number("mean_change_tol", 1e-3))));
        Edge any = body.Greater(body.ReduceMax(body.Reshape(body.Cast(still, OnnxDataType.Double), -1), 0, keepDimension: false), body.Scalar(0));
        body.Output(body.Reshape(any), $"topics_more_{unique}");
        body.Output(body.Where(open, after, before), $"topics_after_{unique}");
        body.Output(body.Where(open, expected, weight), $"topics_expected_{unique}");
        body.Output(still, $"topics_still_{unique}");

        Edge rounds = graph.Scalar(estimator.Number("max_doc_update_iter", 100), OnnxDataType.Int64);
        Edge[] results = graph.Nodes(
            "Loop",
            "",
            [rounds, graph.Scalar(1, OnnxDataType.Bool), topics, weights, active],
            [(OnnxDataType.Double, topics.Shape), (OnnxDataType.Double, weights.Shape), (OnnxDataType.Bool, active.Shape)],
            NodeAttribute.Graph("body", body));
        return results[0];
    }

    // The derivative of ln Γ: raised to 6 or more by its recurrence, then its asymptotic series (Bernardo 1976), as scikit-learn computes it.
    private static Edge Digamma(GraphBuilder graph, Edge x)
    {
        Edge six = graph.Scalar(6);
        Edge one = graph.Scalar(1);
        Edge zero = graph.Scalar(0);
        Edge result = graph.Mul(x, zero);
        for (int step = 0; step < 6; step++)
        {
            Edge isSmall = graph.Less(x, six);
            result = graph.Sub(result, graph.Where(isSmall, graph.Div(one, x), zero));
            x = graph.Add(x, graph.Where(isSmall, one, zero));
        }

        Edge square = graph.Div(one, graph.Mul(x, x));
        Edge series = graph.Mul(square, graph.Sub(graph.Scalar(1.0 / 12), graph.Mul(square, graph.Sub(graph.Scalar(1.0 / 120), graph.Mul(square, graph.Scalar(1.0 / 252))))));
        return graph.Add(result, graph.Sub(graph.Sub(graph.Log(x), graph.Div(graph.Scalar(0.5), x)), series));
    }
}
