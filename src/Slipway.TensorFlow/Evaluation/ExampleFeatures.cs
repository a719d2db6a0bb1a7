using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Evaluation;

/// <summary>
/// What a graph reads from tf.Example: the input that its examples come from, and each feature, which takes that input's place, with the values of rows that lack it.
/// Not thread-safe.
/// </summary>
internal sealed class ExampleFeatures
{
    private const int MaxDefaults = 65_536;

    private readonly SortedDictionary<string, Feature> _features = new(StringComparer.Ordinal);

    /// <summary>Name of the input of examples; null when none was met that is an input itself.</summary>
    public string? Source { get; set; }

    /// <summary>Whether there are any.</summary>
    public bool IsEmpty => _features.Count == 0;

    /// <summary>The features as inputs, by name.</summary>
    public IEnumerable<Term> Inputs => _features.Values.SelectMany(static feature => feature.Length is { } length ? [feature.Input, length] : new[] { feature.Input });

    /// <summary>The input of a feature with as many values in each row, made by <paramref name="make"/> the first time.</summary>
    /// <param name="absent">The values of a row that lacks it; null: it has to be there.</param>
    public Term GetOrAdd(string name, TensorData? absent, Func<Term> make) => Add(name, () => new Feature(make(), absent)).Input;

    /// <summary>The input of a feature with rows of varying length, filled up with <paramref name="padding"/>.</summary>
    public Term GetOrAddPadded(string name, TensorData? padding, Func<Term> make) => Add(name, () => new Feature(make(), padding) { IsPadded = true }).Input;

    /// <summary>The input of a feature with rows of varying length, filled up with anything, and the one of how many values of each row count.</summary>
    public (Term Input, Term Length) GetOrAddSparse(string name, Func<(Term Input, Term Length)> make)
    {
        Feature feature = Add(name, () =>
        {
            (Term input, Term length) = make();
            return new Feature(input, null) { IsPadded = true, Length = length };
        });
        return (feature.Input, feature.Length ?? throw OperatorCall.NotSupported($"feature '{name}' is read in two ways"));
    }

    /// <summary>The value of <see cref="Slipway.Core.ModelMetadataKeys.Examples"/>; null when nobody could send examples.</summary>
    /// <param name="used">The terms that the outputs need.</param>
    public string? Describe(IReadOnlySet<Term> used)
    {
        if (IsEmpty || Source is null)
        {
            return null;
        }

        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("input", Source);
            json.WriteStartObject("defaults");
            foreach ((string name, Feature feature) in Known(used, static feature => !feature.IsPadded))
            {
                if (Values(feature) is { } absent)
                {
                    json.WritePropertyName(name);
                    WriteValues(json, absent);
                }
            }

            json.WriteEndObject();
            json.WriteStartObject("padded");
            foreach ((string name, Feature feature) in Known(used, static feature => feature.IsPadded))
            {
                json.WriteStartObject(name);
                if (Values(feature) is { } padding)
                {
                    json.WritePropertyName("with");
                    WriteValues(json, padding);
                }

                if (feature.Length is { } length)
                {
                    json.WriteString("length", length.Name);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private Feature Add(string name, Func<Feature> make)
    {
        if (!_features.TryGetValue(name, out Feature? known))
        {
            known = make();
            _features.Add(name, known);
        }

        return known;
    }

    private IEnumerable<KeyValuePair<string, Feature>> Known(IReadOnlySet<Term> used, Func<Feature, bool> isMeant) =>
        _features.Where(pair => isMeant(pair.Value) && (used.Contains(pair.Value.Input) || (pair.Value.Length is { } length && used.Contains(length))));

    private static TensorData? Values(Feature feature) =>
        feature.Default is { Count: > 0 and <= MaxDefaults } values && Array.TrueForAll(values.Strings ?? [], static text => Utf8.IsValid(text)) ? values : null;

    private static void WriteValues(Utf8JsonWriter json, TensorData values)
    {
        json.WriteStartArray();
        foreach (byte[] text in values.Strings ?? [])
        {
            json.WriteStringValue(text);
        }

        if (values.ToIntegers() is { } integers)
        {
            Array.ForEach(integers, json.WriteNumberValue);
        }
        else
        {
            // Infinities and NaN have no numbers in JSON; text stands for them.
            foreach (double value in values.ToDoubles() ?? [])
            {
                if (double.IsFinite(value))
                {
                    json.WriteNumberValue(value);
                }
                else
                {
                    json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
                }
            }
        }

        json.WriteEndArray();
    }

    /// <summary>A feature: its input, and the values of a row that lacks it, or that rows are filled up with.</summary>
    private sealed record Feature(Term Input, TensorData? Default)
    {
        public bool IsPadded { get; init; }

        public Term? Length { get; init; }
    }
}
