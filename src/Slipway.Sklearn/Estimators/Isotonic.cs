using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators;

/// <summary>Isotonic regression: linear between the points where it bends. What lies outside takes the value at the end, or none where it was told so or told to fail.</summary>
internal sealed class Isotonic : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["IsotonicRegression"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope) => new() { Value = Emit(estimator, scope.Graph, x.ToMatrix(scope)) };

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) => FeatureTable.Of(Emit(estimator, scope.Graph, x.ToMatrix(scope)));

    /// <summary>The value at each of a column of numbers.</summary>
    public static Edge Emit(Estimator estimator, GraphBuilder graph, Edge x)
    {
        double[] xs = estimator.Vector("X_thresholds_");
        double[] ys = estimator.Vector("y_thresholds_");
        if (xs.Length == 0 || xs.Length != ys.Length)
        {
            throw estimator.Missing("X_thresholds_", "as many points as y_thresholds_");
        }

        Edge value = Interpolation.Emit(graph, x, xs, ys);

        // A single point is a constant everywhere, whatever was said about outside.
        if (estimator.Text("out_of_bounds") == "clip" || xs.Length == 1)
        {
            return value;
        }

        Edge inside = graph.And(graph.GreaterOrEqual(x, graph.Scalar(xs[0])), graph.LessOrEqual(x, graph.Scalar(xs[^1])));
        return graph.Where(inside, value, graph.Scalar(double.NaN));
    }
}
