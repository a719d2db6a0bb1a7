using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Estimators.Text;

/// <summary>Text as counts of the terms of a vocabulary (CountVectorizer), weighted where it is a TfidfVectorizer.</summary>
internal sealed class CountVectorizers : EstimatorConverter
{
    public override IReadOnlyList<string> ClassNames { get; } = ["CountVectorizer", "TfidfVectorizer"];

    public override bool CanTransform(Estimator estimator, ConversionScope scope) => true;

    public override FeatureTable Transform(Estimator estimator, FeatureTable x, ConversionScope scope)
    {
        GraphBuilder graph = scope.Graph;
        Edge column = x.Column(scope, 0);
        if (x.Width != 1 || column.Type != OnnxDataType.String)
        {
            throw estimator.NotSupported("anything but one column of text");
        }

        TextAnalysis analysis = TextAnalysis.Of(estimator);
        (string[] Units, int Index)[] terms = Terms(estimator, analysis);
        Edge text = graph.Reshape(column, -1);
        text = analysis.IsLowercased ? TextTokens.Lowercase(graph, text) : text;
        int width = terms.Length == 0 ? 0 : terms.Max(static term => term.Index) + 1;
        if (width > terms.Length)
        {
            throw estimator.Missing("vocabulary_", "terms numbered without a gap");
        }

        Edge counts = graph.Cast(Count(graph, text, analysis, terms, width), OnnxDataType.Double);
        if (estimator.Flag("binary"))
        {
            counts = graph.Min(counts, graph.Scalar(1));
        }

        return FeatureTable.Of(estimator.ClassName == "TfidfVectorizer" ? TfidfWeights.Apply(graph, counts, estimator.Child("_tfidf")) : counts);
    }

    private static Edge Count(GraphBuilder graph, Edge text, TextAnalysis analysis, (string[] Units, int Index)[] terms, int width)
    {
        Dictionary<string, long> numbers = new(StringComparer.Ordinal);
        foreach (string unit in terms.SelectMany(static term => term.Units))
        {
            numbers.TryAdd(unit, numbers.Count);
        }

        // A term with a stop word in it never appears, but keeps its column.
        bool IsCounted((string[] Units, int Index) term) => !term.Units.Any(analysis.StopWords.Contains) && !IsBlankInWord(analysis, term.Units);
        Edge ids;
        if (analysis.Unit == TextUnit.Word)
        {
            Dictionary<string, long> known = WithFinalSigma(numbers, analysis.IsLowercased);
            ids = TextTokens.Number(graph, TextTokens.Tokenize(graph, text, analysis.Token), known, analysis.StopWords, analysis.MaxGram > 1);
        }
        else
        {
            ids = TextTokens.NumberCharacters(graph, text, numbers, analysis.Unit);
        }

        Edge counts = Gather(graph, ids, [.. terms.Where(IsCounted)], numbers, width);
        int blank = Array.FindIndex(terms, term => IsBlankInWord(analysis, term.Units));
        return blank < 0 ? counts : graph.Add(counts, Blanks(graph, text, terms[blank].Index, width));
    }

    private static bool IsBlankInWord(TextAnalysis analysis, string[] units) => analysis.Unit == TextUnit.CharacterInWord && units is [" "];

    // Every word has two: neighbours share one among the numbers of characters.
    private static Edge Blanks(GraphBuilder graph, Edge text, int index, int width)
    {
        Edge words = TextTokens.Tokenize(graph, text, TokenPattern.NotSpaceClass + "+");
        Edge isWord = graph.Cast(graph.Not(TextTokens.IsPadding(graph, words)), OnnxDataType.Float);
        float[] two = new float[width];
        two[index] = 2;
        return graph.Mul(graph.ReduceSum(isWord, 1), graph.Constant(two, 1, width));
    }

    // The pool holds the terms' units by length: all terms of one unit, then all of two …
    private static Edge Gather(GraphBuilder graph, Edge ids, (string[] Units, int Index)[] terms, Dictionary<string, long> numbers, int width)
    {
        if (terms.Length == 0)
        {
            return graph.Mul(graph.Cast(graph.Columns(ids, [0]), OnnxDataType.Float), graph.Constant(new float[width], 1, width));
        }

        int least = terms.Min(static term => term.Units.Length);
        int most = terms.Max(static term => term.Units.Length);
        List<long> pool = [];
        List<long> starts = [];
        List<long> indexes = [];
        for (int length = 1; length <= most; length++)
        {
            starts.Add(pool.Count);
            foreach ((string[] units, int index) in terms.Where(term => term.Units.Length == length))
            {
                pool.AddRange(units.Select(unit => numbers[unit]));
                indexes.Add(index);
            }
        }

        // The operator is as wide as the largest column it counts; the columns behind that are never counted.
        int counted = terms.Max(static term => term.Index) + 1;
        Edge counts = graph.Node(
            "TfIdfVectorizer", [ids], OnnxDataType.Float, new TensorShape(-1, counted),
            NodeAttribute.Of("mode", "TF"), NodeAttribute.Of("min_gram_length", least), NodeAttribute.Of("max_gram_length", most), NodeAttribute.Of("max_skip_count", 0),
            NodeAttribute.Of("ngram_counts", starts), NodeAttribute.Of("ngram_indexes", indexes), NodeAttribute.Of("pool_int64s", pool));
        return counted == width ? counts : graph.MatMul(counts, graph.Constant(Selector(counted, width), counted, width));
    }

    private static float[] Selector(int rows, int columns)
    {
        float[] selector = new float[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            selector[(i * columns) + i] = 1;
        }

        return selector;
    }

    private static (string[] Units, int Index)[] Terms(Estimator estimator, TextAnalysis analysis)
    {
        PickleDict vocabulary = estimator.Raw("vocabulary_") switch
        {
            PickleDict dict => dict,
            PickleObject { Entries: { } entries } => entries,
            _ => throw estimator.Missing("vocabulary_", "a dict of terms"),
        };
        List<(string[], int)> terms = new(vocabulary.Entries.Count);
        foreach ((object? key, object? value) in vocabulary.Entries)
        {
            if (key is not string term || !PickleNumbers.TryToInt64(value, out long index) || index < 0 || index >= vocabulary.Entries.Count)
            {
                throw estimator.Missing("vocabulary_", "a dict from terms to their numbers");
            }

            terms.Add((Units(term, analysis), (int)index));
        }

        return [.. terms];
    }

    private static string[] Units(string term, TextAnalysis analysis) =>
        analysis.Unit != TextUnit.Word ? [.. term.EnumerateRunes().Select(static rune => rune.ToString())]
        : analysis.MaxGram > 1 ? term.Split(' ')
        : [term];

    // Python writes a capital sigma at the end of a word as its final form, the engine does not: both forms then count as the word.
    private static Dictionary<string, long> WithFinalSigma(Dictionary<string, long> numbers, bool isLowercased)
    {
        if (!isLowercased)
        {
            return numbers;
        }

        Dictionary<string, long> known = new(numbers, StringComparer.Ordinal);
        foreach ((string word, long number) in numbers)
        {
            if (word.Length > 1 && word[^1] == 'ς')
            {
                known.TryAdd(string.Concat(word.AsSpan(0, word.Length - 1), "σ"), number);
            }
        }

        return known;
    }
}
