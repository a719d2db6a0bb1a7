using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Neighbors;

/// <summary>
/// Kernel density estimates: the logarithm of the mean of the kernels around the training rows. The rows themselves are in the search tree, whose pickled state begins with them
/// (sklearn/neighbors/_binary_tree). The tree's own answers may differ by its rtol, 1e-8 unless told otherwise.
/// </summary>
internal sealed class Densities : EstimatorConverter
{
    private const int DataPlace = 0;
    private const int MetricPlace = 11;
    private const int WeightsPlace = 12;

    public override IReadOnlyList<string> ClassNames { get; } = ["KernelDensity"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        if (estimator.Text("metric") is not (null or "euclidean" or "l2" or "minkowski" or "p"))
        {
            throw estimator.NotSupported($"the metric '{estimator.Text("metric")}'");
        }

        GraphBuilder graph = scope.Graph;
        (Matrix training, double[]? weights) = Training(estimator);
        double width = estimator.Has("bandwidth_") ? estimator.Number("bandwidth_") : estimator.Number("bandwidth");
        string kernel = estimator.Text("kernel") ?? "gaussian";
        Edge ratio = graph.Div(Distances.Emit(graph, x.ToMatrix(scope), training, "euclidean")!.Value, graph.Scalar(width));
        Edge logarithms = Kernel(estimator, graph, kernel, ratio);
        if (weights is not null)
        {
            logarithms = graph.Add(logarithms, EmitLinear.Row(graph, [.. weights.Select(static weight => Math.Log(weight))]));
        }

        double total = weights?.Sum() ?? training.Rows;
        double norm = -LogVolume(kernel, training.Columns) - (training.Columns * Math.Log(width)) - Math.Log(total);
        return new Prediction { Score = graph.Add(LogSumExp(graph, logarithms), graph.Scalar(norm)) };
    }

    private static (Matrix Rows, double[]? Weights) Training(Estimator estimator)
    {
        if (estimator.Raw("tree_") is not PickleObject { State: PickleTuple { Count: > WeightsPlace } state } || Estimator.AsMatrix(state[DataPlace]) is not { } rows)
        {
            throw estimator.Missing("tree_", "a search tree with its rows");
        }

        if (state[MetricPlace] is PickleObject metric && !metric.Type.Name.StartsWith("EuclideanDistance", StringComparison.Ordinal)
            && !(metric.Type.Name == "newObj" && metric.Arguments.Items is [PickleGlobal { Name: "EuclideanDistance" or "EuclideanDistance64" }, ..]))
        {
            throw estimator.NotSupported("a metric other than the Euclidean");
        }

        return (rows, state[WeightsPlace] is NumpyArray { Count: > 0 } weights ? weights.ToDoubles() : null);
    }

    // The logarithm of the kernel at a distance in bandwidths; minus infinity where it is nothing.
    private static Edge Kernel(Estimator estimator, GraphBuilder graph, string kernel, Edge ratio)
    {
        Edge one = graph.Scalar(1);
        Edge Within(Edge value) => graph.Where(graph.Less(ratio, one), value, graph.Scalar(double.NegativeInfinity));
        return kernel switch
        {
            "gaussian" => graph.Mul(graph.Mul(ratio, ratio), graph.Scalar(-0.5)),
            "exponential" => graph.Neg(ratio),
            "tophat" => Within(graph.Mul(ratio, graph.Scalar(0))),
            "epanechnikov" => Within(graph.Log(graph.Max(graph.Sub(one, graph.Mul(ratio, ratio)), graph.Scalar(0)))),
            "linear" => Within(graph.Log(graph.Max(graph.Sub(one, ratio), graph.Scalar(0)))),
            "cosine" => Within(graph.Log(graph.Max(graph.Cos(graph.Mul(ratio, graph.Scalar(Math.PI / 2))), graph.Scalar(0)))),
            _ => throw estimator.NotSupported($"the kernel '{kernel}'"),
        };
    }

    private static Edge LogSumExp(GraphBuilder graph, Edge values)
    {
        // Where all are minus infinity so is the sum; subtracting infinity from itself would be nothing at all.
        Edge largest = graph.ReduceMax(values, 1);
        Edge finite = graph.Max(largest, graph.Scalar(double.MinValue));
        return graph.Add(graph.Log(graph.ReduceSum(graph.Exp(graph.Sub(values, finite)), 1)), finite);
    }

    /// <summary>The logarithm of the integral of a kernel of bandwidth 1 over a space.</summary>
    private static double LogVolume(string kernel, int dimensions)
    {
        switch (kernel)
        {
            case "gaussian":
                return 0.5 * dimensions * Math.Log(2 * Math.PI);
            case "tophat":
                return LogBall(dimensions);
            case "epanechnikov":
                return LogBall(dimensions) + Math.Log(2.0 / (dimensions + 2));
            case "exponential":
                return LogSphere(dimensions - 1) + SpecialFunctions.LogGamma(dimensions);
            case "linear":
                return LogBall(dimensions) - Math.Log(dimensions + 1.0);
            default:
                double factor = 0;
                double term = 2 / Math.PI;
                for (int k = 1; k <= dimensions; k += 2)
                {
                    factor += term;
                    term *= -(dimensions - k) * (dimensions - k - 1) * Math.Pow(2 / Math.PI, 2);
                }

                return Math.Log(factor) + LogSphere(dimensions - 1);
        }
    }

    // Volume of the unit ball, and surface of the unit sphere one dimension up.
    private static double LogBall(int dimensions) => (0.5 * dimensions * Math.Log(Math.PI)) - SpecialFunctions.LogGamma((0.5 * dimensions) + 1);

    private static double LogSphere(int dimensions) => Math.Log(2 * Math.PI) + LogBall(dimensions - 1);
}
