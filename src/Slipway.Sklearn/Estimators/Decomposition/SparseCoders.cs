using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Decomposition;

/// <summary>Rows as sums of few atoms of a dictionary: by thresholds, by orthogonal matching pursuit or by the lasso. What least angle regression would find is refused.</summary>
internal sealed class SparseCoders : EstimatorConverter
{
    private const int MaxAtoms = 1024;
    private const int MaxSteps = 64;
    private const double Epsilon = 2.220446049250313e-16;

    public override IReadOnlyList<string> ClassNames { get; } = ["SparseCoder", "DictionaryLearning", "MiniBatchDictionaryLearning"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Matrix atoms = estimator.Matrix(estimator.ClassName == "SparseCoder" ? "dictionary" : "components_");
        if (atoms.Rows > MaxAtoms)
        {
            throw estimator.NotSupported($"a dictionary of more than {MaxAtoms} atoms");
        }

        Edge rows = x.ToMatrix(scope);
        Edge products = EmitLinear.Affine(graph, rows, atoms, []);
        double alpha = estimator.Has("transform_alpha") ? estimator.Number("transform_alpha") : estimator.Number("alpha", 1);
        Edge code = estimator.Text("transform_algorithm") switch
        {
            "threshold" => Threshold(estimator, graph, products, alpha),
            "omp" => Pursue(estimator, graph, products, atoms),
            "lasso_cd" => LassoCodes.Emit(estimator, graph, rows, products, atoms, alpha),
            var algorithm => throw estimator.NotSupported($"coding by least angle regression (transform_algorithm='{algorithm}'; 'omp', 'threshold' and 'lasso_cd' are)"),
        };
        if (!estimator.Flag("split_sign"))
        {
            return FeatureTable.Of(code);
        }

        Edge zero = graph.Scalar(0);
        return FeatureTable.Of(graph.Concat([graph.Max(code, zero), graph.Neg(graph.Min(code, zero))], -1));
    }

    /// <summary>The inner products of all atoms with each other.</summary>
    public static Matrix Gram(Matrix atoms) => LinearAlgebra.Multiply(atoms, atoms.Transposed());

    private static Edge Threshold(Estimator estimator, GraphBuilder graph, Edge products, double alpha)
    {
        Edge left = graph.Max(graph.Sub(graph.Abs(products), graph.Scalar(alpha)), graph.Scalar(0));
        Edge code = graph.Mul(graph.Sign(products), left);
        return estimator.Flag("positive_code") ? graph.Max(code, graph.Scalar(0)) : code;
    }

