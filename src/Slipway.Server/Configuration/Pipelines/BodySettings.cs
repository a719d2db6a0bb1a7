using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads what a step does: the one key that names its kind, and those that belong to it.</summary>
internal static class BodySettings
{
    /// <summary>Deepest nesting of bodies within bodies.</summary>
    public const int MaxDepth = 8;

    private static readonly Dictionary<string, BodyReader> Kinds = new(StringComparer.Ordinal)
    {
        ["model"] = static (mapping, value, _) => ModelSettings.Read(mapping, value),
        ["constant"] = static (_, value, _) => ConstantSettings.Read(value),
    };

    /// <summary>A body that stands alone.</summary>
    public static StepBody? Read(ConfigValue value, int depth = 0)
    {
        if (depth <= MaxDepth)
        {
            return value.AsMapping() is { } mapping ? Read(value, mapping, depth) : null;
        }

        value.Refuse($"steps within steps go no deeper than {MaxDepth}");
        return null;
    }

    /// <summary>A body among other keys, which have been asked for already.</summary>
    public static StepBody? Read(ConfigValue value, ConfigMapping mapping, int depth = 0)
    {
        string[] given = [.. Kinds.Keys.Where(mapping.Has)];
        if (given.Length != 1)
        {
            string? near = value.Node.Fields.Select(static field => NearestKey.Of(field.Key, Kinds.Keys)).FirstOrDefault(static key => key is not null);
            value.Refuse(given.Length == 0
                ? $"one key that says what the step does is expected: {string.Join(", ", Kinds.Keys)}{(near is null ? "" : $" (did you mean '{near}'?)")}"
                : $"a step does one thing, and this one has {string.Join(" and ", given.Select(static key => $"'{key}'"))}");
            return null;
        }

        mapping.TryGet(given[0], out ConfigValue kind);
        StepBody? body = Kinds[given[0]](mapping, kind, depth);
        mapping.Finish();
        return body;
    }

    /// <summary>Reads a body of one kind.</summary>
    /// <param name="mapping">The body.</param>
    /// <param name="value">What stands under the key that names the kind.</param>
    /// <param name="depth">How many bodies it stands within.</param>
    private delegate StepBody? BodyReader(ConfigMapping mapping, ConfigValue value, int depth);
}
