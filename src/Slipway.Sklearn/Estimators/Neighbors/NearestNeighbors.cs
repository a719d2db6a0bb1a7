using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Neighbors;

/// <summary>Nearest neighbours by comparing with every training row, as scikit-learn's brute force does: exact, and linear in the training set.</summary>
internal sealed class NearestNeighbors : EstimatorConverter
{
    private const long MaxNumbers = 1L << 24;

    public override IReadOnlyList<string> ClassNames { get; } = ["KNeighborsClassifier", "KNeighborsRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge[] nearest = Nearest(estimator, graph, x.ToMatrix(scope), (int)estimator.Integer("n_neighbors"));
        Edge weights = Weights(estimator, graph, nearest[0]);
        return estimator.ClassName == "KNeighborsRegressor" ? Regress(estimator, graph, nearest[1], weights) : Classify(estimator, graph, nearest[1], weights);
    }

    /// <summary>Distances to the nearest training rows, ascending, and their positions, each <c>[N, k]</c>.</summary>
    public static Edge[] Nearest(Estimator estimator, GraphBuilder graph, Edge x, int k) => graph.Nodes(
        "TopK", "", [AllDistances(estimator, graph, x), graph.Constant([(long)k])],
        [(OnnxDataType.Double, new TensorShape(-1, k)), (OnnxDataType.Int64, new TensorShape(-1, k))],
        NodeAttribute.Of("axis", 1), NodeAttribute.Of("largest", 0), NodeAttribute.Of("sorted", 1));

    /// <summary>Distances to all training rows; of the metric "precomputed" a row holds them itself.</summary>
    public static Edge AllDistances(Estimator estimator, GraphBuilder graph, Edge x)
    {
        if (estimator.Text("metric") == "precomputed")
        {
            return x;
        }

        Matrix training = Estimator.AsMatrix(estimator.Raw("_fit_X")) ?? throw estimator.Missing("_fit_X", "the training rows");
        if (training.Values.LongLength > MaxNumbers)
        {
            throw estimator.NotSupported($"a training set of more than {MaxNumbers} numbers");
        }

        string metric = estimator.Text("effective_metric_") ?? estimator.Text("metric") ?? "euclidean";
        PickleDict? parameters = estimator.Raw("effective_metric_params_") as PickleDict;
        double p = parameters?.TryGet("p", out object? given) == true && PickleNumbers.TryToDouble(given, out double exponent) ? exponent : estimator.Number("p", 2);
        (string plain, double[]? scales) = Scaled(estimator, metric, p, parameters, training.Columns);
        if (scales is not null)
        {
            x = graph.Mul(x, EmitLinear.Row(graph, scales));
            training = training with { Values = [.. training.Values.Select((value, i) => value * scales[i % training.Columns])] };
        }

        return Distances.Emit(graph, x, training, plain, p) ?? throw estimator.NotSupported($"the metric '{metric}'");
    }

    // Metrics that weigh the features are plain ones over scaled features.
    private static (string Metric, double[]? Scales) Scaled(Estimator estimator, string metric, double p, PickleDict? parameters, int features)
    {
        double[]? scales = null;
        string plain = metric;
        foreach ((object? key, object? value) in parameters?.Entries ?? [])
        {
            if (value is null || key is "p")
            {
                continue;
            }

            Func<double, double>? scale = (metric, key) switch
            {
                ("minkowski", "w") => weight => Math.Pow(weight, 1 / p),
                ("seuclidean", "V") => static variance => 1 / Math.Sqrt(variance),
                _ => null,
            };
            if (scale is null || Estimator.AsMatrix(value) is not { } numbers || numbers.Values.Length != features)
            {
                throw estimator.NotSupported($"the parameter '{key}' of the metric '{metric}'");
            }

            scales = [.. numbers.Values.Select(scale)];
            plain = metric == "seuclidean" ? "euclidean" : metric;
        }

        return (plain, scales);
    }

    /// <summary>What each neighbour counts by its distance.</summary>
    public static Edge Weights(Estimator estimator, GraphBuilder graph, Edge distances)
    {
        switch (estimator.Text("weights"))
        {
            case "distance":
                // A neighbour at distance zero outweighs all that are not.
                Edge isZero = graph.Equal(distances, graph.Scalar(0));
                Edge zero = graph.Cast(isZero, OnnxDataType.Double);
                Edge anyZero = graph.Greater(graph.ReduceMax(zero, 1), graph.Scalar(0));
                return graph.Where(anyZero, zero, graph.Div(graph.Scalar(1), graph.Where(isZero, graph.Scalar(1), distances)));
            case "uniform" or null when !estimator.Has("weights") || estimator.Text("weights") == "uniform":
                return graph.Add(graph.Mul(distances, graph.Scalar(0)), graph.Scalar(1));
            default:
                throw estimator.NotSupported("a weight function of your own");
        }
    }

    private static Prediction Classify(Estimator estimator, GraphBuilder graph, Edge neighbours, Edge weights)
    {
        NumpyArray targets = estimator.Array("_y");
        if (targets.Shape.Length < 2 || targets.Shape[1] == 1)
        {
            return Vote(graph, ClassLabels.FromObjects(estimator.Objects("classes_")), targets.ToInt64s(), neighbours, weights);
        }

        // Several outputs: a list of classes, and a column of positions for each.
        int outputs = (int)targets.Shape[1];
        long[] all = targets.ToInt64s();
        IReadOnlyList<ClassLabels> classes = estimator.ClassLists("classes_");
        return new Prediction
        {
            Outputs = [.. Enumerable.Range(0, outputs).Select(output =>
                Vote(graph, classes[output], [.. Enumerable.Range(0, all.Length / outputs).Select(row => all[(row * outputs) + output])], neighbours, weights))],
        };
    }

    private static Prediction Vote(GraphBuilder graph, ClassLabels classes, long[] targets, Edge neighbours, Edge weights)
    {
        Edge classOf = graph.Gather(graph.Constant(targets), neighbours, 0);
        long[] all = [.. Enumerable.Range(0, classes.Count).Select(static i => (long)i)];
        Edge oneHot = graph.Cast(
            graph.Equal(graph.Reshape(classOf, -1, neighbours.Width, 1), graph.Constant(all, 1, 1, all.Length)), OnnxDataType.Double);
        Edge votes = graph.ReduceSum(graph.Mul(oneHot, graph.Reshape(weights, -1, neighbours.Width, 1)), 1, keepDimension: false);
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(votes), Probabilities = EmitLinear.NormalizeRows(graph, votes, 0) };
    }

    private static Prediction Regress(Estimator estimator, GraphBuilder graph, Edge neighbours, Edge weights)
    {
        NumpyArray targets = estimator.Array("_y");
        int outputs = targets.Shape.Length > 1 ? (int)targets.Shape[1] : 1;
        Edge values = graph.Gather(graph.Constant(targets.ToDoubles(), targets.Count / outputs, outputs), neighbours, 0);
        Edge weighted = graph.ReduceSum(graph.Mul(values, graph.Reshape(weights, -1, neighbours.Width, 1)), 1, keepDimension: false);
        return new Prediction { Value = graph.Div(weighted, graph.ReduceSum(weights, 1)) };
    }
}
