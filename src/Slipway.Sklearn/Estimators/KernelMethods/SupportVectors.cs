using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.KernelMethods;

/// <summary>
/// Support vector machines as libsvm computes them (Chang &amp; Lin 2011): kernel values against the support vectors, one decision for each pair of classes, votes, and where fitted,
/// probabilities by Platt's sigmoid and pairwise coupling. Computed in binary64.
/// </summary>
internal sealed class SupportVectors : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["SVC", "NuSVC", "SVR", "NuSVR", "OneClassSVM"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge kernel = Kernel(estimator, graph, x.ToMatrix(scope));
        Matrix dual = estimator.Has("_dual_coef_") ? estimator.Matrix("_dual_coef_") : estimator.Matrix("dual_coef_");
        double[] intercept = estimator.Has("_intercept_") ? estimator.Vector("_intercept_") : estimator.Vector("intercept_");
        if (estimator.ClassName is "SVR" or "NuSVR")
        {
            return new Prediction { Value = EmitLinear.Affine(graph, kernel, dual, intercept) };
        }

        if (estimator.ClassName == "OneClassSVM")
        {
            Edge decision = EmitLinear.Affine(graph, kernel, dual, intercept);
            Edge inlier = graph.Where(graph.Greater(decision, graph.Scalar(0)), graph.Scalar(1, OnnxDataType.Int64), graph.Scalar(-1, OnnxDataType.Int64));
            return new Prediction
            {
                Inlier = graph.Reshape(inlier, -1),
                Decision = decision,
                Score = graph.Add(decision, graph.Scalar(estimator.Number("offset_", -intercept[0]))),
            };
        }

        return Classify(estimator, graph, kernel, dual, intercept);
    }

    private static Edge Kernel(Estimator estimator, GraphBuilder graph, Edge x)
    {
        if (estimator.Text("kernel") == "precomputed")
        {
            // A row holds its kernel values with all training rows.
            return graph.Columns(x, estimator.Integers("support_"));
        }

        Matrix vectors = estimator.Matrix("support_vectors_");
        if (vectors.Rows == 0)
        {
            throw estimator.Missing("support_vectors_", "at least one support vector");
        }

        double gamma = estimator.Number("_gamma", 0);
        return Kernels.Emit(estimator, graph, x, vectors, estimator.Text("kernel") ?? "", gamma, estimator.Number("degree", 3), estimator.Number("coef0", 0));
    }

    private static Prediction Classify(Estimator estimator, GraphBuilder graph, Edge kernel, Matrix dual, double[] intercept)
    {
        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        int k = classes.Count;
        Edge pairs = EmitLinear.Affine(graph, kernel, PairWeights(estimator, dual, k), intercept);
        Edge votes = Votes(graph, pairs, k);
        Edge decision = k == 2 ? graph.Neg(pairs)
            : estimator.Text("decision_function_shape") == "ovo" ? pairs
            : OneVsRest(graph, pairs, votes, k);
        bool breaksTies = estimator.Flag("break_ties") && k > 2 && estimator.Text("decision_function_shape") != "ovo";
        return new Prediction
        {
            Classes = classes,
            ClassIndex = graph.ArgMax(breaksTies ? decision : votes),
            Decision = decision,
            Probabilities = Sigmoids(estimator) is { } sigmoids ? PairwiseCoupling.Emit(graph, pairs, sigmoids.Slopes, sigmoids.Offsets, k) : null,
        };
    }

    // Platt's sigmoids, whose names have had an underscore in front since 0.23.
    private static (double[] Slopes, double[] Offsets)? Sigmoids(Estimator estimator)
    {
        string prefix = estimator.Has("_probA") ? "_" : "";
        string suffix = prefix.Length > 0 ? "" : "_";
        return estimator.Flag("probability") && estimator.Has($"{prefix}probA{suffix}") && estimator.Vector($"{prefix}probA{suffix}") is { Length: > 0 } slopes
            ? (slopes, estimator.Vector($"{prefix}probB{suffix}"))
            : null;
    }

    // Pair (i, j): class i's vectors with row j-1 of the dual coefficients, class j's with row i.
    private static Matrix PairWeights(Estimator estimator, Matrix dual, int k)
    {
        long[] counts = estimator.Has("_n_support") ? estimator.Integers("_n_support") : estimator.Integers("n_support_");
        if (counts.Length != k || counts.Sum() != dual.Columns || dual.Rows != k - 1)
        {
            throw estimator.Missing("_n_support", $"counts of {k} classes that add up to {dual.Columns}");
        }

        int[] starts = new int[k + 1];
        for (int i = 0; i < k; i++)
        {
            starts[i + 1] = starts[i] + (int)counts[i];
        }

        double[] weights = new double[k * (k - 1) / 2 * dual.Columns];
        int pair = 0;
        for (int i = 0; i < k; i++)
        {
            for (int j = i + 1; j < k; j++, pair++)
            {
                Span<double> row = weights.AsSpan(pair * dual.Columns, dual.Columns);
                dual.Row(j - 1)[starts[i]..starts[i + 1]].CopyTo(row[starts[i]..]);
                dual.Row(i)[starts[j]..starts[j + 1]].CopyTo(row[starts[j]..]);
            }
        }

        return new Matrix(weights, pair, dual.Columns);
    }

    private static Edge Votes(GraphBuilder graph, Edge pairs, int k)
    {
        Edge won = graph.Cast(graph.Greater(pairs, graph.Scalar(0)), OnnxDataType.Double);
        (double[] first, double[] second) = Incidence(k);
        Edge lost = graph.Sub(graph.Scalar(1), won);
        int count = k * (k - 1) / 2;
        return graph.Add(graph.MatMul(won, graph.Constant(first, count, k)), graph.MatMul(lost, graph.Constant(second, count, k)));
    }

    // scikit-learn's one-vs-rest shape: votes, with the summed confidences squeezed into less than half a vote.
    private static Edge OneVsRest(GraphBuilder graph, Edge pairs, Edge votes, int k)
    {
        (double[] first, double[] second) = Incidence(k);
        double[] signed = [.. first.Select((value, i) => value - second[i])];
        Edge confidence = graph.MatMul(pairs, graph.Constant(signed, k * (k - 1) / 2, k));
        Edge squeezed = graph.Div(confidence, graph.Mul(graph.Scalar(3), graph.Add(graph.Abs(confidence), graph.Scalar(1))));
        return graph.Add(votes, squeezed);
    }

    private static (double[] First, double[] Second) Incidence(int k)
    {
        double[] first = new double[k * (k - 1) / 2 * k];
        double[] second = new double[first.Length];
        int pair = 0;
        for (int i = 0; i < k; i++)
        {
            for (int j = i + 1; j < k; j++, pair++)
            {
                first[(pair * k) + i] = 1;
                second[(pair * k) + j] = 1;
            }
        }

        return (first, second);
    }
}
