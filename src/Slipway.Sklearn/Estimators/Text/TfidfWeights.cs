using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Estimators.Numerics;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Text;

/// <summary>Counts weighted by how rare a term is, each row normalised (TfidfTransformer).</summary>
internal sealed class TfidfWeights : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["TfidfTransformer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope) => FeatureTable.Of(Apply(scope.Graph, x.ToMatrix(scope), estimator));

    /// <summary>The weights of counts.</summary>
    public static Edge Apply(GraphBuilder graph, Edge counts, Estimator transformer)
    {
        if (transformer.Flag("sublinear_tf"))
        {
            Edge isZero = graph.Equal(counts, graph.Scalar(0));
            Edge damped = graph.Add(graph.Log(graph.Where(isZero, graph.Scalar(1), counts)), graph.Scalar(1));
            counts = graph.Where(isZero, graph.Scalar(0), damped);
        }

        if (transformer.Flag("use_idf", true))
        {
            counts = graph.Mul(counts, EmitLinear.Row(graph, Idf(transformer)));
        }

        return transformer.Has("norm") ? Normalize(graph, counts, transformer, transformer.Text("norm")) : counts;
    }

    /// <summary>Rows divided by their l1 or l2 norm; a row of zeros stays.</summary>
    public static Edge Normalize(GraphBuilder graph, Edge x, Estimator owner, string? norm)
    {
        Edge length = norm switch
        {
            "l1" => graph.ReduceSum(graph.Abs(x), 1),
            "l2" => graph.Sqrt(graph.ReduceSum(graph.Mul(x, x), 1)),
            _ => throw owner.NotSupported($"the norm '{norm}'"),
        };
        return graph.Div(x, graph.Where(graph.Equal(length, graph.Scalar(0)), graph.Scalar(1), length));
    }

    // A vector since 1.5, the diagonal of a sparse matrix before; every entry of it is there, because none is zero.
    private static double[] Idf(Estimator transformer)
    {
        if (transformer.Raw("_idf_diag") is not PickleObject diagonal)
        {
            return transformer.Vector("idf_");
        }

        double[] values = (diagonal["data"] as NumpyArray)?.ToDoubles() ?? throw transformer.Missing("_idf_diag", "a diagonal matrix");
        if (diagonal["indices"] is not NumpyArray indices)
        {
            return values;
        }

        long[] positions = indices.ToInt64s();
        double[] ordered = new double[values.Length];
        foreach ((int i, long position) in positions.Index())
        {
            ordered[position] = values[i];
        }

        return ordered;
    }
}
