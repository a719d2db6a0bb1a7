using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators;

/// <summary>Naive Bayes classifiers and quadratic discriminants: a log likelihood for each class, normalised.</summary>
internal sealed class NaiveBayes : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["GaussianNB", "MultinomialNB", "ComplementNB", "BernoulliNB", "CategoricalNB", "QuadraticDiscriminantAnalysis"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        Edge logs = estimator.ClassName switch
        {
            "GaussianNB" => Gaussian(estimator, graph, matrix),
            "BernoulliNB" => Bernoulli(estimator, graph, matrix),
            "CategoricalNB" => Categorical(estimator, graph, matrix),
            "QuadraticDiscriminantAnalysis" => Quadratic(estimator, graph, matrix),
            _ => EmitLinear.Affine(
                graph, matrix, estimator.Matrix("feature_log_prob_"),
                estimator.ClassName == "ComplementNB" && classes.Count > 1 ? [] : estimator.Vector("class_log_prior_")),
        };
        bool discriminates = estimator.ClassName == "QuadraticDiscriminantAnalysis";
        return new Prediction
        {
            Classes = classes,
            ClassIndex = graph.ArgMax(logs),
            Probabilities = graph.Softmax(logs),
            Decision = !discriminates ? null : classes.Count == 2 ? graph.Sub(graph.Columns(logs, [1]), graph.Columns(logs, [0])) : logs,
        };
    }

    // ln prior - ½ Σ ln(2πσ²) - ½ Σ (x - θ)²/σ²
    private static Edge Gaussian(Estimator estimator, GraphBuilder graph, Edge x)
    {
        Matrix means = estimator.Matrix("theta_");
        Matrix variances = estimator.Matrix(estimator.Has("var_") ? "var_" : "sigma_");
        double[] priors = estimator.Vector("class_prior_");
        double[] constants = new double[means.Rows];
        for (int row = 0; row < means.Rows; row++)
        {
            double sum = 0;
            foreach (double variance in variances.Row(row))
            {
                sum += Math.Log(2 * Math.PI * variance);
            }

            constants[row] = Math.Log(priors[row]) - (sum / 2);
        }

        Edge difference = graph.Sub(graph.Reshape(x, -1, 1, means.Columns), graph.Constant(means.Values, 1, means.Rows, means.Columns));
        Edge scaled = graph.Div(graph.Mul(difference, difference), graph.Constant(variances.Values, 1, means.Rows, means.Columns));
        Edge distance = graph.ReduceSum(scaled, 2, keepDimension: false);
        return graph.Sub(EmitLinear.Row(graph, constants), graph.Mul(distance, graph.Scalar(0.5)));
    }

    private static Edge Bernoulli(Estimator estimator, GraphBuilder graph, Edge x)
    {
        Matrix logs = estimator.Matrix("feature_log_prob_");
        Matrix negative = new([.. logs.Values.Select(static value => Math.Log(1 - Math.Exp(value)))], logs.Rows, logs.Columns);
        Matrix difference = new([.. logs.Values.Select((value, i) => value - negative.Values[i])], logs.Rows, logs.Columns);
        double[] constants = [.. estimator.Vector("class_log_prior_")];
        for (int row = 0; row < logs.Rows; row++)
        {
            foreach (double value in negative.Row(row))
            {
                constants[row] += value;
            }
        }

        Edge bits = estimator.Has("binarize") ? graph.Cast(graph.Greater(x, graph.Scalar(estimator.Number("binarize"))), OnnxDataType.Double) : x;
        return EmitLinear.Affine(graph, bits, difference, constants);
    }

    // A sum of looked-up log probabilities; a category that was never counted has none, so that the row answers NaN.
    private static Edge Categorical(Estimator estimator, GraphBuilder graph, Edge x)
    {
        Edge sum = EmitLinear.Row(graph, estimator.Vector("class_log_prior_"));
        object?[] tables = estimator.Objects("feature_log_prob_");
        for (int feature = 0; feature < tables.Length; feature++)
        {
            Matrix table = (Estimator.AsMatrix(tables[feature]) ?? throw estimator.Missing("feature_log_prob_", "matrices")).Transposed();
            Edge matches = graph.Equal(graph.Floor(graph.Columns(x, [feature])), EmitLinear.Row(graph, [.. Enumerable.Range(0, table.Rows).Select(static i => (double)i)]));
            Edge oneHot = graph.Cast(matches, OnnxDataType.Double);
            Edge known = graph.Greater(graph.ReduceMax(oneHot, 1), graph.Scalar(0));
            sum = graph.Add(sum, graph.Where(known, graph.MatMul(oneHot, graph.Constant(table.Values, table.Rows, table.Columns)), graph.Scalar(double.NaN)));
        }

        return sum;
    }

    // -½ (Σ ((x - μ)·R/√s)² + Σ ln s) + ln prior, for each class's rotation R and scaling s
    private static Edge Quadratic(Estimator estimator, GraphBuilder graph, Edge x)
    {
        Matrix means = estimator.Matrix("means_");
        double[] priors = estimator.Vector("priors_");
        object?[] rotations = estimator.Objects("rotations_");
        object?[] scalings = estimator.Objects("scalings_");
        Edge[] columns = new Edge[means.Rows];
        for (int row = 0; row < columns.Length; row++)
        {
            Matrix rotation = Estimator.AsMatrix(rotations[row]) ?? throw estimator.Missing("rotations_", "matrices");
            double[] scaling = (Estimator.AsMatrix(scalings[row]) ?? throw estimator.Missing("scalings_", "arrays")).Values;
            double[] scaled = [.. rotation.Values.Select((value, i) => value / Math.Sqrt(scaling[i % rotation.Columns]))];
            Edge centred = graph.Sub(x, EmitLinear.Row(graph, means.Row(row)));
            Edge projected = graph.MatMul(centred, graph.Constant(scaled, rotation.Rows, rotation.Columns));
            Edge norm = graph.ReduceSum(graph.Mul(projected, projected), 1);
            double constant = Math.Log(priors[row]) - (scaling.Sum(static value => Math.Log(value)) / 2);
            columns[row] = graph.Sub(graph.Scalar(constant), graph.Mul(norm, graph.Scalar(0.5)));
        }

        return graph.Concat(columns, -1);
    }
}
