using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>Products of features up to a degree, in scikit-learn's lexicographic order.</summary>
internal sealed class Polynomials : EstimatorConverter
{
    private const int MaxTerms = 100_000;

    public override IReadOnlyList<string> ClassNames { get; } = ["PolynomialFeatures"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        int features = (int)matrix.Width;
        int highest = (int)(estimator.Has("_max_degree") ? estimator.Integer("_max_degree") : estimator.Integer("degree"));
        int lowest = (int)(estimator.Has("_min_degree") ? estimator.Integer("_min_degree") : 0);
        bool distinct = estimator.Flag("interaction_only");
        List<Edge> blocks = [];
        Edge ones = graph.Add(graph.Mul(graph.Columns(matrix, [0]), graph.Scalar(0)), graph.Scalar(1));
        if (estimator.Flag("include_bias", true))
        {
            blocks.Add(ones);
        }

        List<int[]> terms = [.. Enumerable.Range(0, features).Select(static i => new[] { i })];
        Edge products = matrix;
        for (int degree = 1; degree <= highest; degree++)
        {
            if (degree > 1)
            {
                (terms, products) = Next(graph, matrix, terms, products, features, distinct, estimator);
            }

            if (degree >= Math.Max(1, lowest) && terms.Count > 0)
            {
                blocks.Add(products);
            }
        }

        return FeatureTable.Of(graph.Concat(blocks, -1));
    }

    // Terms of the next degree: each term times every feature from its last one on (after it, when products must be of distinct features).
    private static (List<int[]> Terms, Edge Products) Next(
        GraphBuilder graph, Edge matrix, List<int[]> terms, Edge products, int features, bool distinct, Estimator estimator)
    {
        List<int[]> next = [];
        List<long> left = [];
        List<long> right = [];
        for (int i = 0; i < terms.Count; i++)
        {
            for (int feature = terms[i][^1] + (distinct ? 1 : 0); feature < features; feature++)
            {
                next.Add([.. terms[i], feature]);
                left.Add(i);
                right.Add(feature);
                if (next.Count > MaxTerms)
                {
                    throw estimator.NotSupported($"more than {MaxTerms} products of features");
                }
            }
        }

        return next.Count == 0 ? (next, products) : (next, graph.Mul(graph.Gather(products, graph.Constant([.. left]), 1), graph.Gather(matrix, graph.Constant([.. right]), 1)));
    }
}
