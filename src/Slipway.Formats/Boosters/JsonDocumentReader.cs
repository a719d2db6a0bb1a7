using System.Text.Json;
using Slipway.Core;

namespace Slipway.Formats.Boosters;

/// <summary>Reads a model document from JSON. Lists of numbers become arrays without an object for each number, with NaN where null stands among them.</summary>
internal static class JsonDocumentReader
{
    // Values other than numbers in lists; each costs tens of bytes of memory where it may cost three of file.
    private const int MaxValues = 2_500_000;

    /// <summary>Reads the document.</summary>
    /// <param name="library">Whose model it is, for errors.</param>
    /// <param name="maxDepth">Most values inside one another.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>.</exception>
    public static ModelNode Read(ReadOnlySpan<byte> bytes, string library, int maxDepth = 32)
    {
        Utf8JsonReader reader = new(JsonSpecials.Replace(bytes), new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            int values = 0;
            object? root = ReadValue(ref reader, ref values);
            reader.Read();
            return new ModelNode(root, "the document", library);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the {library} model is damaged: not valid JSON at byte {reader.BytesConsumed}", broken);
        }
    }

    private static object? ReadValue(ref Utf8JsonReader reader, ref int values)
    {
        if (++values > MaxValues)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the model has more than {MaxValues} values");
        }

        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, ref values),
            JsonTokenType.StartArray => ReadArray(ref reader, ref values),
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        };
    }

    private static Dictionary<string, object?> ReadObject(ref Utf8JsonReader reader, ref int values)
    {
        Dictionary<string, object?> members = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            members[name] = ReadValue(ref reader, ref values);
        }

        return members;
    }

    private static object ReadArray(ref Utf8JsonReader reader, ref int values)
    {
        List<double> numbers = [];
        List<object?>? others = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (others is null && reader.TokenType is JsonTokenType.Number or JsonTokenType.Null)
            {
                numbers.Add(reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble());
                continue;
            }

            others ??= [.. numbers.Select(static number => (object?)number)];
            others.Add(ReadValue(ref reader, ref values));
        }

        return others is not null ? others : numbers.Count > 0 ? numbers.ToArray() : new List<object?>();
    }
}
