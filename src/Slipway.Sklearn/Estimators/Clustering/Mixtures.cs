using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Clustering;

/// <summary>Mixtures of normal distributions, fitted by expectation maximisation or variationally (Bishop 2006, chapters 9 and 10).</summary>
internal sealed class Mixtures : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["GaussianMixture", "BayesianGaussianMixture"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Matrix means = estimator.Matrix("means_");
        (double[] factors, double[] logDeterminants) = Factors(estimator, means.Rows, means.Columns);
        double[] offsets = Offsets(estimator, means);
        Edge[] columns = new Edge[means.Rows];
        for (int k = 0; k < columns.Length; k++)
        {
            Edge centred = graph.Sub(x.ToMatrix(scope), EmitLinear.Row(graph, means.Row(k)));
            int size = means.Columns * means.Columns;
            Edge whitened = graph.MatMul(centred, graph.Constant(factors.AsSpan(k * size, size), means.Columns, means.Columns));
            Edge distance = graph.ReduceSum(graph.Mul(whitened, whitened), 1);
            double constant = logDeterminants[k] - (0.5 * means.Columns * Math.Log(2 * Math.PI)) + offsets[k];
            columns[k] = graph.Sub(graph.Scalar(constant), graph.Mul(distance, graph.Scalar(0.5)));
        }

        Edge logs = graph.Concat(columns, -1);
        Edge highest = graph.ReduceMax(logs, 1);
        return new Prediction
        {
            Cluster = graph.ArgMax(logs),
            Probabilities = graph.Softmax(logs),
            Score = graph.Add(highest, graph.Log(graph.ReduceSum(graph.Exp(graph.Sub(logs, highest)), 1))),
        };
    }

    // For each component the matrix that whitens it, whichever of the four shapes it is kept in, and the logarithm of its determinant.
    private static (double[] Factors, double[] LogDeterminants) Factors(Estimator estimator, int components, int features)
    {
        double[] kept = estimator.Vector("precisions_cholesky_");
        string? type = estimator.Text("covariance_type");
        double[] factors = new double[components * features * features];
        double[] logs = new double[components];
        for (int k = 0; k < components; k++)
        {
            for (int i = 0; i < features; i++)
            {
                for (int j = 0; j < features; j++)
                {
                    factors[(((k * features) + i) * features) + j] = type switch
                    {
                        "full" => kept[(((k * features) + i) * features) + j],
                        "tied" => kept[(i * features) + j],
                        "diag" => i == j ? kept[(k * features) + i] : 0,
                        "spherical" => i == j ? kept[k] : 0,
                        _ => throw estimator.NotSupported($"the covariance_type '{type}'"),
                    };
                }

                logs[k] += Math.Log(factors[(((k * features) + i) * features) + i]);
            }
        }

        return (factors, logs);
    }

    private static double[] Offsets(Estimator estimator, Matrix means)
    {
        if (estimator.ClassName == "GaussianMixture")
        {
            return [.. estimator.Vector("weights_").Select(static weight => Math.Log(weight))];
        }

        double[] freedom = estimator.Vector("degrees_of_freedom_");
        double[] precision = estimator.Vector("mean_precision_");
        double[] offsets = LogWeights(estimator);
        int features = means.Columns;
        for (int k = 0; k < offsets.Length; k++)
        {
            double degrees = freedom[Math.Min(k, freedom.Length - 1)];
            double logLambda = features * Math.Log(2);
            for (int i = 0; i < features; i++)
            {
                logLambda += SpecialFunctions.Digamma(0.5 * (degrees - i));
            }

            offsets[k] += (-0.5 * features * Math.Log(degrees)) + (0.5 * (logLambda - (features / precision[k])));
        }

        return offsets;
    }

    private static double[] LogWeights(Estimator estimator)
    {
        if (estimator.Text("weight_concentration_prior_type") == "dirichlet_distribution")
        {
            double[] concentration = estimator.Vector("weight_concentration_");
            double whole = SpecialFunctions.Digamma(concentration.Sum());
            return [.. concentration.Select(value => SpecialFunctions.Digamma(value) - whole)];
        }

        if (estimator.Objects("weight_concentration_") is not [NumpyArray first, NumpyArray second])
        {
            throw estimator.Missing("weight_concentration_", "two arrays");
        }

        // Breaking a stick: what is left after the components before.
        double[] a = first.ToDoubles();
        double[] b = second.ToDoubles();
        double[] logs = new double[a.Length];
        double left = 0;
        for (int k = 0; k < logs.Length; k++)
        {
            double sum = SpecialFunctions.Digamma(a[k] + b[k]);
            logs[k] = SpecialFunctions.Digamma(a[k]) - sum + left;
            left += SpecialFunctions.Digamma(b[k]) - sum;
        }

        return logs;
    }
}
