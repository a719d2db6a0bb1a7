using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.KernelMethods;

/// <summary>Covariance functions of Gaussian processes, and their sums, products and powers (Rasmussen &amp; Williams 2006, chapter 4).</summary>
internal static class GaussianKernels
{
    /// <summary>Covariances between rows and the training rows, <c>[N, rows]</c>.</summary>
    public static Edge Emit(Estimator kernel, GraphBuilder graph, Edge x, Matrix training)
    {
        switch (kernel.ClassName)
        {
            case "Sum":
                return graph.Add(Emit(kernel.Child("k1"), graph, x, training), Emit(kernel.Child("k2"), graph, x, training));
            case "Product":
                return graph.Mul(Emit(kernel.Child("k1"), graph, x, training), Emit(kernel.Child("k2"), graph, x, training));
            case "Exponentiation":
                return graph.Pow(Emit(kernel.Child("kernel"), graph, x, training), graph.Scalar(kernel.Number("exponent")));
            case "ConstantKernel":
                return Filled(graph, x, training.Rows, kernel.Number("constant_value"));
            case "WhiteKernel":
                // Noise of a new row has nothing to do with that of any training row.
                return Filled(graph, x, training.Rows, 0);
            case "DotProduct":
                return graph.Add(EmitLinear.Affine(graph, x, training, []), graph.Scalar(Square(kernel.Number("sigma_0"))));
            case "RBF":
                return graph.Exp(graph.Mul(Distance(kernel, graph, x, training, "sqeuclidean"), graph.Scalar(-0.5)));
            case "Matern":
                return Matern(kernel, graph, x, training);
            case "RationalQuadratic":
                double alpha = kernel.Number("alpha");
                Edge squared = Distances.Emit(graph, x, training, "sqeuclidean")!.Value;
                Edge ratio = graph.Div(squared, graph.Scalar(2 * alpha * Square(kernel.Number("length_scale"))));
                return graph.Pow(graph.Add(graph.Scalar(1), ratio), graph.Scalar(-alpha));
            case "ExpSineSquared":
                Edge distance = Distances.Emit(graph, x, training, "euclidean")!.Value;
                Edge sine = graph.Div(graph.Sin(graph.Mul(distance, graph.Scalar(Math.PI / kernel.Number("periodicity")))), graph.Scalar(kernel.Number("length_scale")));
                return graph.Exp(graph.Mul(graph.Mul(sine, sine), graph.Scalar(-2)));
            case "PairwiseKernel":
                return Kernels.Emit(kernel, graph, x, training, kernel.Text("metric") ?? "", kernel.Number("gamma"), 3, 1);
            default:
                throw kernel.NotSupported($"the kernel {kernel.ClassName}");
        }
    }

    /// <summary>Covariance of each row with itself, <c>[N, 1]</c>.</summary>
    public static Edge Diagonal(Estimator kernel, GraphBuilder graph, Edge x) => kernel.ClassName switch
    {
        "Sum" => graph.Add(Diagonal(kernel.Child("k1"), graph, x), Diagonal(kernel.Child("k2"), graph, x)),
        "Product" => graph.Mul(Diagonal(kernel.Child("k1"), graph, x), Diagonal(kernel.Child("k2"), graph, x)),
        "Exponentiation" => graph.Pow(Diagonal(kernel.Child("kernel"), graph, x), graph.Scalar(kernel.Number("exponent"))),
        "ConstantKernel" => Filled(graph, x, 1, kernel.Number("constant_value")),
        "WhiteKernel" => Filled(graph, x, 1, kernel.Number("noise_level")),
        "DotProduct" => graph.Add(graph.ReduceSum(graph.Mul(x, x), 1), graph.Scalar(Square(kernel.Number("sigma_0")))),
        "PairwiseKernel" => PairwiseDiagonal(kernel, graph, x),
        _ => Filled(graph, x, 1, 1),
    };

    private static Edge PairwiseDiagonal(Estimator kernel, GraphBuilder graph, Edge x)
    {
        Edge length = graph.ReduceSum(graph.Mul(x, x), 1);
        Edge scaled = graph.Add(graph.Mul(length, graph.Scalar(kernel.Number("gamma"))), graph.Scalar(1));
        return kernel.Text("metric") switch
        {
            "linear" => length,
            "poly" or "polynomial" => graph.Pow(scaled, graph.Scalar(3)),
            "sigmoid" => graph.Tanh(scaled),
            "rbf" or "laplacian" or "chi2" => Filled(graph, x, 1, 1),
            "additive_chi2" => Filled(graph, x, 1, 0),
            "cosine" => graph.Where(graph.Equal(length, graph.Scalar(0)), graph.Scalar(0), graph.Scalar(1)),
            var metric => throw kernel.NotSupported($"the kernel '{metric}'"),
        };
    }

    private static Edge Matern(Estimator kernel, GraphBuilder graph, Edge x, Matrix training)
    {
        Edge distance = Distance(kernel, graph, x, training, "euclidean");
        double nu = kernel.Number("nu");
        if (nu == 0.5)
        {
            return graph.Exp(graph.Neg(distance));
        }

        if (double.IsPositiveInfinity(nu))
        {
            return graph.Exp(graph.Mul(graph.Mul(distance, distance), graph.Scalar(-0.5)));
        }

        Edge scaled = graph.Mul(distance, graph.Scalar(Math.Sqrt(2 * nu)));
        Edge sum = graph.Add(graph.Scalar(1), scaled);
        sum = nu switch
        {
            1.5 => sum,
            2.5 => graph.Add(sum, graph.Div(graph.Mul(scaled, scaled), graph.Scalar(3))),
            _ => throw kernel.NotSupported($"nu={nu} (0.5, 1.5, 2.5 and infinity are)"),
        };
        return graph.Mul(sum, graph.Exp(graph.Neg(scaled)));
    }

    // One length scale for all features, or one for each.
    private static Edge Distance(Estimator kernel, GraphBuilder graph, Edge x, Matrix training, string metric)
    {
        double[] scales = kernel.Has("length_scale") && Estimator.Items(kernel.Raw("length_scale")) is { Length: > 0 } items && kernel.Raw("length_scale") is not Pickle.NumpyArray
            ? [.. items.Select(item => Pickle.PickleNumbers.TryToDouble(item, out double scale) ? scale : throw kernel.Missing("length_scale", "numbers"))]
            : kernel.Vector("length_scale");
        double ScaleOf(int column) => scales[scales.Length == 1 ? 0 : column];
        Matrix scaled = new([.. training.Values.Select((value, i) => value / ScaleOf(i % training.Columns))], training.Rows, training.Columns);
        return Distances.Emit(graph, graph.Div(x, EmitLinear.Row(graph, scales)), scaled, metric)!.Value;
    }

    private static Edge Filled(GraphBuilder graph, Edge x, int width, double value) =>
        graph.Add(graph.Mul(graph.Columns(x, [0]), graph.Scalar(0)), EmitLinear.Row(graph, [.. Enumerable.Repeat(value, width)]));

    private static double Square(double value) => value * value;
}