    // The atom nearest to what is left joins, then all that joined are fitted anew (Rubinstein, Zibulevsky & Elad 2008), until there are enough or nothing is left.
    private static Edge Pursue(Estimator estimator, GraphBuilder graph, Edge products, Matrix atoms)
    {
        int steps = estimator.Has("transform_n_nonzero_coefs") ? (int)estimator.Integer("transform_n_nonzero_coefs") : (int)Math.Min(Math.Max(atoms.Columns / 10.0, 1), atoms.Rows);
        if (steps < 1 || steps > Math.Min(MaxSteps, atoms.Rows))
        {
            throw estimator.NotSupported($"{steps} atoms a row");
        }

        Edge gram = graph.Constant(Gram(atoms).Values, atoms.Rows, atoms.Rows);
        Edge left = products;
        Edge open = graph.Equal(graph.Mul(graph.Columns(products, [0]), graph.Scalar(0)), graph.Scalar(0));
        Edge? chosen = null;
        Edge? joined = null;
        Edge code = graph.Mul(products, graph.Scalar(0));
        Edge all = graph.Constant([.. Enumerable.Range(0, atoms.Rows).Select(static i => (long)i)], 1, atoms.Rows);
        for (int step = 0; step < steps; step++)
        {
            // 1. Whether the best atom is new, not orthogonal to what is left, and not a sum of those that joined.
            Edge best = graph.ArgMax(graph.Abs(left), keepDimension: true);
            Edge share = graph.Node("GatherElements", [left, best], OnnxDataType.Double, new TensorShape(-1, 1), NodeAttribute.Of("axis", 1));
            open = graph.And(open, graph.GreaterOrEqual(graph.Mul(share, share), graph.Scalar(Epsilon)));
            if (chosen is { } before && joined is { } active)
            {
                Edge isOld = graph.And(graph.Equal(before, best), active);
                open = graph.And(open, graph.Not(graph.Greater(graph.ReduceMax(graph.Cast(isOld, OnnxDataType.Double), 1), graph.Scalar(0))));
                open = graph.And(open, graph.Greater(Remainder(graph, gram, before, active, best), graph.Scalar(Epsilon)));
            }

            // 2. Fitted anew; a row that is done keeps what it has.
            chosen = chosen is { } some ? graph.Concat([some, best], 1) : best;
            joined = joined is { } others ? graph.Concat([others, open], 1) : open;
            Edge wanted = graph.Node("GatherElements", [products, chosen.Value], OnnxDataType.Double, chosen.Value.Shape, NodeAttribute.Of("axis", 1));
            Edge weights = Fit(graph, gram, chosen.Value, joined.Value, wanted);
            Edge isAtom = graph.Cast(graph.Equal(graph.Reshape(chosen.Value, -1, step + 1, 1), graph.Reshape(all, 1, 1, atoms.Rows)), OnnxDataType.Double);
            code = graph.ReduceSum(graph.Mul(isAtom, weights), 1, keepDimension: false);
            left = graph.Sub(products, graph.MatMul(code, gram));
        }

        return code;
    }

    // What of an atom the chosen ones can't explain.
    private static Edge Remainder(GraphBuilder graph, Edge gram, Edge chosen, Edge joined, Edge atom)
    {
        Edge row = graph.Reshape(graph.Gather(gram, graph.Reshape(atom, -1), 0), -1, gram.Shape[1]);
        Edge with = graph.Node("GatherElements", [row, chosen], OnnxDataType.Double, chosen.Shape, NodeAttribute.Of("axis", 1));
        Edge own = graph.Node("GatherElements", [row, atom], OnnxDataType.Double, new TensorShape(-1, 1), NodeAttribute.Of("axis", 1));
        Edge weights = graph.Reshape(Fit(graph, gram, chosen, joined, with), -1, chosen.Shape[1]);
        return graph.Sub(own, graph.ReduceSum(graph.Mul(weights, with), 1));
    }

    // Weights of the chosen atoms, [N, steps, 1]; zero for those that did not join.
    private static Edge Fit(GraphBuilder graph, Edge gram, Edge chosen, Edge joined, Edge wanted)
    {
        long count = chosen.Shape[1];
        Edge rows = graph.Gather(gram, chosen, 0);
        double[] ones = [.. Enumerable.Repeat(1.0, (int)count)];
        Edge columns = graph.Cast(graph.Mul(graph.Cast(graph.Reshape(chosen, -1, 1, count), OnnxDataType.Double), graph.Constant(ones, 1, count, 1)), OnnxDataType.Int64);
        Edge square = graph.Node("GatherElements", [rows, columns], OnnxDataType.Double, new TensorShape(-1, count, count), NodeAttribute.Of("axis", 2));
        Edge both = graph.And(graph.Reshape(joined, -1, count, 1), graph.Reshape(joined, -1, 1, count));
        double[] identity = [.. Enumerable.Range(0, (int)(count * count)).Select(i => i % (count + 1) == 0 ? 1.0 : 0)];
        Edge system = graph.Where(both, square, graph.Constant(identity, 1, count, count));
        Edge right = graph.Where(joined, wanted, graph.Scalar(0));
        return EmitSolve.PositiveDefinite(graph, system, graph.Reshape(right, -1, count, 1));
    }
}
