using System.Text.RegularExpressions;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Text;

/// <summary>
/// The operators of domain <c>ai.slipway</c>, version 1: what models do with text that ONNX has no operators for. They compute what TensorFlow's operators on strings
/// compute; converters write them, and docs/savedmodel.md names them.
/// </summary>
internal static class TextOperators
{
    private const OnnxElementType Text = OnnxElementType.String;
    private const OnnxElementType Integer = OnnxElementType.Int64;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TextOperator> All { get; } =
    [
        // Attributes: to = lower | upper; unicode = 1: all of Unicode, 0: ASCII alone.
        new("TextCase", [Text], [Text], static attributes =>
        {
            bool upper = attributes.Text("to") == "upper";
            bool unicode = attributes.Integer("unicode") != 0;
            return context => Map(context, (text, i, target) => TextCase.Change(text, i, target, upper, unicode));
        }),
        new("TextStrip", [Text], [Text], static _ => static context => Map(context, static (text, i, target) => target.Append(TextParts.Stripped(text[i])))),

        // pattern as .NET writes it, replacement with \0 to \9, global = 1: all matches.
        new("TextReplace", [Text], [Text], static attributes =>
        {
            TextPattern pattern = new(attributes.Text("pattern"), attributes.Text("replacement"), attributes.Integer("global", 1) != 0);
            return context => Map(context, (text, i, target) => target.Append(pattern.Replace(text.Characters(i))));
        }),
        new("TextMatch", [Text], [OnnxElementType.Bool], static attributes =>
        {
            Regex whole = TextPattern.Compile($@"\A(?:{attributes.Text("pattern")})\z");
            return context => Compute(context, (text, i) => whole.IsMatch(text.Characters(i)));
        }),

        // method = farm | sip (with key0 and key1); the rest of the division by buckets, or all 64 bits where there are none.
        new("TextHash", [Text], [Integer], static attributes =>
        {
            ulong buckets = (ulong)Math.Max(0, attributes.Integer("buckets"));
            ulong key0 = (ulong)attributes.Integer("key0");
            ulong key1 = (ulong)attributes.Integer("key1");
            return attributes.Text("method", "farm") == "sip"
                ? context => Compute(context, (text, i) => Bucket(SipHash.Hash(text[i], key0, key1), buckets))
                : context => Compute(context, (text, i) => Bucket(FarmHash.Fingerprint64(text[i]), buckets));
        }),

        // unit = byte | character.
        new("TextLength", [Text], [Integer], static attributes => attributes.Text("unit", "byte") == "byte"
            ? static context => Compute(context, static (text, i) => (long)text[i].Length)
            : static context => Compute(context, static (text, i) => (long)TextParts.Count(text[i]))),
        new("TextSubstring", [Text, Integer, Integer], [Text], static attributes =>
        {
            bool characters = attributes.Text("unit", "byte") != "byte";
            return context => Substring(context, characters);
        }),

        // [N] to positions [M,2], parts [M] and the size [2] of the whole, as a sparse matrix has them.
        new("TextSplit", [Text], [Integer, Text, Integer], static attributes =>
        {
            TextSplitter splitter = new(attributes.Text("mode", "fields"), attributes.Text("separator"), attributes.Integer("most", -1));
            return context => Split(context, splitter);
        }),
        // Where rows begin [N + 1] and their words [M] to runs of words: the runs [G], where their rows begin, positions [G,2] and the size [2] of the whole.
        new("TextGrams", [Integer, Text], [Text, Integer, Integer, Integer], static attributes =>
        {
            TextGrams grams = new(attributes.Text("widths"), attributes.Text("separator"), attributes.Text("left"), attributes.Text("right"), attributes.Integer("pad"), attributes.Integer("keeps_short") != 0);
            return context => grams.Compute(context);
        }),
        new("TextJoin", [Text], [Text], static attributes =>
        {
            string separator = attributes.Text("separator");
            return context => context.Give(0, TextJoins.Join([.. Enumerable.Range(0, context.InputCount).Select(context.Text)], separator));
        }) { IsVariadic = true },

        // The last dimension vanishes.
        new("TextReduce", [Text], [Text], static attributes =>
        {
            string separator = attributes.Text("separator");
            return context => context.Give(0, TextJoins.Reduce(context.Text(0), separator));
        }),

        // As C's printf: conversion f, e or g, precision -1 for its own.
        new("TextFormat", [OnnxElementType.Double], [Text], static attributes =>
        {
            NumberText format = new(attributes.Text("conversion", "f"), (int)attributes.Integer("precision", -1), (int)attributes.Integer("width", -1), attributes.Text("fill"));
            return context => Format(context, format);
        }),
    ];

    private static void Map(KernelContext context, Action<TextTensor, int, TextBuilder> make)
    {
        TextTensor text = context.Text(0);
        TextBuilder target = new();
        for (int i = 0; i < text.Count; i++)
        {
            make(text, i, target);
            target.End();
        }

        context.Give(0, target.Build(text.Shape));
    }

    private static void Compute<T>(KernelContext context, Func<TextTensor, int, T> compute)
        where T : unmanaged
    {
        TextTensor text = context.Text(0);
        T[] results = new T[text.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = compute(text, i);
        }

        context.Give<T>(0, results, text.Shape);
    }

    private static long Bucket(ulong hash, ulong buckets) => unchecked((long)(buckets == 0 ? hash : hash % buckets));

    private static void Substring(KernelContext context, bool characters)
    {
        TextTensor text = context.Text(0);
        (long[] positions, _) = context.Numbers<long>(1);
        (long[] lengths, _) = context.Numbers<long>(2);
        if ((positions.Length != 1 && positions.Length != text.Count) || (lengths.Length != 1 && lengths.Length != text.Count))
        {
            throw new TextFault($"{text.Count} strings can't be cut at {positions.Length} positions and {lengths.Length} lengths");
        }

        TextBuilder target = new();
        for (int i = 0; i < text.Count; i++)
        {
            target.Add(TextParts.Substring(text[i], positions[positions.Length == 1 ? 0 : i], lengths[lengths.Length == 1 ? 0 : i], characters));
        }

        context.Give(0, target.Build(text.Shape));
    }

    private static void Split(KernelContext context, TextSplitter splitter)
    {
        TextTensor text = context.Text(0);
        TextBuilder parts = new();
        List<long> positions = [];
        long most = 0;
        for (int i = 0; i < text.Count; i++)
        {
            int before = parts.Count;
            splitter.Split(text[i], parts);
            for (int j = 0; j < parts.Count - before; j++)
            {
                positions.Add(i);
                positions.Add(j);
            }

            most = Math.Max(most, parts.Count - before);
        }

        context.Give<long>(0, positions.ToArray(), parts.Count, 2);
        context.Give(1, parts.Build(parts.Count));
        context.Give<long>(2, [text.Count, most], 2);
    }

    private static void Format(KernelContext context, NumberText format)
    {
        (double[] values, long[] shape) = context.Numbers<double>(0);
        TextBuilder target = new();
        foreach (double value in values)
        {
            target.Append(format.Of(value)).End();
        }

        context.Give(0, target.Build(shape));
    }
}
