using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Estimators.Preprocessing;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators;

/// <summary>Predictors that look at no feature.</summary>
internal sealed class DummyConverter : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["DummyClassifier", "DummyRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge zero = graph.Mul(graph.Cast(graph.IsNaN(graph.Columns(x.ToMatrix(scope), [0])), OnnxDataType.Double), graph.Scalar(0));
        if (estimator.Has("n_outputs_") && estimator.Integer("n_outputs_") > 1 && estimator.ClassName == "DummyClassifier")
        {
            throw estimator.NotSupported("more than one output");
        }

        if (estimator.ClassName == "DummyRegressor")
        {
            return new Prediction { Value = graph.Add(zero, EmitLinear.Row(graph, estimator.Vector("constant_"))) };
        }

        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        double[] prior = estimator.Vector("class_prior_");
        double[] row = estimator.Text("strategy") switch
        {
            "prior" => prior,
            "constant" => [.. estimator.Objects("classes_").Select(known => Encoders.TextOf(known) == Encoders.TextOf(ConstantOf(estimator)) ? 1.0 : 0)],
            "most_frequent" => [.. prior.Select((_, i) => i == Array.IndexOf(prior, prior.Max()) ? 1.0 : 0)],
            var strategy => throw estimator.NotSupported($"the strategy '{strategy}'"),
        };
        Edge probabilities = graph.Add(zero, EmitLinear.Row(graph, row));
        return new Prediction { Classes = classes, ClassIndex = graph.ArgMax(probabilities), Probabilities = probabilities };
    }

    private static object? ConstantOf(Estimator estimator)
    {
        object? constant = Estimator.Items(estimator.Raw("constant")) is [var only] ? only : estimator.Raw("constant");
        return constant is NumpyArray { Count: 1 } array ? array.ToObjects()[0] : constant;
    }
}
