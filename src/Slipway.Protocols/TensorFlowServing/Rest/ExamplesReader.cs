using System.Text;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Reads the body of a <c>:classify</c> or <c>:regress</c>: examples, objects of named features, and a context whose features all of them share.</summary>
internal static class ExamplesReader
{
    /// <summary>Reads a body.</summary>
    /// <exception cref="MalformedJsonException">Not JSON.</exception>
    /// <exception cref="SlipwayException">Understood, and refused.</exception>
    public static ExamplesBody Read(ReadOnlySpan<byte> json)
    {
        JsonCursor cursor = new(json);
        if (!cursor.TryTake((byte)'{'))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "JSON Value: the request Is not object");
        }

        List<Dictionary<string, ExampleFeature>>? examples = null;
        Dictionary<string, ExampleFeature>? context = null;
        string? signature = null;
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("examples"u8) && examples is null)
            {
                examples = ReadExamples(ref cursor);
            }
            else if (key.SequenceEqual("context"u8) && context is null)
            {
                context = ReadFeatures(ref cursor);
            }
            else if (key.SequenceEqual("examples"u8) || key.SequenceEqual("context"u8))
            {
                cursor.Fail("'examples' or 'context' for the second time");
            }
            else if (key.SequenceEqual("signature_name"u8))
            {
                if (signature is not null)
                {
                    cursor.Fail("the key 'signature_name' for the second time");
                }

                signature = Encoding.UTF8.GetString(cursor.ReadString());
            }
            else
            {
                cursor.SkipValue();
            }
        }

        if (examples is null || examples.Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "'examples' is missing, or not an array with at least one element");
        }

        return new ExamplesBody(Merge(examples, context), signature ?? "");
    }

    private static List<Dictionary<string, ExampleFeature>> ReadExamples(ref JsonCursor cursor)
    {
        List<Dictionary<string, ExampleFeature>> examples = [];
        cursor.Take((byte)'[', "an array of examples");
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            examples.Add(ReadFeatures(ref cursor));
        }

        return examples;
    }

    private static Dictionary<string, ExampleFeature> ReadFeatures(ref JsonCursor cursor)
    {
        Dictionary<string, ExampleFeature> features = new(StringComparer.Ordinal);
        cursor.Take((byte)'{', "an object of features");
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            string name = Encoding.UTF8.GetString(key);
            if (!features.TryAdd(name, FeatureReader.Read(ref cursor, name)))
            {
                cursor.Fail($"feature '{name}' for the second time");
            }
        }

        return features;
    }

    private static List<Dictionary<string, ExampleFeature>> Merge(List<Dictionary<string, ExampleFeature>> examples, Dictionary<string, ExampleFeature>? context)
    {
        if (context is not null)
        {
            foreach (Dictionary<string, ExampleFeature> example in examples)
            {
                foreach ((string name, ExampleFeature feature) in context)
                {
                    example.TryAdd(name, feature);
                }
            }
        }

        return examples;
    }
}

/// <summary>What a body asks.</summary>
/// <param name="Examples">The rows.</param>
/// <param name="SignatureName">The signature named; empty when none was.</param>
internal sealed record ExamplesBody(IReadOnlyList<IReadOnlyDictionary<string, ExampleFeature>> Examples, string SignatureName);
