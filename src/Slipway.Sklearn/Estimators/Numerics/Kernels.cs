using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>scikit-learn's pairwise kernels between rows and fixed rows.</summary>
internal static class Kernels
{
    /// <summary>Kernel values, <c>[N, rows]</c>, with the parameters <c>kernel</c>, <c>gamma</c>, <c>degree</c> and <c>coef0</c> of <paramref name="owner"/>.</summary>
    public static Edge Emit(Estimator owner, GraphBuilder graph, Edge x, Matrix others)
    {
        if (others.Rows == 0)
        {
            throw owner.Missing("kernel", "at least one row to compare with");
        }

        double gamma = owner.Has("gamma_") ? owner.Number("gamma_") : owner.Number("gamma", 1.0 / others.Columns);
        return Emit(owner, graph, x, others, owner.Text("kernel") ?? "", gamma, owner.Number("degree", 3), owner.Number("coef0", 1));
    }

    /// <summary>Kernel values, <c>[N, rows]</c>.</summary>
    public static Edge Emit(Estimator owner, GraphBuilder graph, Edge x, Matrix others, string kernel, double gamma, double degree, double coef0)
    {
        Edge Distance(string metric) => Distances.Emit(graph, x, others, metric)!.Value;
        Edge Product() => EmitLinear.Affine(graph, x, others, []);
        Edge Scaled() => graph.Add(graph.Mul(Product(), graph.Scalar(gamma)), graph.Scalar(coef0));
        return kernel switch
        {
            "linear" => Product(),
            "poly" or "polynomial" => graph.Pow(Scaled(), graph.Scalar(degree)),
            "sigmoid" => graph.Tanh(Scaled()),
            "rbf" => graph.Exp(graph.Mul(Distance("sqeuclidean"), graph.Scalar(-gamma))),
            "laplacian" => graph.Exp(graph.Mul(Distance("manhattan"), graph.Scalar(-gamma))),
            "chi2" => graph.Exp(graph.Mul(Distance("chi2"), graph.Scalar(-gamma))),
            "additive_chi2" => graph.Neg(Distance("chi2")),
            "cosine" => Distances.Cosine(graph, x, others),
            _ => throw owner.NotSupported(kernel.Length == 0 ? "a kernel of your own" : $"the kernel '{kernel}'"),
        };
    }
}
