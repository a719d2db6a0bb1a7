using System.Globalization;
using System.Text;

namespace Slipway.OnnxRuntime.Models;

/// <summary>
/// Finds the class names behind an output: those of the classifier or ZipMap node that makes it, seen through operators that keep the classes' order.
/// </summary>
internal sealed class ClassLabelFinder
{
    private const int LongestChain = 16;

    // A classifier's second output has one column for each class; these operators pass columns on as they are.
    private static readonly HashSet<string> Transparent = new(["Cast", "Identity", "Normalizer", "Softmax", "Sigmoid", "Reshape"], StringComparer.Ordinal);

    private readonly Dictionary<string, IReadOnlyList<string>> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>Looks at one NodeProto.</summary>
    public void Add(ReadOnlySpan<byte> node)
    {
        string type = "";
        string? input = null;
        List<string> outputs = [];
        List<long> numbers = [];
        List<string> texts = [];
        ProtoReader reader = new(node);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    input ??= Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case 2:
                    outputs.Add(Encoding.UTF8.GetString(reader.Bytes));
                    break;
                case 4:
                    type = Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case 5:
                    ReadLabels(reader.Bytes, numbers, texts);
                    break;
            }
        }

        if (type == "ZipMap" && outputs.Count == 1)
        {
            // The engine's maps are sorted by key: numbers by value, strings by their bytes.
            _labels[outputs[0]] = Texts([.. numbers.Distinct().Order()], [.. texts.Distinct().Order(Comparer<string>.Create(ByBytes))]);
        }
        else if (numbers.Count + texts.Count > 0 && outputs.Count == 2)
        {
            _labels[outputs[1]] = Texts(numbers, texts);
        }
        else if (outputs.Count == 1 && input is not null && Transparent.Contains(type))
        {
            _sources[outputs[0]] = input;
        }
    }

    /// <summary>The classes of a value, in the order of its columns; empty when they can't be told.</summary>
    public IReadOnlyList<string> Find(string value)
    {
        for (int i = 0; i < LongestChain; i++)
        {
            if (_labels.TryGetValue(value, out IReadOnlyList<string>? labels))
            {
                return labels;
            }

            if (!_sources.TryGetValue(value, out string? source))
            {
                return [];
            }

            value = source;
        }

        return [];
    }

    private static List<string> Texts(List<long> numbers, List<string> texts) =>
        texts.Count > 0 ? texts : [.. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))];

    private static int ByBytes(string left, string right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    private static void ReadLabels(ReadOnlySpan<byte> attribute, List<long> numbers, List<string> texts)
    {
        bool isLabels = false;
        ProtoReader reader = new(attribute);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    isLabels = reader.Bytes.SequenceEqual("classlabels_strings"u8)
                        || reader.Bytes.SequenceEqual("classlabels_int64s"u8)
                        || reader.Bytes.SequenceEqual("classlabels_ints"u8);
                    break;
                case 8 when isLabels:
                    reader.AddNumbersTo(numbers);
                    break;
                case 9 when isLabels:
                    texts.Add(Encoding.UTF8.GetString(reader.Bytes));
                    break;
            }
        }
    }
}
