using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Decomposition;

/// <summary>Partial least squares and canonical correlation: scores of the features, and a linear regression on them.</summary>
internal sealed class CrossDecompositions : EstimatorConverter
{
    // Coefficients are [features, targets] up to 1.2 and the other way round from 1.3; from 1.5 on they are for features that are centred and not scaled.
    private static readonly Version Transposed = new(1, 3);
    private static readonly Version Unscaled = new(1, 5);

    public override IReadOnlyList<string> ClassNames { get; } = ["PLSRegression", "PLSCanonical", "PLSSVD", "CCA"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => estimator.ClassName != "PLSSVD";

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        Matrix rotations = estimator.Matrix(estimator.ClassName == "PLSSVD" ? "x_weights_" : "x_rotations_");
        return FeatureTable.Of(scope.Graph.MatMul(Scaled(estimator, x, scope, scales: true), scope.Graph.Constant(rotations.Values, rotations.Rows, rotations.Columns)));
    }

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        // 1.2 has the later layout already, under another name.
        bool isOld = estimator.Version < Transposed && !estimator.Has("_coef_");
        Matrix coefficients = estimator.Matrix(estimator.Has("_coef_") ? "_coef_" : "coef_");
        double[] intercepts = estimator.Vector(isOld ? "_y_mean" : "intercept_");
        return new Prediction
        {
            Value = EmitLinear.Affine(scope.Graph, Scaled(estimator, x, scope, estimator.Version < Unscaled), isOld ? coefficients.Transposed() : coefficients, intercepts),
        };
    }

    private static Edge Scaled(Estimator estimator, FeatureTable x, ConversionScope scope, bool scales)
    {
        GraphBuilder graph = scope.Graph;
        Edge centred = graph.Sub(x.ToMatrix(scope), EmitLinear.Row(graph, estimator.Vector("_x_mean")));
        return scales ? graph.Div(centred, EmitLinear.Row(graph, estimator.Vector("_x_std"))) : centred;
    }
}
