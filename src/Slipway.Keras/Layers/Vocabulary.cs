using System.Globalization;
using System.Text.Json;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>The terms of a lookup layer and their positions: what is masked, what is unknown, and the terms, in this order. Terms come from the configuration, or from the archive's own text file.</summary>
internal sealed class Vocabulary
{
    private const string TermsFile = "vocabulary.txt";

    private readonly List<string> _terms;
    private readonly bool _isText;
    private readonly string? _mask;
    private readonly bool _countsMask;
    private readonly string _unknown;
    private readonly int _unknownPositions;

    private Vocabulary(List<string> terms, bool isText, string? mask, string unknown, int unknownPositions, bool countsMask)
    {
        (_terms, _isText, _mask, _unknown, _unknownPositions, _countsMask) = (terms, isText, mask, unknown, unknownPositions, countsMask);
    }

    private int FirstUnknown => _countsMask ? 1 : 0;

    private int FirstTerm => FirstUnknown + _unknownPositions;

    /// <summary>Reads the terms of a layer.</summary>
    /// <param name="mask">The term that counts for nothing; null: none.</param>
    /// <param name="unknown">What stands for a term that is not among them.</param>
    /// <param name="unknownPositions">How many positions unknown terms are spread over.</param>
    /// <param name="mode">The output's mode: only where it is int has the mask a position.</param>
    public static Vocabulary Of(LayerCall call, bool isText, string? mask, string unknown, int unknownPositions, string mode)
    {
        bool countsMask = mask is not null && mode == "int";
        List<string> special = [.. countsMask ? [mask!] : Array.Empty<string>(), .. Enumerable.Repeat(unknown, unknownPositions)];
        return new Vocabulary(Terms(call, special), isText, mask, unknown, unknownPositions, countsMask);
    }

    /// <summary>Positions of terms; -1 for what is masked where that has no position.</summary>
    public Edge Find(LayerCall call, Edge x)
    {
        GraphBuilder graph = call.Graph;
        List<string> keys = _mask is null ? _terms : [_mask, .. _terms];
        long[] positions = [.. _mask is null ? Enumerable.Empty<long>() : [_countsMask ? 0L : -1L], .. Enumerable.Range(FirstTerm, _terms.Count).Select(static position => (long)position)];
        const long absent = -2;
        long fallback = _unknownPositions == 1 ? FirstUnknown : absent;
        Edge found = graph.MlNode(
            "LabelEncoder", [x], OnnxDataType.Int64, x.Shape, Keys(call, keys), NodeAttribute.Of("values_int64s", positions), NodeAttribute.Of("default_int64", fallback));
        if (_unknownPositions == 1)
        {
            return found;
        }

        // Where unknown terms have no position they are an error, as in Keras: a place that the list of positions does not have.
        if (_unknownPositions == 0)
        {
            Edge list = graph.Constant([.. Enumerable.Range(-1, FirstTerm + _terms.Count + 1).Select(static position => (long)position)]);
            Edge known = graph.Where(graph.Equal(found, graph.Scalar(absent, OnnxDataType.Int64)), graph.Scalar(int.MaxValue, OnnxDataType.Int64), found);
            return graph.Gather(list, graph.Add(known, graph.Scalar(1, OnnxDataType.Int64)), 0);
        }

        // Unknown terms are spread by their hash, integers by what is left of a division.
        Edge bucket = _isText
            ? TextTokens.Hash(graph, x, _unknownPositions, salt: null)
            : graph.Node("Mod", [x, graph.Scalar(_unknownPositions, OnnxDataType.Int64)], OnnxDataType.Int64, x.Shape);
        return graph.Where(graph.Equal(found, graph.Scalar(absent, OnnxDataType.Int64)), graph.Add(bucket, graph.Scalar(FirstUnknown, OnnxDataType.Int64)), found);
    }

