using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Decomposition;

/// <summary>Linear projections: principal components and their relatives.</summary>
internal sealed class Projections : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } =
        ["PCA", "IncrementalPCA", "TruncatedSVD", "FastICA", "FactorAnalysis", "SparsePCA", "MiniBatchSparsePCA", "SparseRandomProjection", "GaussianRandomProjection"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        if (estimator.ClassName == "FactorAnalysis")
        {
            return FeatureTable.Of(Factors(estimator, graph, matrix));
        }

        if (estimator.ClassName is "SparsePCA" or "MiniBatchSparsePCA")
        {
            return FeatureTable.Of(Sparse(estimator, graph, matrix));
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

    // Expected factors given the features: (x - mean) · Wᵀ (I + W Cᵀ)⁻¹ with W = components / noise.
    private static Edge Factors(Estimator estimator, GraphBuilder graph, Edge x)
    {
        Matrix components = estimator.Matrix("components_");
        double[] noise = estimator.Vector("noise_variance_");
        Matrix scaled = new([.. components.Values.Select((value, i) => value / noise[i % components.Columns])], components.Rows, components.Columns);
        Matrix inner = WithDiagonal(LinearAlgebra.Multiply(scaled, components.Transposed()), 1);
        Matrix weights = LinearAlgebra.Multiply(scaled.Transposed(), LinearAlgebra.Invert(inner));
        return Centred(estimator, graph, x, weights);
    }

    // Ridge regression of the centred features on the components.
    private static Edge Sparse(Estimator estimator, GraphBuilder graph, Edge x)
    {
        Matrix components = estimator.Matrix("components_");
        Matrix inner = WithDiagonal(LinearAlgebra.Multiply(components, components.Transposed()), estimator.Number("ridge_alpha", 0.01));
        return Centred(estimator, graph, x, LinearAlgebra.Multiply(components.Transposed(), LinearAlgebra.Invert(inner)));
    }

    private static Matrix WithDiagonal(Matrix matrix, double added) =>
        matrix with { Values = [.. matrix.Values.Select((value, i) => i / matrix.Columns == i % matrix.Columns ? value + added : value)] };

    private static Edge Centred(Estimator estimator, GraphBuilder graph, Edge x, Matrix weights) =>
        graph.MatMul(graph.Sub(x, EmitLinear.Row(graph, estimator.Vector("mean_"))), graph.Constant(weights.Values, weights.Rows, weights.Columns));
}
