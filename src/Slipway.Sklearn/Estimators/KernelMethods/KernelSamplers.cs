using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.KernelMethods;

/// <summary>Explicit features whose products approximate a kernel (Rahimi &amp; Recht 2007; Vedaldi &amp; Zisserman 2012).</summary>
internal sealed class KernelSamplers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["RBFSampler", "SkewedChi2Sampler", "AdditiveChi2Sampler"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        if (estimator.ClassName == "AdditiveChi2Sampler")
        {
            return FeatureTable.Of(Additive(estimator, graph, matrix));
        }

        if (estimator.ClassName == "SkewedChi2Sampler")
        {
            matrix = graph.Log(graph.Add(matrix, graph.Scalar(estimator.Number("skewedness", 1))));
        }

        Matrix weights = estimator.Matrix("random_weights_");
        Edge phase = graph.Add(graph.MatMul(matrix, graph.Constant(weights.Values, weights.Rows, weights.Columns)), EmitLinear.Row(graph, estimator.Vector("random_offset_")));
        return FeatureTable.Of(graph.Mul(graph.Cos(phase), graph.Scalar(Math.Sqrt(2.0 / weights.Columns))));
    }

    private static Edge Additive(Estimator estimator, GraphBuilder graph, Edge x)
    {
        int steps = (int)estimator.Number("sample_steps", 2);
        double interval = estimator.Has("sample_interval_") ? estimator.Number("sample_interval_")
            : estimator.Number("sample_interval", steps switch { 1 => 0.8, 2 => 0.5, _ => 0.4 });
        Edge isZero = graph.Equal(x, graph.Scalar(0));
        Edge safe = graph.Where(isZero, graph.Scalar(1), x);
        Edge Kept(Edge value) => graph.Where(isZero, graph.Scalar(0), value);
        List<Edge> blocks = [Kept(graph.Sqrt(graph.Mul(safe, graph.Scalar(interval))))];
        Edge logs = graph.Mul(graph.Log(safe), graph.Scalar(interval));
        for (int j = 1; j < steps; j++)
        {
            Edge factor = graph.Sqrt(graph.Mul(safe, graph.Scalar(2 * interval / Math.Cosh(Math.PI * j * interval))));
            Edge phase = graph.Mul(logs, graph.Scalar(j));
            blocks.Add(Kept(graph.Mul(factor, graph.Cos(phase))));
            blocks.Add(Kept(graph.Mul(factor, graph.Sin(phase))));
        }

        return graph.Concat(blocks, -1);
    }
}