    /// <summary>Terms of positions.</summary>
    public Edge Invert(LayerCall call, Edge x)
    {
        long[] keys = [.. _countsMask ? [0L] : Enumerable.Empty<long>(), .. Enumerable.Range(FirstTerm, _terms.Count).Select(static position => (long)position)];
        List<string> values = _countsMask ? [_mask!, .. _terms] : _terms;
        return _isText
            ? call.Graph.MlNode("LabelEncoder", [x], OnnxDataType.String, x.Shape, NodeAttribute.Of("keys_int64s", keys), NodeAttribute.Of("values_strings", values), NodeAttribute.Of("default_string", _unknown))
            : call.Graph.MlNode(
                "LabelEncoder", [x], OnnxDataType.Int64, x.Shape, NodeAttribute.Of("keys_int64s", keys), NodeAttribute.Of("values_int64s", Integers(call, values)), NodeAttribute.Of("default_int64", Integers(call, [_unknown])[0]));
    }

    /// <summary>Positions as vectors.</summary>
    public Edge Encode(LayerCall call, Edge positions, string mode)
    {
        long depth = Depth(call);
        return mode is "tf_idf" or "tf-idf"
            ? call.Graph.Mul(Encodings.Encode(call, positions, depth, "count"), call.Graph.Constant(Frequencies(call, depth)))
            : Encodings.Encode(call, positions, depth, mode);
    }

    /// <summary>Number of positions, or of those that the layer fills up to.</summary>
    public long Depth(LayerCall call) => call.Config.Flag("pad_to_max_tokens", false) && call.Config.Has("max_tokens") ? call.Config.Integer("max_tokens") : FirstTerm + _terms.Count;

    /// <summary>Positions <c>[M, 2]</c> whose second number is <paramref name="depth"/> where it was negative.</summary>
    public Edge Unmasked(GraphBuilder graph, Edge places, long depth) => _mask is null || _countsMask
        ? places
        : graph.Where(graph.Less(places, graph.Scalar(0, OnnxDataType.Int64)), graph.Scalar(depth, OnnxDataType.Int64), places);

    /// <summary>How much each position counts: inverse document frequencies, their mean for unknown terms, zero beyond the last term.</summary>
    public float[] Frequencies(LayerCall call, long depth)
    {
        double[] own = call.Config.Numbers("idf_weights") ?? throw call.Layer.NotSupported("its idf_weights are not in its configuration; give them to the layer as a list");
        if (own.Length != _terms.Count || depth is < 1 or > 1 << 24)
        {
            throw call.Layer.Invalid($"it has {own.Length} idf_weights for {_terms.Count} terms");
        }

        float[] all = new float[depth];
        double mean = own.Average();
        for (int i = 0; i < Math.Min(depth, FirstTerm + own.Length); i++)
        {
            all[i] = (float)(i < FirstTerm ? mean : own[i - FirstTerm]);
        }

        return all;
    }

    private NodeAttribute Keys(LayerCall call, List<string> keys) => _isText ? NodeAttribute.Of("keys_strings", keys) : NodeAttribute.Of("keys_int64s", Integers(call, keys));

    private static long[] Integers(LayerCall call, List<string> terms) =>
        [.. terms.Select(term => long.TryParse(term, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : throw call.Layer.Invalid($"'{term}' in its vocabulary is no integer"))];

    // Lists and files may begin with the special terms, which have their positions anyway.
    private static List<string> Terms(LayerCall call, List<string> special)
    {
        List<string> terms;
        if (call.Config.TryGet("vocabulary", out JsonElement list) && Unwrapped(list) is { ValueKind: JsonValueKind.Array } array)
        {
            terms = [.. array.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())];
        }
        else if (call.Weights.Asset(TermsFile) is { } text)
        {
            terms = [.. text.Split('\n').Select(static line => line.TrimEnd('\r'))];
        }
        else
        {
            throw call.Layer.NotSupported("its vocabulary is not in the file; save the model as .keras, or give the layer its vocabulary as a list");
        }

        if (terms.Take(special.Count).SequenceEqual(special))
        {
            terms.RemoveRange(0, special.Count);
        }

        return terms.Distinct(StringComparer.Ordinal).Count() == terms.Count && terms.Count > 0 ? terms : throw call.Layer.Invalid("its vocabulary is empty or has a term twice");
    }

    // Keras 3 wraps arrays and tuples into objects.
    private static JsonElement Unwrapped(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("value", out JsonElement inner) ? inner : value;
}
