using Slipway.Inference.Configuration;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads where a key is found: <c>{ header: X-User }</c>, <c>{ parameter: user }</c>, <c>{ claim: sub }</c>, <c>{ input: id }</c>, <c>caller</c> or <c>inputs</c>.</summary>
internal static class KeySourceSettings
{
    private static readonly Dictionary<string, KeySourceKind> Words = new(StringComparer.Ordinal)
    {
        ["caller"] = KeySourceKind.Caller,
        ["inputs"] = KeySourceKind.Inputs,
    };

    /// <summary>Keys that name a source with a name of its own.</summary>
    public static IReadOnlyDictionary<string, KeySourceKind> Named { get; } = new Dictionary<string, KeySourceKind>(StringComparer.Ordinal)
    {
        ["header"] = KeySourceKind.Header,
        ["parameter"] = KeySourceKind.Parameter,
        ["claim"] = KeySourceKind.Claim,
        ["input"] = KeySourceKind.Input,
    };

    /// <summary>One source or a list of them.</summary>
    public static IReadOnlyList<KeySource>? ReadAll(ConfigValue value)
    {
        if (!value.IsSequence)
        {
            return Read(value) is { } only ? [only] : null;
        }

        return [.. value.AsList()!.Select(Read).OfType<KeySource>()];
    }

    private static KeySource? Read(ConfigValue value)
    {
        if (value.IsScalar)
        {
            return value.AsOneOf(Words) is { } word ? new KeySource(word, "") : null;
        }

        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        List<KeySource> found = [];
        foreach ((string key, KeySourceKind kind) in Named)
        {
            if (mapping.TryGet(key, out ConfigValue name) && name.AsText() is { Length: > 0 } text)
            {
                found.Add(new KeySource(kind, text));
            }
        }

        mapping.Finish();
        if (found.Count == 1)
        {
            return found[0];
        }

        value.Refuse($"one of {string.Join(", ", Named.Keys)} is expected, or {string.Join(" or ", Words.Keys)}");
        return null;
    }
}
