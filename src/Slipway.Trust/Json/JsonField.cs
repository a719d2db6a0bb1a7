using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Trust.Json;

/// <summary>A value of a signed or signing document with its place in it, so that whatever is wrong is said with its name. Values are checked when they are asked for.</summary>
internal readonly struct JsonField
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = TrustLimits.MaxJsonDepth, AllowDuplicateProperties = false };

    private readonly JsonElement _value;
    private readonly string _place;

    private JsonField(JsonElement value, string place)
    {
        (_value, _place) = (value, place);
    }

    /// <summary>Kind of the value.</summary>
    public JsonValueKind Kind => _value.ValueKind;

    /// <summary>Reads a document: strict JSON in UTF-8, no name twice in an object, not too deep.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>.</exception>
    public static JsonField Parse(ReadOnlyMemory<byte> utf8, string what)
    {
        try
        {
            // The document is read again and again after it is parsed: a clone owns its memory and needs no disposal.
            using JsonDocument document = JsonDocument.Parse(utf8, Strict);
            return new JsonField(document.RootElement.Clone(), what).RequireKind(JsonValueKind.Object, "an object");
        }
        catch (JsonException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"{what} is not valid JSON (line {fault.LineNumber + 1})", fault);
        }
    }

    /// <summary>A field that has to be there and must not be null.</summary>
    public JsonField Require(string name) => Find(name) ?? throw Wrong($"has no '{name}'");

    /// <summary>A field, or null when it is absent or null.</summary>
    public JsonField? Find(string name)
    {
        RequireKind(JsonValueKind.Object, "an object");
        return _value.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? new JsonField(value, $"{_place}: {name}") : null;
    }

    /// <summary>The value as text.</summary>
    public string AsText()
    {
        RequireKind(JsonValueKind.String, "text");
        try
        {
            return _value.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"{_place} is not valid text", fault);
        }
    }

    /// <summary>The value as the text that is expected.</summary>
    public void Expect(string expected)
    {
        if (AsText() is var given && given != expected)
        {
            throw Wrong($"is '{Shorten(given)}', but '{expected}' is expected");
        }
    }

    /// <summary>The value as truth; Python's word in quotes counts, as old signers wrote it.</summary>
    public bool AsBool() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when AsText() is "true" or "True" => true,
        JsonValueKind.String when AsText() is "false" or "False" => false,
        _ => throw Wrong("has to be true or false"),
    };

    /// <summary>The value as a whole number from 0 on; 64-bit numbers may stand in quotes, and whole ones may be written with a fraction of zero (8.0).</summary>
    public long AsCount()
    {
        if (Kind == JsonValueKind.Number)
        {
            if (_value.TryGetInt64(out long whole) && whole >= 0)
            {
                return whole;
            }

            if (_value.TryGetDouble(out double number) && number >= 0 && number < 1L << 53 && number == Math.Floor(number))
            {
                return (long)number;
            }
        }
        else if (Kind == JsonValueKind.String && long.TryParse(AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out long quoted))
        {
            return quoted;
        }

        throw Wrong("has to be a whole number from 0 on");
    }

    /// <summary>The value as bytes in canonical base64.</summary>
    public byte[] AsBytes()
    {
        string text = AsText();
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (!Convert.TryFromBase64String(text, bytes, out int length) || Convert.ToBase64String(bytes, 0, length) != text)
        {
            throw Wrong("is not base64");
        }

        return bytes[..length];
    }

    /// <summary>The value as a list.</summary>
    /// <param name="most">Most entries that it may have.</param>
    public IReadOnlyList<JsonField> AsList(int most)
    {
        RequireKind(JsonValueKind.Array, "a list");
        if (_value.GetArrayLength() > most)
        {
            throw Wrong($"has more than {most} entries");
        }

        List<JsonField> items = [];
        foreach (JsonElement item in _value.EnumerateArray())
        {
            items.Add(new JsonField(item, string.Create(CultureInfo.InvariantCulture, $"{_place}[{items.Count}]")));
        }

        return items;
    }

    /// <summary>The value as UTF-8 JSON text, as it was written.</summary>
    public byte[] AsRaw() => Encoding.UTF8.GetBytes(_value.GetRawText());

    /// <summary>A refusal that names this place.</summary>
    public SlipwayException Wrong(string what) => new(ErrorCode.InvalidModel, $"{_place} {what}");

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private JsonField RequireKind(JsonValueKind kind, string expected) => Kind == kind ? this : throw Wrong($"has to be {expected}");
}
