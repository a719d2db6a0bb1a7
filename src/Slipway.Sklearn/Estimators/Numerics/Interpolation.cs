using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>Piecewise linear functions, as NumPy's <c>interp</c> computes them.</summary>
internal static class Interpolation
{
    /// <summary>Emits y(x) for a column; before the first and behind the last point the value there. Points may repeat: the last of them counts. NaN stays.</summary>
    /// <param name="xs">Points, ascending.</param>
    public static Edge Emit(GraphBuilder graph, Edge x, double[] xs, double[] ys)
    {
        int last = xs.Length - 1;
        double[] slopes = new double[xs.Length];
        for (int i = 0; i < last; i++)
        {
            slopes[i] = xs[i + 1] > xs[i] ? (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) : 0;
        }

        // How many points are at or before x; none for what is before the first.
        Edge count = graph.ReduceSum(graph.Cast(graph.GreaterOrEqual(x, EmitLinear.Row(graph, xs)), OnnxDataType.Int64), 1);
        Edge index = graph.Max(graph.Sub(count, graph.Scalar(1, OnnxDataType.Int64)), graph.Scalar(0, OnnxDataType.Int64));
        Edge At(double[] values) => graph.Gather(graph.Constant(values), index, 0);
        Edge inside = graph.Add(At(ys), graph.Mul(At(slopes), graph.Sub(graph.Max(x, graph.Scalar(xs[0])), At(xs))));
        return graph.Where(graph.IsNaN(x), x, graph.Where(graph.GreaterOrEqual(x, graph.Scalar(xs[last])), graph.Scalar(ys[last]), inside));
    }
}
