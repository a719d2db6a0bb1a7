using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Keras.Conversion;
using Slipway.Keras.Models;

namespace Slipway.Keras.Layers;

/// <summary>TextVectorization: text as the numbers of its words, or as how often each word is in it.</summary>
internal sealed class TextVectorizationConverter : LayerConverter
{
    private const int MaxLength = 1 << 20;
    private const int MaxRun = 64;

    public override IReadOnlyList<string> ClassNames => ["TextVectorization"];

    public override string Limits => "Keras' own standardisation and splitting; no ragged or sparse output";

    public override IReadOnlyList<LayerTensor> Convert(LayerCall call)
    {
        ConfigNode config = call.Config;
        foreach (string option in (string[])["ragged", "sparse"])
        {
            if (config.TryGet(option, out JsonElement given) && given.ValueKind != JsonValueKind.False)
            {
                throw call.Layer.NotSupported($"it has {option} set");
            }
        }

        string? standardize = Option(call, "standardize", "lower_and_strip_punctuation");
        Edge text = Texts(call);
        text = standardize switch
        {
            "lower" => TextTokens.Lower(call.Graph, text),
            "strip_punctuation" => TextTokens.WithoutPunctuation(call.Graph, text),
            "lower_and_strip_punctuation" => TextTokens.WithoutPunctuation(call.Graph, TextTokens.Lower(call.Graph, text)),
            null => text,
            var other => throw call.Layer.NotSupported($"its standardize is '{other}'"),
        };
        string? split = Option(call, "split", "whitespace") switch
        {
            "whitespace" => "fields",
            "character" => "characters",
            null => null,
            var other => throw call.Layer.NotSupported($"its split is '{other}'"),
        };
        string mode = config.Text("output_mode", "int");
        Vocabulary vocabulary = Vocabulary.Of(call, isText: true, mask: "", unknown: "[UNK]", unknownPositions: 1, mode);
        long[]? runs = Runs(call);
        if (split is null && runs is not null)
        {
            throw call.Layer.NotSupported("it has ngrams of words that it does not split");
        }

        if (split is null)
        {
            Edge found = vocabulary.Find(call, text);
            return call.Give(mode == "int" ? Whole(call, found) : vocabulary.Encode(call, found, mode));
        }

        (Edge positions, Edge parts, Edge size) = TextTokens.Split(call.Graph, call.Graph.Reshape(text, -1), split);
        if (runs is not null)
        {
            (positions, parts, size) = TextTokens.Grams(call.Graph, positions, parts, size, runs);
        }

        Edge numbers = vocabulary.Find(call, parts);
        return call.Give(mode == "int" ? Sequences(call, positions, numbers, size) : Bags(call, positions, numbers, size, vocabulary, mode));
    }

    // One text for each sample: [N], or [N, 1] where it is split.
    private static Edge Texts(LayerCall call)
    {
        Edge x = call.Input.Edge;
        bool splits = !call.Config.Json.TryGetProperty("split", out _) || call.Config.Has("split");
        if (x.Type != OnnxDataType.String || x.Rank > 2 || (splits && x.Rank == 2 && x.Width is not (1 or -1)))
        {
            throw call.Layer.Invalid("its input is not one text for each sample");
        }

        return splits && x.Rank == 2 ? call.Graph.Squeeze(x, 1) : x;
    }

    // Absent, or null, which means none, or a name; anything else is a function of somebody's own.
    private static string? Option(LayerCall call, string name, string fallback)
    {
        if (!call.Config.Json.TryGetProperty(name, out JsonElement value))
        {
            return fallback;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => throw call.Layer.NotSupported($"its {name} is a function, which is code"),
        };
    }

    // Cut or filled up with zeros to a length, where the layer names one.
    private static Edge Whole(LayerCall call, Edge found)
    {
        if (Length(call) is not { } length || found.Rank != 2 || found.Shape[1] == length)
        {
            return found;
        }

        long missing = found.Shape[1] < 0 ? throw call.Layer.NotSupported("the number of its texts is open") : length - found.Shape[1];
        return missing > 0 ? call.Graph.Pad(found, [0, 0, 0, missing]) : call.Graph.Slice(found, 1, 0, length);
    }

    // One number means runs of up to as many words.
    private static long[]? Runs(LayerCall call)
    {
        if (!call.Config.TryGet("ngrams", out JsonElement given))
        {
            return null;
        }

        long[] widths = call.Config.Integers("ngrams")!;
        widths = given.ValueKind == JsonValueKind.Number ? [.. Enumerable.Range(1, (int)Math.Clamp(widths[0], 0, MaxRun + 1)).Select(static width => (long)width)] : widths;
        return widths.Length > 0 && widths.All(static width => width is >= 1 and <= MaxRun) ? widths : throw call.Config.Wrong("ngrams", $"numbers of words between 1 and {MaxRun}");
    }

    private static Edge Sequences(LayerCall call, Edge positions, Edge numbers, Edge size)
    {
        GraphBuilder graph = call.Graph;
        long? length = Length(call);
        Edge width = graph.Slice(size, 0, 1, 2);
        Edge room = length is { } wanted ? graph.Max(width, graph.Constant([wanted])) : width;
        Edge whole = Scatter(graph, positions, numbers, graph.Slice(size, 0, 0, 1), room, graph.Constant([0L]), "none");
        return length is { } known ? graph.Slice(whole, 1, 0, known) with { Shape = new TensorShape(-1, known) } : whole;
    }

    private static Edge Bags(LayerCall call, Edge positions, Edge numbers, Edge size, Vocabulary vocabulary, string mode)
    {
        GraphBuilder graph = call.Graph;
        Edge rows = graph.Slice(positions, 1, 0, 1);
        Edge places = graph.Concat([rows, graph.Unsqueeze(numbers, 1)], 1);

        // Every word adds one; what is masked has no number and lies behind the last one.
        Edge ones = graph.Cast(graph.Equal(numbers, numbers), OnnxDataType.Float);
        long depth = vocabulary.Depth(call);
        Edge counts = Scatter(graph, vocabulary.Unmasked(graph, places, depth), ones, graph.Slice(size, 0, 0, 1), graph.Constant([depth + 1]), graph.Constant([0f]), "add");
        Edge kept = graph.Slice(counts, 1, 0, depth) with { Shape = new TensorShape(-1, depth) };
        return mode switch
        {
            "count" => kept,
            "tf_idf" or "tf-idf" => graph.Mul(kept, graph.Constant(vocabulary.Frequencies(call, depth))),
            "multi_hot" or "binary" => graph.Min(kept, graph.Single(1)),
            _ => throw call.Layer.NotSupported($"its output_mode is '{mode}'"),
        };
    }

    private static Edge Scatter(GraphBuilder graph, Edge positions, Edge values, Edge rows, Edge columns, Edge absent, string reduction)
    {
        TensorShape shape = new(-1, -1);
        Edge empty = graph.ExpandTo(absent, [rows, columns], shape);
        return graph.Node("ScatterND", [empty, positions, values], values.Type, shape, NodeAttribute.Of("reduction", reduction));
    }

    private static long? Length(LayerCall call) => !call.Config.Has("output_sequence_length") ? null
        : call.Config.Integer("output_sequence_length") is >= 1 and <= MaxLength and var length ? length
        : throw call.Config.Wrong("output_sequence_length", $"between 1 and {MaxLength}");
}
