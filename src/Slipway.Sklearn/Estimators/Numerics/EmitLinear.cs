using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>Pieces that several families emit.</summary>
internal static class EmitLinear
{
    /// <summary>x · coefᵀ + intercept, <c>[N, rows of coef]</c>.</summary>
    public static Edge Affine(GraphBuilder graph, Edge x, Matrix coefficients, ReadOnlySpan<double> intercepts)
    {
        Matrix weights = coefficients.Transposed();
        Edge product = graph.MatMul(x, graph.Constant(weights.Values, weights.Rows, weights.Columns));
        return intercepts.Length == 0 ? product : graph.Add(product, Row(graph, intercepts));
    }

    /// <summary>One constant row that broadcasts over the batch.</summary>
    public static Edge Row(GraphBuilder graph, ReadOnlySpan<double> values) => graph.Constant(values, 1, values.Length);

    /// <summary>
    /// 1 / (1 + e⁻ᵃ). The engine's own operator subtracts from 1 for negative numbers, so that small probabilities have few digits left or none: below e⁻¹² they are eᵃ(1 - eᵃ).
    /// Above it is the operator that answers, whose last bit does not depend on the other rows of a batch.
    /// </summary>
    public static Edge Sigmoid(GraphBuilder graph, Edge a)
    {
        Edge power = graph.Exp(graph.Min(a, graph.Scalar(-12)));
        return graph.Where(graph.Less(a, graph.Scalar(-12)), graph.Mul(power, graph.Sub(graph.Scalar(1), power)), graph.Sigmoid(a));
    }

    /// <summary>[1 - p, p] out of a single column.</summary>
    public static Edge Complement(GraphBuilder graph, Edge p) => graph.Concat([graph.Sub(graph.Scalar(1), p), p], -1);

    /// <summary>Each row divided by its sum; rows whose sum is zero become <paramref name="whenZero"/>.</summary>
    public static Edge NormalizeRows(GraphBuilder graph, Edge values, double whenZero)
    {
        Edge sum = graph.ReduceSum(values, 1);
        Edge isZero = graph.Equal(sum, graph.Scalar(0));
        Edge safe = graph.Where(isZero, graph.Scalar(1), sum);
        return graph.Where(isZero, graph.Scalar(whenZero), graph.Div(values, safe));
    }

    /// <summary>Class positions by the sign of a single decision column, else by the largest.</summary>
    public static Edge ClassOfDecision(GraphBuilder graph, Edge decision) => decision.Width == 1
        ? graph.Reshape(graph.Cast(graph.Greater(decision, graph.Scalar(0)), OnnxDataType.Int64), -1)
        : graph.ArgMax(decision);
}
