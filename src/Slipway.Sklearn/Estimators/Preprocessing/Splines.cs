using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;

namespace Slipway.Sklearn.Estimators.Preprocessing;

/// <summary>
/// Features as values of B-splines (SplineTransformer). Each spline is rewritten as one polynomial a knot interval (de Boor 1978), so that a row costs one look-up and Horner's rule.
/// </summary>
internal sealed class Splines : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["SplineTransformer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge matrix = x.ToMatrix(scope);
        IReadOnlyList<Estimator> splines = estimator.Children("bsplines_");
        if (estimator.Text("extrapolation") == "linear" && splines.Count > 1 && splines[0].Integer("k") <= 1)
        {
            // scikit-learn takes the degree for one more from the second feature on, and answers something else than a line there.
            throw estimator.NotSupported("linear extrapolation of degree 0 or 1 for more than one feature");
        }

        bool keepsLast = estimator.Flag("include_bias", true);
        List<Edge> blocks = [];
        for (int i = 0; i < splines.Count; i++)
        {
            Edge block = Values(estimator, splines[i], graph, graph.Columns(matrix, [i]));
            blocks.Add(keepsLast ? block : graph.Columns(block, [.. Enumerable.Range(0, (int)block.Width - 1).Select(static column => (long)column)]));
        }

        return FeatureTable.Of(graph.Concat(blocks, -1));
    }

    private static Edge Values(Estimator owner, Estimator spline, GraphBuilder graph, Edge x)
    {
        double[] knots = spline.Vector("t");
        Matrix weights = spline.Matrix("c");
        int degree = (int)spline.Integer("k");
        int count = knots.Length - degree - 1;
        if (degree is < 0 or > 16 || count < 1 || weights.Rows < count)
        {
            throw spline.Missing("t", "knots that fit the coefficients");
        }

        SplinePieces pieces = SplinePieces.Of(knots, weights, degree, count);
        double low = knots[degree];
        double high = knots[count];
        Edge inside = graph.Min(graph.Max(x, graph.Scalar(low)), graph.Scalar(high));
        switch (owner.Text("extrapolation"))
        {
            case "periodic":
                Edge turns = graph.Div(graph.Sub(x, graph.Scalar(low)), graph.Scalar(high - low));
                Edge rest = graph.Sub(graph.Sub(x, graph.Scalar(low)), graph.Mul(graph.Floor(turns), graph.Scalar(high - low)));
                return pieces.Emit(graph, graph.Add(rest, graph.Scalar(low)));
            case "continue":
                return pieces.Emit(graph, x);
            case "linear":
                Edge beyond = graph.Sub(x, inside);
                return graph.Add(pieces.Emit(graph, inside), graph.Mul(beyond, pieces.EmitSlopes(graph, inside)));
            case "error":
                // A graph can't fail for one row: what is outside has no value.
                return graph.Where(graph.Equal(x, inside), pieces.Emit(graph, inside), graph.Scalar(double.NaN));
            default:
                return pieces.Emit(graph, inside);
        }
    }
}

/// <summary>Splines over one feature as polynomials: for each knot interval and each spline its coefficients around the interval's start.</summary>
internal sealed class SplinePieces
{
    private readonly double[] _starts;
    private readonly int _splines;

    // [power][interval · splines + spline]
    private readonly double[][] _coefficients;

    private SplinePieces(double[] starts, int splines, double[][] coefficients)
    {
        _starts = starts;
        _splines = splines;
        _coefficients = coefficients;
    }

    /// <summary>Rewrites Σ c B.</summary>
    /// <param name="weights">Coefficients c, a row for each basis function, a column for each spline.</param>
    public static SplinePieces Of(double[] knots, Matrix weights, int degree, int count)
    {
        int[] intervals = [.. Enumerable.Range(degree, count - degree).Where(i => knots[i + 1] > knots[i])];
        double[][] coefficients = [.. Enumerable.Range(0, degree + 1).Select(_ => new double[intervals.Length * weights.Columns])];
        foreach ((int index, int interval) in intervals.Index())
        {
            double[][] basis = Basis(knots, degree, interval);
            for (int j = 0; j <= degree; j++)
            {
                for (int spline = 0; spline < weights.Columns; spline++)
                {
                    double weight = weights[interval - degree + j, spline];
                    for (int power = 0; power <= degree; power++)
                    {
                        coefficients[power][(index * weights.Columns) + spline] += weight * basis[j][power];
                    }
                }
            }
        }

        return new SplinePieces([.. intervals.Select(i => knots[i])], weights.Columns, coefficients);
    }

    /// <summary>Values, <c>[N, splines]</c>; outside of the knots the first and the last piece go on.</summary>
    public Edge Emit(GraphBuilder graph, Edge x) => Horner(graph, x, _coefficients);

    /// <summary>First derivatives.</summary>
    public Edge EmitSlopes(GraphBuilder graph, Edge x) =>
        Horner(graph, x, _coefficients.Length == 1 ? [new double[_coefficients[0].Length]] : [.. _coefficients.Skip(1).Select(static (row, i) => row.Select(value => value * (i + 1)).ToArray())]);

    // The basis functions that are not zero on the interval, as polynomials in x - start, by the recursion of Cox and de Boor.
    private static double[][] Basis(double[] knots, int degree, int interval)
    {
        double start = knots[interval];
        double[][] basis = [[1.0]];
        for (int k = 1; k <= degree; k++)
        {
            double[][] next = new double[k + 1][];
            for (int j = 0; j <= k; j++)
            {
                int i = interval - k + j;
                next[j] = new double[k + 1];
                if (j > 0 && knots[i + k] > knots[i])
                {
                    AddProduct(next[j], basis[j - 1], (start - knots[i]) / (knots[i + k] - knots[i]), 1 / (knots[i + k] - knots[i]));
                }

                if (j < k && knots[i + k + 1] > knots[i + 1])
                {
                    AddProduct(next[j], basis[j], (knots[i + k + 1] - start) / (knots[i + k + 1] - knots[i + 1]), -1 / (knots[i + k + 1] - knots[i + 1]));
                }
            }

            basis = next;
        }

        return basis;
    }

    private static void AddProduct(double[] sum, double[] polynomial, double constant, double slope)
    {
        for (int power = 0; power < polynomial.Length; power++)
        {
            sum[power] += polynomial[power] * constant;
            sum[power + 1] += polynomial[power] * slope;
        }
    }

    private Edge Horner(GraphBuilder graph, Edge x, double[][] coefficients)
    {
        Edge later = graph.Cast(graph.GreaterOrEqual(x, EmitLinear.Row(graph, _starts)), OnnxDataType.Int64);
        Edge index = graph.Max(graph.Sub(graph.ReduceSum(later, 1, keepDimension: false), graph.Scalar(1, OnnxDataType.Int64)), graph.Scalar(0, OnnxDataType.Int64));
        Edge local = graph.Sub(x, graph.Reshape(graph.Gather(graph.Constant(_starts), index, 0), -1, 1));
        Edge At(double[] values) => graph.Gather(graph.Constant(values, _starts.Length, _splines), index, 0);
        Edge sum = At(coefficients[^1]);
        foreach (double[] row in coefficients.SkipLast(1).Reverse())
        {
            sum = graph.Add(graph.Mul(sum, local), At(row));
        }

        return sum;
    }
}
