using System.Globalization;
using System.Text.Json;

namespace Slipway.Keras.Models;

/// <summary>An object of a model's configuration, whose values are read by name and checked. Values that are null count as absent.</summary>
/// <param name="Json">The object.</param>
/// <param name="Owner">Who it belongs to, for messages: <c>layer 'dense'</c>.</param>
internal readonly record struct ConfigNode(JsonElement Json, string Owner)
{
    /// <summary>Whether there is a value.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>A value as it is.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
    }

    /// <summary>Text; null when absent.</summary>
    public string? Text(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "text");
    }

    /// <summary>Text.</summary>
    public string Text(string name, string fallback) => Text(name) ?? fallback;

    /// <summary>A truth value; numbers count as Python has it.</summary>
    public bool Flag(string name, bool fallback) => !TryGet(name, out JsonElement value) ? fallback : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble() != 0,
        _ => throw Wrong(name, "a truth value"),
    };

    /// <summary>An integer.</summary>
    public long Integer(string name, long fallback) => TryGet(name, out JsonElement value) ? ToInteger(name, value) : fallback;

    /// <summary>An integer that must be there.</summary>
    public long Integer(string name) => TryGet(name, out JsonElement value) ? ToInteger(name, value) : throw Missing(name);

    /// <summary>A number; a list of one or an array in Keras' form counts as its first element.</summary>
    public double Number(string name, double fallback) => TryGet(name, out JsonElement value) ? ToNumber(name, value) : fallback;

    /// <summary>Integers; one integer counts as a list of one. Null when absent.</summary>
    public long[]? Integers(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        value = Unwrapped(value);
        ConfigNode self = this;
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => self.ToInteger(name, Unwrapped(item)))]
            : [ToInteger(name, value)];
    }

    /// <summary>Numbers; one number counts as a list of one, nested lists as all their numbers in order. Null when absent.</summary>
    public double[]? Numbers(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        List<double> numbers = [];
        Collect(name, value, numbers);
        return [.. numbers];
    }

    /// <summary>An object below this one.</summary>
    public ConfigNode Child(string name) => TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? this with { Json = value } : throw Missing(name);

    /// <summary>A value that should not be there.</summary>
    public Core.SlipwayException Wrong(string name, string expected) => KerasFault.Invalid($"'{name}' of {Owner} should be {expected}");

    /// <summary>A value that should be there.</summary>
    public Core.SlipwayException Missing(string name) => KerasFault.Invalid($"{Owner} has no '{name}'");

    // Keras 3 wraps tuples and arrays into objects with the value inside.
    private static JsonElement Unwrapped(JsonElement value)
    {
        for (int depth = 0; depth < 4 && value.ValueKind == JsonValueKind.Object; depth++)
        {
            if (value.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("value", out JsonElement inner))
            {
                value = inner;
            }
            else if (value.TryGetProperty("items", out JsonElement items))
            {
                value = items;
            }
            else if (value.TryGetProperty("value", out JsonElement plain))
            {
                value = plain;
            }
        }

        return value;
    }

    private void Collect(string name, JsonElement value, List<double> numbers)
    {
        value = Unwrapped(value);
        if (value.ValueKind != JsonValueKind.Array)
        {
            numbers.Add(ToNumber(name, value));
            return;
        }

        foreach (JsonElement item in value.EnumerateArray())
        {
            Collect(name, item, numbers);
        }
    }

    private long ToInteger(string name, JsonElement value)
    {
        value = Unwrapped(value);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long integer))
        {
            return integer;
        }

        double number = ToNumber(name, value);
        return number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number : throw Wrong(name, "an integer");
    }

    private double ToNumber(string name, JsonElement value)
    {
        value = Unwrapped(value);
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.Array when value.GetArrayLength() == 1 => ToNumber(name, value[0]),
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
            _ => throw Wrong(name, "a number"),
        };
    }
}
