using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

/// <summary>Linear projections: principal components and their relatives.</summary>
internal sealed class Projections : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } =
        ["PCA", "IncrementalPCA", "TruncatedSVD", "FastICA", "FactorAnalysis", "SparseRandomProjection", "GaussianRandomProjection"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        if (estimator.ClassName == "FactorAnalysis")
        {
            throw estimator.NotSupported("factor analysis");
        }

        bool centres = estimator.ClassName is "PCA" or "IncrementalPCA" or "FastICA";
        if (centres && estimator.Has("mean_") && (estimator.ClassName != "FastICA" || estimator.Raw("whiten") is not false))
        {
            matrix = graph.Sub(matrix, EmitLinear.Row(graph, estimator.Vector("mean_")));
        }

        Edge projected = EmitLinear.Affine(graph, matrix, estimator.Matrix("components_"), []);
        if (centres && estimator.ClassName != "FastICA" && estimator.Flag("whiten"))
        {
            double[] deviations = [.. estimator.Vector("explained_variance_").Select(static variance => Math.Max(Math.Sqrt(variance), 2.220446049250313e-16))];
            projected = graph.Div(projected, EmitLinear.Row(graph, deviations));
        }

        return FeatureTable.Of(projected);
    }
}
