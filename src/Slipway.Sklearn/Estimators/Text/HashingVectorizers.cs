using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;

namespace Slipway.Sklearn.Estimators.Text;

/// <summary>Text as counts of hashed words (MurmurHash3, 32 bits), whose column and sign the hash decides.</summary>
internal sealed class HashingVectorizers : EstimatorConverter
{
    // Rows are dense here: 512 KiB each at this many columns.
    private const int MaxColumns = 1 << 16;

    public override IReadOnlyList<string> ClassNames { get; } = ["HashingVectorizer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        TextAnalysis analysis = TextAnalysis.Of(estimator);
        long columns = estimator.Integer("n_features");
        if (analysis.Unit != TextUnit.Word || analysis.MaxGram > 1 || columns is < 1 or > MaxColumns)
        {
            throw estimator.NotSupported($"hashing anything but single words, or into more than {MaxColumns} columns (set n_features)");
        }

        Edge text = graph.Reshape(x.Column(scope, 0), -1);
        text = analysis.IsLowercased ? TextTokens.Lowercase(graph, text) : text;
        Edge tokens = TextTokens.Tokenize(graph, text, analysis.Token);
        Edge counts = Count(graph, tokens, analysis, columns, estimator.Flag("alternate_sign", true), estimator.Flag("binary"));
        return FeatureTable.Of(estimator.Has("norm") ? TfidfWeights.Normalize(graph, counts, estimator, estimator.Text("norm")) : counts);
    }

    private static Edge Count(GraphBuilder graph, Edge tokens, TextAnalysis analysis, long columns, bool alternates, bool isBinary)
    {
        Edge hashes = graph.Cast(
            graph.Nodes("MurmurHash3", GraphBuilder.EngineDomain, [tokens], [(OnnxDataType.Int32, tokens.Shape)], NodeAttribute.Of("positive", 0), NodeAttribute.Of("seed", 0))[0],
            OnnxDataType.Int64);
        Edge whole = graph.Scalar(columns, OnnxDataType.Int64);
        Edge size = graph.Abs(hashes);

        // The one hash whose absolute value has no 32 bits is written as scikit-learn writes it.
        size = graph.Where(graph.Equal(size, graph.Scalar(1L << 31, OnnxDataType.Int64)), graph.Scalar(int.MaxValue - (columns - 1), OnnxDataType.Int64), size);
        Edge column = graph.Node("Mod", [size, whole], OnnxDataType.Int64, tokens.Shape);
        Edge isWord = graph.Not(TextTokens.IsPadding(graph, tokens));
        if (analysis.StopWords.Count > 0)
        {
            Edge stop = TextTokens.Number(graph, tokens, analysis.StopWords.ToDictionary(static word => word, static _ => 0L), new HashSet<string>(), compacts: false);
            isWord = graph.And(isWord, graph.Less(stop, graph.Scalar(0, OnnxDataType.Int64)));
        }

        Edge one = graph.Cast(isWord, OnnxDataType.Double);
        Edge sign = alternates && !isBinary ? graph.Where(graph.Less(hashes, graph.Scalar(0, OnnxDataType.Int64)), graph.Neg(one), one) : one;
        Edge zeros = graph.Mul(graph.Cast(graph.Columns(column, [0]), OnnxDataType.Double), graph.Constant(new double[columns], 1, columns));
        Edge counts = graph.Node("ScatterElements", [zeros, column, sign], OnnxDataType.Double, zeros.Shape, NodeAttribute.Of("axis", 1), NodeAttribute.Of("reduction", "add"));
        return isBinary ? graph.Min(counts, graph.Scalar(1)) : counts;
    }
}
