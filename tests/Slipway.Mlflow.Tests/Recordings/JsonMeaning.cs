using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Mlflow.Tests.Recordings;

/// <summary>
/// Whether an answer says what the reference says: its members are all there, others may be added; lists of things with a name of their own have no order; <c>${any}</c> is any value.
/// </summary>
internal sealed class JsonMeaning(Func<string, string> fill, double relative, double absolute)
{
    private static readonly string[] Names = ["key", "alias", "path", "model_id"];

    /// <summary>Says what differs, or null.</summary>
    public string? Differs(JsonNode? expected, JsonNode? actual, string path)
    {
        if (expected is JsonValue value && value.GetValueKind() == JsonValueKind.String && (string)value! == "${any}")
        {
            return actual is null ? $"{path} is missing" : null;
        }

        return (expected, actual) switch
        {
            (null, null) => null,
            (JsonObject members, JsonObject given) => members
                .Select(member => given.ContainsKey(member.Key) || member.Value is null
                    ? Differs(member.Value, given[member.Key], $"{path}.{member.Key}")
                    : $"{path}.{member.Key} is missing")
                .FirstOrDefault(difference => difference is not null),
            (JsonArray items, JsonArray given) => DiffersInItems(items, given, path),
            (JsonValue one, JsonValue other) => DiffersInValue(one, other, path),
            _ => $"{path}: {Short(expected)} expected, not {Short(actual)}",
        };
    }

    private string? DiffersInItems(JsonArray items, JsonArray given, string path)
    {
        if (items.Count != given.Count)
        {
            return $"{path} has {given.Count} items, not {items.Count}";
        }

        bool unordered = items.Count > 0 && items.All(item => item is JsonObject members && Names.Any(members.ContainsKey));
        if (!unordered)
        {
            return items.Select((item, index) => Differs(item, given[index], $"{path}[{index}]")).FirstOrDefault(difference => difference is not null);
        }

        List<JsonNode?> left = [.. given];
        foreach (JsonNode? item in items)
        {
            int found = left.FindIndex(candidate => Differs(item, candidate, path) is null);
            if (found < 0)
            {
                return $"{path} lacks {Short(item)}";
            }

            left.RemoveAt(found);
        }

        return null;
    }

    private string? DiffersInValue(JsonValue expected, JsonValue actual, string path)
    {
        bool equal = (expected.GetValueKind(), actual.GetValueKind()) switch
        {
            (JsonValueKind.String, JsonValueKind.String) => fill((string)expected!) == (string)actual!,
            (JsonValueKind.Number, JsonValueKind.Number) => Near((double)expected, (double)actual),
            (JsonValueKind one, JsonValueKind other) => one == other,
        };
        return equal ? null : $"{path}: {Short(expected)} expected, not {Short(actual)}";
    }

    private bool Near(double expected, double actual) => Math.Abs(expected - actual) <= absolute + (relative * Math.Abs(expected));

    private static string Short(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "null";
        return text.Length > 120 ? text[..120] + "…" : text;
    }
}
