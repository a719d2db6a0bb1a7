using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Estimators.Preprocessing;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Neighbors;

/// <summary>
/// All training rows within a radius. A row without any has the outlier label; a regression has NaN for it, and so have the probabilities of a classifier that was to fail there.
/// </summary>
internal sealed class NeighboursInRadius : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["RadiusNeighborsClassifier", "RadiusNeighborsRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge distances = NearestNeighbors.AllDistances(estimator, graph, x.ToMatrix(scope));
        Edge isNear = graph.LessOrEqual(distances, graph.Scalar(estimator.Number("radius", 1)));

        // Far rows are put at infinity first, where no weight is left of them.
        Edge far = graph.Where(isNear, distances, graph.Scalar(double.PositiveInfinity));
        Edge weights = estimator.Text("weights") == "distance" ? NearestNeighbors.Weights(estimator, graph, far)
            : estimator.Has("weights") && estimator.Text("weights") != "uniform" ? throw estimator.NotSupported("a weight function of your own")
            : graph.Cast(isNear, OnnxDataType.Double);
        Edge whole = graph.ReduceSum(weights, 1);
        NumpyArray targets = estimator.Array("_y");
        int outputs = targets.Shape.Length > 1 ? (int)targets.Shape[1] : 1;
        if (estimator.ClassName == "RadiusNeighborsRegressor")
        {
            Edge sum = graph.MatMul(weights, graph.Constant(targets.ToDoubles(), targets.Count / outputs, outputs));
            return new Prediction { Value = graph.Div(sum, whole) };
        }

        if (outputs > 1)
        {
            throw estimator.NotSupported("more than one output");
        }

        return Classify(estimator, graph, weights, whole, targets.ToInt64s());
    }

    private static Prediction Classify(Estimator estimator, GraphBuilder graph, Edge weights, Edge whole, long[] targets)
    {
        object?[] raw = estimator.Objects("classes_");
        ClassLabels classes = ClassLabels.FromObjects(raw);
        double[] oneHot = new double[targets.Length * classes.Count];
        foreach ((int row, long target) in targets.Index())
        {
            oneHot[(row * classes.Count) + target] = 1;
        }

        Edge votes = graph.MatMul(weights, graph.Constant(oneHot, targets.Length, classes.Count));
        object?[] outlier = estimator.Has("outlier_label_") ? Estimator.Items(estimator.Raw("outlier_label_")) ?? [] : [];
        int label = outlier is [not null] ? Array.FindIndex(raw, item => Encoders.TextOf(item) == Encoders.TextOf(Plain(outlier[0]))) : -1;
        if (outlier is [not null] && label < 0)
        {
            throw estimator.NotSupported("an outlier_label that is no class");
        }

        double[] lonely = [.. Enumerable.Range(0, classes.Count).Select(i => label < 0 ? double.NaN : i == label ? 1.0 : 0)];
        Edge isAlone = graph.Equal(whole, graph.Scalar(0));
        Edge probabilities = graph.Where(isAlone, EmitLinear.Row(graph, lonely), graph.Div(votes, whole));
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(probabilities), Probabilities = probabilities };
    }

    private static object? Plain(object? value) => value is NumpyArray { Count: 1 } scalar ? scalar.ToObjects()[0] : value;
}
