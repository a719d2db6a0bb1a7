using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.KernelMethods;

/// <summary>Models that are a linear map of kernel values: kernel ridge regression, kernel principal components, Nyström's approximation; and the centring of a kernel.</summary>
internal sealed class KernelModels : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["KernelRidge", "KernelPCA", "KernelCenterer", "Nystroem"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => estimator.ClassName == "KernelRidge";

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => estimator.ClassName != "KernelRidge";

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        Edge kernel = ValuesOf(estimator, x, scope);
        double[] dual = estimator.Vector("dual_coef_");
        int rows = (int)kernel.Width;
        return new Prediction { Value = scope.Graph.MatMul(kernel, scope.Graph.Constant(dual, rows, dual.Length / rows)) };
    }

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        if (estimator.ClassName == "Nystroem")
        {
            Edge basis = Kernels.Emit(estimator, graph, x.ToMatrix(scope), estimator.Matrix("components_"));
            return FeatureTable.Of(EmitLinear.Affine(graph, basis, estimator.Matrix("normalization_"), []));
        }

        if (estimator.ClassName == "KernelCenterer")
        {
            return FeatureTable.Of(Centred(estimator, graph, x.ToMatrix(scope)));
        }

        return FeatureTable.Of(Components(estimator, graph, ValuesOf(estimator, x, scope)));
    }

    // Kernel values with the training rows, which a row may hold itself.
    private static Edge ValuesOf(Estimator estimator, FeatureTable x, ConversionScope scope) => estimator.Text("kernel") == "precomputed"
        ? x.ToMatrix(scope)
        : Kernels.Emit(estimator, scope.Graph, x.ToMatrix(scope), estimator.Matrix("X_fit_"));

    /// <summary>Kernel principal components out of kernel values with the training rows, <c>[N, rows]</c>.</summary>
    public static Edge Components(Estimator estimator, GraphBuilder graph, Edge kernel)
    {
        double[] values = estimator.Vector(estimator.Has("eigenvalues_") ? "eigenvalues_" : "lambdas_");
        Matrix vectors = estimator.Matrix(estimator.Has("eigenvectors_") ? "eigenvectors_" : "alphas_");
        double[] scaled = [.. vectors.Values.Select((value, i) => values[i % vectors.Columns] is var v && v != 0 ? value / Math.Sqrt(v) : 0)];
        return graph.MatMul(Centred(estimator.Child("_centerer"), graph, kernel), graph.Constant(scaled, vectors.Rows, vectors.Columns));
    }

    private static Edge Centred(Estimator centring, GraphBuilder graph, Edge kernel)
    {
        Edge centred = graph.Sub(graph.Sub(kernel, EmitLinear.Row(graph, centring.Vector("K_fit_rows_"))), graph.ReduceMean(kernel, 1));
        return graph.Add(centred, graph.Scalar(centring.Number("K_fit_all_")));
    }
}
