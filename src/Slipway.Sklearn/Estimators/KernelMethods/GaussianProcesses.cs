using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.KernelMethods;

/// <summary>Gaussian processes: the mean of a regression; classes by Laplace's approximation (Rasmussen &amp; Williams 2006, algorithms 2.1 and 3.2).</summary>
internal sealed class GaussianProcesses : EstimatorConverter
{
    // Five error functions stand for the logistic one: Williams & Barber (1998), appendix.
    private static readonly double[] Slopes = [0.41, 0.4, 0.37, 0.44, 0.39];
    private static readonly double[] Shares = [-1854.8214151, 3516.89893646, 221.29346712, 128.12323805, -2010.49422654];

    public override IReadOnlyList<string> ClassNames { get; } = ["GaussianProcessRegressor", "GaussianProcessClassifier", "_BinaryGaussianProcessClassifierLaplace"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        if (estimator.ClassName == "GaussianProcessClassifier")
        {
            Prediction answer = scope.Predict(estimator.Child("base_estimator_"), x);
            return answer with { Decision = null, Classes = ClassLabels.FromObjects(estimator.Objects("classes_")) };
        }

        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        Matrix training = estimator.Matrix("X_train_");
        Edge covariance = GaussianKernels.Emit(estimator.Child("kernel_"), graph, matrix, training);
        return estimator.ClassName == "GaussianProcessRegressor" ? Regress(estimator, graph, covariance, training.Rows) : Classify(estimator, graph, matrix, covariance, training.Rows);
    }

    private static Prediction Regress(Estimator estimator, GraphBuilder graph, Edge covariance, int rows)
    {
        double[] weights = estimator.Vector("alpha_");
        Edge mean = graph.MatMul(covariance, graph.Constant(weights, rows, weights.Length / rows));
        mean = graph.Mul(mean, EmitLinear.Row(graph, estimator.Has("_y_train_std") ? estimator.Vector("_y_train_std") : [1]));
        return new Prediction { Value = graph.Add(mean, EmitLinear.Row(graph, estimator.Has("_y_train_mean") ? estimator.Vector("_y_train_mean") : [0])) };
    }

    private static Prediction Classify(Estimator estimator, GraphBuilder graph, Edge x, Edge covariance, int rows)
    {
        double[] residuals = [.. estimator.Vector("y_train_").Zip(estimator.Vector("pi_"), static (y, pi) => y - pi)];
        Edge mean = graph.MatMul(covariance, graph.Constant(residuals, rows, 1));
        Matrix inverse = LinearAlgebra.Invert(estimator.Matrix("L_"));
        double[] roots = estimator.Vector("W_sr_");
        double[] weights = [.. inverse.Values.Select((value, i) => value * roots[i % rows])];
        Edge v = EmitLinear.Affine(graph, covariance, new Matrix(weights, rows, rows), []);
        Edge variance = graph.Sub(GaussianKernels.Diagonal(estimator.Child("kernel_"), graph, x), graph.ReduceSum(graph.Mul(v, v), 1));

        // ∫ Φ-like(λf) N(f; mean, variance) df = ½ erf(λ·mean / √(1 + 2λ²·variance)), for each λ.
        Edge spread = graph.Add(graph.Scalar(1), graph.Mul(variance, EmitLinear.Row(graph, [.. Slopes.Select(static slope => 2 * slope * slope)])));
        Edge erf = SpecialFunctions.Erf(graph, graph.Div(graph.Mul(mean, EmitLinear.Row(graph, Slopes)), graph.Sqrt(spread)));
        Edge p = graph.Add(graph.ReduceSum(graph.Mul(erf, EmitLinear.Row(graph, [.. Shares.Select(static share => share / 2)])), 1), graph.Scalar(Shares.Sum() / 2));
        return new Prediction
        {
            Classes = ClassLabels.FromObjects(estimator.Objects("classes_")),
            ClassIndex = graph.Reshape(graph.Cast(graph.Greater(mean, graph.Scalar(0)), OnnxDataType.Int64), -1),
            Probabilities = EmitLinear.Complement(graph, p),
        };
    }
}
