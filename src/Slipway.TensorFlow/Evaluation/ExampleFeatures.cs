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

    private readonly SortedDictionary<string, (Term Input, TensorData? Default)> _features = new(StringComparer.Ordinal);

    /// <summary>Name of the input of examples; null when none was met that is an input itself.</summary>
    public string? Source { get; set; }

    /// <summary>Whether there are any.</summary>
    public bool IsEmpty => _features.Count == 0;

    /// <summary>The features as inputs, by name.</summary>
    public IEnumerable<Term> Inputs => _features.Values.Select(static feature => feature.Input);

    /// <summary>The input of a feature, made by <paramref name="make"/> the first time.</summary>
    public Term GetOrAdd(string name, TensorData? absent, Func<Term> make)
    {
        if (!_features.TryGetValue(name, out (Term Input, TensorData? Default) known))
        {
            known = (make(), absent);
            _features.Add(name, known);
        }

        return known.Input;
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
            foreach ((string name, (Term input, TensorData? absent)) in _features)
            {
                if (used.Contains(input) && absent is { Count: > 0 and <= MaxDefaults } && Array.TrueForAll(absent.Strings ?? [], static text => Utf8.IsValid(text)))
                {
                    json.WritePropertyName(name);
                    WriteValues(json, absent);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

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
}
