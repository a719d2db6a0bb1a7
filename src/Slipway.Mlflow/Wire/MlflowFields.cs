using System.Globalization;
using System.Text.Json;

namespace Slipway.Mlflow.Wire;

/// <summary>
/// The fields of a request or of an object in it. Reads as the reference does: null is absent, numbers may come as text, an <c>experiment_id</c> as a number, a single value for a list,
/// enums by name or number and unknown names of them as absent, unknown fields are ignored.
/// </summary>
internal readonly struct MlflowFields(JsonElement element, string path = "")
{
    /// <summary>Longest text of a field that is an identity, a name or a key.</summary>
    private const int MostIntegerDigits = 20;

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>A text; null when absent.</summary>
    public string? Text(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when name == "experiment_id" => value.GetRawText(),
            _ => throw Wrong(name, value),
        };
    }

    /// <summary>A text that must be there and not be empty.</summary>
    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw MlflowException.Missing(path + name);

    /// <summary>A text that must be there, even if empty.</summary>
    public string Given(string name) => Text(name) ?? throw MlflowException.Missing(path + name);

    /// <summary>An integer of 64 bits; null when absent.</summary>
    public long? Integer(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        string? text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        };
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            return integer;
        }

        // 5.0 and 1e3 are integers too.
        return text is { Length: <= MostIntegerDigits + 4 } && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && Math.Abs(number) < 1L << 53 && Math.Truncate(number) == number
            ? (long)number
            : throw Wrong(name, value);
    }

    /// <summary>A double, NaN and infinities included; null when absent.</summary>
    public double? Number(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number))
        {
            return number;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() switch
        {
            "NaN" or "nan" => double.NaN,
            "Infinity" or "inf" => double.PositiveInfinity,
            "-Infinity" or "-inf" => double.NegativeInfinity,
            { } text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) && double.IsFinite(parsed) => parsed,
            _ => throw Wrong(name, value),
        } : throw Wrong(name, value);
    }

    /// <summary>A truth value; false when absent.</summary>
    public bool Flag(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return false;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(value.GetString(), out bool truth) => truth,
            _ => throw Wrong(name, value),
        };
    }

    /// <summary>A member of an enum by its name on the wire or its number; null when absent or unknown.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="members">The members, the first having the number <paramref name="first"/>.</param>
    /// <param name="first">Number of the first member.</param>
    /// <returns>Position among <paramref name="members"/>.</returns>
    public int? Member(string name, IReadOnlyList<string> members, int first = 1)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        for (int index = 0; index < members.Count; index++)
        {
            bool isIt = value.ValueKind switch
            {
                JsonValueKind.String => value.ValueEquals(members[index]) || value.ValueEquals((first + index).ToString(CultureInfo.InvariantCulture)),
                JsonValueKind.Number => value.TryGetInt32(out int number) && number == first + index,
                _ => throw Wrong(name, value),
            };
            if (isIt)
            {
                return index;
            }
        }

        return null;
    }

    /// <summary>A list of texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        JsonElement list = value;
        return value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(item => item.ValueKind switch
            {
                JsonValueKind.String => item.GetString()!,
                JsonValueKind.Number when name == "experiment_ids" => item.GetRawText(),
                _ => throw Invalid(list, name),
            })],
            _ => throw Wrong(name, value),
        };

        MlflowException Invalid(JsonElement value, string name) => MlflowException.InvalidValue(name, value.GetRawText(), "a list of strings was expected.");
    }

    /// <summary>A list of objects; empty when absent.</summary>
    public IReadOnlyList<MlflowFields> Objects(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, value);
        }

        List<MlflowFields> items = new(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            string itemPath = $"{path}{name}[{items.Count}]";
            items.Add(item.ValueKind == JsonValueKind.Object
                ? new MlflowFields(item, itemPath + ".")
                : throw MlflowException.InvalidValue(itemPath, item.GetRawText(), "an object was expected."));
        }

        return items;
    }

    /// <summary>An object; null when absent.</summary>
    public MlflowFields? Object(string name)
    {
        if (!TryGet(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object ? new MlflowFields(value, $"{path}{name}.") : throw Wrong(name, value);
    }

    /// <summary>Identity of a run: <c>run_id</c>, or <c>run_uuid</c> as old clients say.</summary>
    public string RunId() => (Text("run_id") is { Length: > 0 } id ? id : Text("run_uuid")) is { Length: > 0 } found
        ? found
        : throw MlflowException.Missing("run_id");

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private MlflowException Wrong(string name, JsonElement value) => MlflowException.InvalidValue(
        path + name, value.GetRawText(), $" Hint: Value was of type '{TypeName(value)}'. See the API docs for more information about request parameters.");

    private static string TypeName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "dict",
        JsonValueKind.Array => "list",
        JsonValueKind.String => "str",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "int" : "float",
        _ => "bool",
    };
}
