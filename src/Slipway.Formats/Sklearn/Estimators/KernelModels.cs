using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Sklearn.Conversion;

namespace Slipway.Formats.Sklearn.Estimators;

/// <summary>Models that are a linear map of kernel values: kernel ridge regression, kernel principal components, Nyström's approximation.</summary>
internal sealed class KernelModels : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["KernelRidge", "KernelPCA", "Nystroem"];

    public override bool CanPredict(Estimator estimator, ConversionScope scope) => estimator.ClassName == "KernelRidge";

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => estimator.ClassName != "KernelRidge";

    public override Prediction Predict(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        Edge kernel = Kernels.Emit(estimator, scope.Graph, x.ToMatrix(scope), estimator.Matrix("X_fit_"));
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

        Edge kernel = Kernels.Emit(estimator, graph, x.ToMatrix(scope), estimator.Matrix("X_fit_"));
        Estimator centring = estimator.Child("_centerer");
        Edge centred = graph.Sub(graph.Sub(kernel, EmitLinear.Row(graph, centring.Vector("K_fit_rows_"))), graph.ReduceMean(kernel, 1));
        centred = graph.Add(centred, graph.Scalar(centring.Number("K_fit_all_")));
        double[] values = estimator.Vector(estimator.Has("eigenvalues_") ? "eigenvalues_" : "lambdas_");
        Matrix vectors = estimator.Matrix(estimator.Has("eigenvectors_") ? "eigenvectors_" : "alphas_");
        double[] scaled = [.. vectors.Values.Select((value, i) => values[i % vectors.Columns] is var v && v != 0 ? value / Math.Sqrt(v) : 0)];
        return FeatureTable.Of(graph.MatMul(centred, graph.Constant(scaled, vectors.Rows, vectors.Columns)));
    }
}
