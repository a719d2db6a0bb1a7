using System.Globalization;
using Slipway.Inference.Configuration;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads <c>rules</c>: a list, the first that matches counts.</summary>
internal static class RuleSettings
{
    /// <summary>All rules.</summary>
    public static IReadOnlyList<RuleDefinition>? ReadAll(ConfigValue value) => value.AsList() is { } list ? [.. list.Select(Read).OfType<RuleDefinition>()] : null;

    private static RuleDefinition? Read(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        RuleDefinition rule = new()
        {
            Name = mapping.GetObject("name", static one => one.AsText(), "")!,
            Arm = mapping.GetObject("arm", static one => one.AsText(), "")!,
            Conditions = mapping.GetObject("when", ReadConditions, null) ?? [],
            Percentage = mapping.TryGet("percentage", out ConfigValue percentage) ? percentage.AsDouble(0, 100) : null,
            From = mapping.TryGet("from", out ConfigValue from) ? ReadTime(from) : null,
            Until = mapping.TryGet("until", out ConfigValue until) ? ReadTime(until) : null,
        };
        mapping.Finish();
        return rule;
    }

    private static IReadOnlyList<ConditionDefinition>? ReadConditions(ConfigValue value) => value.IsMapping
        ? ReadCondition(value) is { } only ? [only] : null
        : value.AsList() is { } list ? [.. list.Select(ReadCondition).OfType<ConditionDefinition>()] : null;

    private static ConditionDefinition? ReadCondition(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        ConditionDefinition? condition = ReadSource(value, mapping) is not { } source ? null : new ConditionDefinition
        {
            Source = source,
            In = mapping.GetObject("is", ReadValues, null) ?? [],
            Prefix = mapping.GetObject("prefix", static one => one.AsText(), null),
            Present = mapping.TryGet("present", out ConfigValue present) ? present.AsBool() : null,
            AtLeast = mapping.TryGet("atLeast", out ConfigValue least) ? least.AsDouble() : null,
            Below = mapping.TryGet("below", out ConfigValue below) ? below.AsDouble() : null,
        };
        mapping.Finish();
        if (condition is { In.Count: 0, Prefix: null, Present: null, AtLeast: null, Below: null })
        {
            value.Refuse("a condition needs 'is', 'prefix', 'present', 'atLeast' or 'below'");
        }

        return condition;
    }

    private static KeySource? ReadSource(ConfigValue value, ConfigMapping mapping)
    {
        List<KeySource> found = [];
        foreach ((string key, KeySourceKind kind) in KeySourceSettings.Named.Where(static pair => pair.Value != KeySourceKind.Input))
        {
            if (mapping.TryGet(key, out ConfigValue name) && name.AsText() is { Length: > 0 } text)
            {
                found.Add(new KeySource(kind, text));
            }
        }

        if (mapping.Get("caller", static one => one.AsBool(), false))
        {
            found.Add(new KeySource(KeySourceKind.Caller, ""));
        }

        if (found.Count == 1)
        {
            return found[0];
        }

        value.Refuse("one of header, parameter, claim or 'caller: true' is expected");
        return null;
    }

    private static IReadOnlyList<string>? ReadValues(ConfigValue value) => value.IsSequence
        ? [.. value.AsList()!.Select(static one => one.AsText()).OfType<string>()]
        : value.AsText() is { } text ? [text] : null;

    private static DateTimeOffset? ReadTime(ConfigValue value)
    {
        if (value.AsText() is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            return time;
        }

        value.Refuse("a time such as 2027-01-31T08:00:00Z is expected");
        return null;
    }
}
