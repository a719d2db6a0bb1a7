using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Numerics;

/// <summary>Distances between rows and fixed rows, by exact differences rather than by expanded squares, which cancel.</summary>
internal static class Distances
{
    /// <summary>Distances of <paramref name="x"/> to each row of <paramref name="others"/>, <c>[N, rows]</c>; null for a metric that is not known.</summary>
    /// <param name="p">Exponent of Minkowski's distance.</param>
    public static Edge? Emit(GraphBuilder graph, Edge x, Matrix others, string metric, double p = 2)
    {
        if (metric == "correlation")
        {
            // The cosine of what is left of rows without their means.
            double[] centred = [.. others.Values.Chunk(others.Columns).SelectMany(static row => row.Average() is var mean ? row.Select(value => value - mean) : row)];
            Edge cosine = Cosine(graph, graph.Sub(x, graph.ReduceMean(x, 1)), new Matrix(centred, others.Rows, others.Columns));
            return graph.Max(graph.Sub(graph.Scalar(1), cosine), graph.Scalar(0));
        }

        if (metric == "cosine")
        {
            // Rounding may leave less than nothing between a row and itself.
            return graph.Max(graph.Sub(graph.Scalar(1), Cosine(graph, x, others)), graph.Scalar(0));
        }

        string kind = metric == "minkowski" ? p switch { 1 => "manhattan", 2 => "euclidean", double.PositiveInfinity => "chebyshev", _ => metric } : metric;
        Func<GraphBuilder, Edge, Edge, Edge>? reduce = kind switch
        {
            "euclidean" or "l2" => static (g, a, b) => g.Sqrt(Sum(g, Square(g, g.Sub(a, b)))),
            "sqeuclidean" => static (g, a, b) => Sum(g, Square(g, g.Sub(a, b))),
            "manhattan" or "l1" or "cityblock" => static (g, a, b) => Sum(g, g.Abs(g.Sub(a, b))),
            "chebyshev" or "infinity" => static (g, a, b) => g.ReduceMax(g.Abs(g.Sub(a, b)), 2, keepDimension: false),
            "minkowski" => (g, a, b) => g.Pow(Sum(g, g.Pow(g.Abs(g.Sub(a, b)), g.Scalar(p))), g.Scalar(1 / p)),
            "canberra" => static (g, a, b) => Sum(g, Ratio(g, g.Abs(g.Sub(a, b)), g.Add(g.Abs(a), g.Abs(b)))),
            "hamming" => (g, a, b) => g.Div(Sum(g, g.Cast(g.Not(g.Equal(a, b)), OnnxDataType.Double)), g.Scalar(others.Columns)),
            "haversine" when others.Columns == 2 => Haversine,
            "jaccard" => static (g, a, b) => Ratio(g, Count(g, NotEqual(g, a, b)), Count(g, g.Or(IsSet(g, a), IsSet(g, b)))),
            "chi2" => static (g, a, b) => Sum(g, Ratio(g, Square(g, g.Sub(a, b)), g.Add(a, b))),
            _ => null,
        };
        if (reduce is null)
        {
            return null;
        }

        Edge constant = graph.Constant(others.Values, 1, others.Rows, others.Columns);
        return EmitRows.Emit(graph, x, (long)others.Rows * others.Columns, others.Rows, (g, rows) => reduce(g, g.Reshape(rows, -1, 1, others.Columns), constant));
    }

    /// <summary>Cosine of the angle to each row; zero for a row of zeros.</summary>
    public static Edge Cosine(GraphBuilder graph, Edge x, Matrix others)
    {
        double[] unit = [.. others.Values];
        for (int row = 0; row < others.Rows; row++)
        {
            double norm = 0;
            foreach (double value in others.Row(row))
            {
                norm += value * value;
            }

            norm = norm == 0 ? 1 : Math.Sqrt(norm);
            for (int column = 0; column < others.Columns; column++)
            {
                unit[(row * others.Columns) + column] /= norm;
            }
        }

        Edge length = graph.Sqrt(graph.ReduceSum(graph.Mul(x, x), 1));
        Edge safe = graph.Where(graph.Equal(length, graph.Scalar(0)), graph.Scalar(1), length);
        return EmitLinear.Affine(graph, graph.Div(x, safe), new Matrix(unit, others.Rows, others.Columns), []);
    }

    // The angle between two places on a sphere, given by latitude and longitude.
    private static Edge Haversine(GraphBuilder graph, Edge a, Edge b)
    {
        Edge latitude = graph.Constant([0L]);
        Edge halves = graph.Sin(graph.Mul(graph.Sub(a, b), graph.Scalar(0.5)));
        Edge squares = Square(graph, halves);
        Edge cosines = graph.Mul(graph.Cos(graph.Gather(a, latitude, 2)), graph.Cos(graph.Gather(b, latitude, 2)));
        Edge chord = graph.Add(graph.Gather(squares, latitude, 2), graph.Mul(cosines, graph.Gather(squares, graph.Constant([1L]), 2)));
        return Sum(graph, graph.Mul(InverseFunctions.Arcsine(graph, graph.Min(graph.Sqrt(chord), graph.Scalar(1))), graph.Scalar(2)));
    }

    private static Edge IsSet(GraphBuilder graph, Edge a) => graph.Not(graph.Equal(a, graph.Scalar(0)));

    private static Edge NotEqual(GraphBuilder graph, Edge a, Edge b) => graph.Node("Xor", [IsSet(graph, a), IsSet(graph, b)], OnnxDataType.Bool, Shapes.Broadcast(a.Shape, b.Shape));

    private static Edge Count(GraphBuilder graph, Edge flags) => Sum(graph, graph.Cast(flags, OnnxDataType.Double));

    private static Edge Sum(GraphBuilder graph, Edge terms) => graph.ReduceSum(terms, 2, keepDimension: false);

    private static Edge Square(GraphBuilder graph, Edge a) => graph.Mul(a, a);

    // Nothing by nothing is nothing.
    private static Edge Ratio(GraphBuilder graph, Edge above, Edge below)
    {
        Edge isZero = graph.Equal(below, graph.Scalar(0));
        return graph.Where(isZero, graph.Scalar(0), graph.Div(above, graph.Where(isZero, graph.Scalar(1), below)));
    }
}
