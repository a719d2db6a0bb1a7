using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;

namespace Slipway.Sklearn.Estimators.Text;

/// <summary>
/// Emits the steps from text to numbered units. The engine's own operators <c>Tokenizer</c> and <c>StringNormalizer</c> find and lower-case them, so that the graph runs in ONNX Runtime only.
/// </summary>
internal static class TextTokens
{
    /// <summary>Number of a unit that no term has.</summary>
    public const long Unknown = -1;

    private const long Dropped = -2;

    // No token holds a control character of this kind alone: patterns of characters are not padded by it either, because it is looked up like any other.
    private const string Padding = "\u0001\u0002";

    /// <summary>Lower-cases a column, <c>[N]</c>. Python's own rules for the Turkish dotted capital I, which becomes two characters, are not among the engine's.</summary>
    public static Edge Lowercase(GraphBuilder graph, Edge text) => graph.Node(
        "StringNormalizer", [text], OnnxDataType.String, text.Shape, NodeAttribute.Of("case_change_action", "LOWER"), NodeAttribute.Of("is_case_sensitive", 1), NodeAttribute.Of("locale", Locale));

    /// <summary>The parts of each text that match, <c>[N, most]</c>, filled up with <see cref="Padding"/>; one column of it at least.</summary>
    public static Edge Tokenize(GraphBuilder graph, Edge text, string expression)
    {
        Edge found = graph.Nodes(
            "Tokenizer", GraphBuilder.EngineDomain, [graph.Reshape(text, -1)], [(OnnxDataType.String, new TensorShape(-1, -1))],
            NodeAttribute.Of("mark", 0), NodeAttribute.Of("mincharnum", 1), NodeAttribute.Of("pad_value", Padding), NodeAttribute.Of("tokenexp", expression))[0];

        // One padding for each text: position 0 of a list of one, as many times as there are rows.
        Edge zeros = graph.Mul(graph.Cast(IsPadding(graph, graph.Reshape(text, -1, 1)), OnnxDataType.Int64), graph.Scalar(0, OnnxDataType.Int64));
        return Widened(graph, found, graph.Gather(graph.Constant([Padding], 1), zeros, 0));
    }

    /// <summary>Where there is no token any more.</summary>
    public static Edge IsPadding(GraphBuilder graph, Edge tokens) => graph.Equal(tokens, graph.Constant([Padding], 1, 1));

    /// <summary>Numbers of words; stop words are taken out where <paramref name="compacts"/>, and all others close up.</summary>
    public static Edge Number(GraphBuilder graph, Edge tokens, IReadOnlyDictionary<string, long> numbers, IReadOnlySet<string> stopWords, bool compacts)
    {
        if (!compacts || stopWords.Count == 0)
        {
            return Look(graph, tokens, [.. numbers.Where(pair => !stopWords.Contains(pair.Key))]);
        }

        KeyValuePair<string, long>[] all = [.. numbers.Where(pair => !stopWords.Contains(pair.Key)), .. stopWords.Select(static word => KeyValuePair.Create(word, Dropped))];
        Edge ids = Look(graph, tokens, all);

        // The kept ones in their order, then the dropped ones: by position, all dropped ones behind.
        Edge length = graph.Gather(graph.Node("Shape", [ids], OnnxDataType.Int64, new TensorShape(2)), graph.Scalar(1, OnnxDataType.Int64), 0);
        Edge positions = graph.Node("Range", [graph.Scalar(0, OnnxDataType.Int64), length, graph.Scalar(1, OnnxDataType.Int64)], OnnxDataType.Int64, new TensorShape(-1));
        Edge isDropped = graph.Equal(ids, graph.Scalar(Dropped, OnnxDataType.Int64));
        Edge order = graph.Add(graph.Reshape(positions, 1, -1), graph.Mul(graph.Cast(isDropped, OnnxDataType.Int64), graph.Scalar(1L << 40, OnnxDataType.Int64)));
        Edge[] sorted = graph.Nodes(
            "TopK", "", [order, graph.Reshape(length, 1)], [(OnnxDataType.Int64, ids.Shape), (OnnxDataType.Int64, ids.Shape)],
            NodeAttribute.Of("axis", 1), NodeAttribute.Of("largest", 0), NodeAttribute.Of("sorted", 1));
        return graph.Node("GatherElements", [ids, sorted[1]], OnnxDataType.Int64, ids.Shape, NodeAttribute.Of("axis", 1));
    }

    /// <summary>Numbers of the characters of each text; white space counts as one blank as the unit asks.</summary>
    public static Edge NumberCharacters(GraphBuilder graph, Edge text, IReadOnlyDictionary<string, long> numbers, TextUnit unit)
    {
        const string space = TokenPattern.SpaceClass;
        bool inWords = unit == TextUnit.CharacterInWord;
        Edge tokens = Tokenize(graph, text, inWords ? $"{space}+|{TokenPattern.NotSpaceClass}" : $"{space}{space}+|(?s:.)");
        Edge ids = Look(graph, tokens, [.. numbers]);
        if (!numbers.TryGetValue(" ", out long blank))
        {
            return ids;
        }

        // Runs of white space differ as text and mean the same: a second look tells them from characters that no term has.
        Edge runs = Tokenize(graph, tokens, inWords ? $"{space}+" : $"{space}{space}+");
        Edge isRun = graph.Not(IsPadding(graph, graph.Columns(runs, [0])));
        Edge shape = graph.Node("Shape", [ids], OnnxDataType.Int64, new TensorShape(2));
        Edge spread = graph.Node("Reshape", [isRun, shape], OnnxDataType.Bool, ids.Shape);
        Edge blankEdge = graph.Scalar(blank, OnnxDataType.Int64);
        ids = graph.Where(spread, blankEdge, ids);
        if (!inWords)
        {
            return ids;
        }

        // A blank before the first word and behind the last: one in front, and one in place of every padding, of which there is one at least.
        Edge padded = graph.Where(IsPadding(graph, tokens), blankEdge, ids);
        Edge front = graph.Add(graph.Mul(graph.Columns(ids, [0]), graph.Scalar(0, OnnxDataType.Int64)), blankEdge);
        return Widened(graph, front, padded);
    }

    // glibc has this locale wherever it has any; its lower case is Unicode's. Windows knows languages only.
    private static string Locale => OperatingSystem.IsWindows() ? "en-US" : "C.UTF-8";

    private static Edge Look(GraphBuilder graph, Edge tokens, KeyValuePair<string, long>[] numbers) => graph.MlNode(
        "LabelEncoder", [tokens], OnnxDataType.Int64, tokens.Shape,
        NodeAttribute.Of("keys_strings", [.. numbers.Select(static pair => pair.Key)]), NodeAttribute.Of("values_int64s", [.. numbers.Select(static pair => pair.Value)]),
        NodeAttribute.Of("default_int64", Unknown));

    private static Edge Widened(GraphBuilder graph, Edge left, Edge right) =>
        graph.Node("Concat", [left, right], left.Type, new TensorShape(-1, -1), NodeAttribute.Of("axis", 1));
}
