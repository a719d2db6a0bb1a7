using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators;

/// <summary>Multi-layer perceptrons.</summary>
internal sealed class NeuralNetworks : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["MLPClassifier", "MLPRegressor"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => true;

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        object?[] weights = estimator.Objects("coefs_");
        object?[] biases = estimator.Objects("intercepts_");
        Edge a = x.ToMatrix(scope);
        for (int layer = 0; layer < weights.Length; layer++)
        {
            Matrix weight = Estimator.AsMatrix(weights[layer]) ?? throw estimator.Missing("coefs_", "matrices");
            Matrix bias = Estimator.AsMatrix(biases[layer]) ?? throw estimator.Missing("intercepts_", "arrays");
            a = graph.Add(graph.MatMul(a, graph.Constant(weight.Values, weight.Rows, weight.Columns)), EmitLinear.Row(graph, bias.Values));
            a = Activate(estimator, graph, a, layer < weights.Length - 1 ? estimator.Text("activation") : estimator.Text("out_activation_"));
        }

        if (estimator.ClassName == "MLPRegressor")
        {
            return new Prediction { Value = a };
        }

        if (estimator.Has("_label_binarizer") && estimator.Child("_label_binarizer").Text("y_type_") is "multilabel-indicator")
        {
            return new Prediction { Labels = graph.Cast(graph.Greater(a, graph.Scalar(0.5)), OnnxDataType.Int64), Probabilities = a };
        }

        ClassLabels classes = ClassLabels.FromObjects(estimator.Objects("classes_"));
        return new Prediction
        {
            Classes = classes,
            ClassIndex = a.Width == 1 ? graph.Reshape(graph.Cast(graph.Greater(a, graph.Scalar(0.5)), OnnxDataType.Int64), -1) : graph.ArgMax(a),
            Probabilities = a.Width == 1 ? EmitLinear.Complement(graph, a) : a,
        };
    }

    private static Edge Activate(Estimator estimator, GraphBuilder graph, Edge a, string? activation) => activation switch
    {
        "identity" => a,
        "logistic" => EmitLinear.Sigmoid(graph, a),
        "tanh" => graph.Tanh(a),
        "relu" => graph.Relu(a),
        "softmax" => graph.Softmax(a),

        // The answer of a regression with Poisson's loss, since 1.7.
        "exp" => graph.Exp(a),
        _ => throw estimator.NotSupported($"the activation '{activation}'"),
    };
}
