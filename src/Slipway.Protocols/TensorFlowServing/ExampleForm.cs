using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Protos.TensorFlow;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.TensorFlowServing;

/// <summary>
/// How a signature that takes serialised <c>tf.Example</c> was declared (<see cref="ModelMetadataKeys.Examples"/>): one input of byte strings, whose features are the inputs
/// that the model has here; what a feature is worth in an example that lacks it; and how rows of varying length are filled up.
/// </summary>
internal sealed class ExampleForm
{
    private readonly Dictionary<string, ExampleFeature> _defaults;
    private readonly Dictionary<string, ExampleFeature> _paddings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _lengths = new(StringComparer.Ordinal);

    private ExampleForm(string input, Dictionary<string, ExampleFeature> defaults, JsonElement padded)
    {
        Declared = new ModelSignature([new TensorSignature(input, TensorDataType.String, TensorShape.Scalar) { IsRankUnknown = true }], []);
        _defaults = defaults;
        foreach (JsonProperty feature in padded.ValueKind == JsonValueKind.Object ? padded.EnumerateObject() : default)
        {
            _paddings[feature.Name] = feature.Value.TryGetProperty("with", out JsonElement values) ? Feature(values) : default;
            if (feature.Value.TryGetProperty("length", out JsonElement length))
            {
                _lengths[length.GetString()!] = feature.Name;
            }
        }
    }

    /// <summary>The signature as callers of TensorFlow Serving know it; outputs are not part of it.</summary>
    public ModelSignature Declared { get; }

    /// <summary>The form of a signature; null when it takes no examples.</summary>
    public static ExampleForm? Of(ModelSignature signature)
    {
        if (!signature.Metadata.TryGetValue(ModelMetadataKeys.Examples, out string? text))
        {
            return null;
        }

        // Metadata is a stranger's text: what is not as it should be is taken for absent.
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return new ExampleForm(
                document.RootElement.GetProperty("input").GetString()!,
                document.RootElement.GetProperty("defaults").EnumerateObject().ToDictionary(static property => property.Name, static property => Feature(property.Value)),
                document.RootElement.TryGetProperty("padded", out JsonElement padded) ? padded : default);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The values of a feature in an example that lacks it; false when it has to be there.</summary>
    public bool TryGetDefault(string feature, out ExampleFeature values) => _defaults.TryGetValue(feature, out values);

    /// <summary>Whether rows of a feature have varying length, and the one value that they are filled up with; none: zero, or empty text.</summary>
    public bool TryGetPadding(string feature, out ExampleFeature value) => _paddings.TryGetValue(feature, out value);

    /// <summary>The feature whose numbers of values an input takes; null when it takes a feature itself.</summary>
    public string? FeatureOfLength(string input) => _lengths.GetValueOrDefault(input);

    /// <summary>Reads serialised examples.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when an element is none.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> Parse(Tensor examples)
    {
        List<Example> parsed = [];
        ReadOnlySpan<byte> rest = examples.Data.Span;
        while (!rest.IsEmpty)
        {
            if (!PackedStrings.TryReadNext(ref rest, out ReadOnlySpan<byte> element))
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{examples.Name}' does not hold length-prefixed strings");
            }

            parsed.Add(ParseOne(element, parsed.Count));
        }

        return ExampleMessages.Read(parsed, null);
    }

    private static Example ParseOne(ReadOnlySpan<byte> bytes, int index)
    {
        try
        {
            return Example.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"Could not parse example input: number {index} is no serialized tf.Example", exception);
        }
    }

    private static ExampleFeature Feature(JsonElement values)
    {
        JsonElement[] items = [.. values.EnumerateArray()];
        if (Array.TrueForAll(items, static item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _)))
        {
            return ExampleFeature.Of(Array.ConvertAll(items, static item => item.GetInt64()));
        }

        string[] words = ["NaN", "Infinity", "-Infinity"];
        return Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.Number || words.Contains(item.GetString()))
            ? ExampleFeature.Of(Array.ConvertAll(items, static item => item.ValueKind == JsonValueKind.Number ? (float)item.GetDouble() : float.Parse(item.GetString()!, System.Globalization.CultureInfo.InvariantCulture)))
            : ExampleFeature.Of(Array.ConvertAll(items, static item => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(item.GetString()!)));
    }
}
