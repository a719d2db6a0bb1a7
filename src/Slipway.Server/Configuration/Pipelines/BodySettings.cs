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
        ["rules"] = static (mapping, value, _) => BranchSettings.ReadRules(mapping, value),
        ["switch"] = static (_, value, depth) => BranchSettings.ReadSwitch(value, depth),
        ["cascade"] = static (_, value, depth) => BranchSettings.ReadCascade(value, depth),
        ["rename"] = static (mapping, value, _) => TransformSettings.Read("rename", mapping, value),
        ["select"] = static (mapping, value, _) => TransformSettings.Read("select", mapping, value),
        ["concat"] = static (mapping, value, _) => TransformSettings.Read("concat", mapping, value),
        ["stack"] = static (mapping, value, _) => TransformSettings.Read("stack", mapping, value),
        ["reshape"] = static (mapping, value, _) => TransformSettings.Read("reshape", mapping, value),
        ["cast"] = static (mapping, value, _) => TransformSettings.Read("cast", mapping, value),
        ["scale"] = static (mapping, value, _) => TransformSettings.Read("scale", mapping, value),
        ["oneHot"] = static (mapping, value, _) => TransformSettings.Read("oneHot", mapping, value),
        ["lookup"] = static (mapping, value, _) => TransformSettings.Read("lookup", mapping, value),
        ["argMax"] = static (mapping, value, _) => TransformSettings.Read("argMax", mapping, value),
        ["topK"] = static (mapping, value, _) => TransformSettings.Read("topK", mapping, value),
        ["threshold"] = static (mapping, value, _) => TransformSettings.Read("threshold", mapping, value),
        ["average"] = static (mapping, value, _) => TransformSettings.Read("average", mapping, value),
        ["vote"] = static (mapping, value, _) => TransformSettings.Read("vote", mapping, value),
        ["decodeImage"] = static (mapping, value, _) => TransformSettings.Read("decodeImage", mapping, value),
        ["resize"] = static (mapping, value, _) => TransformSettings.Read("resize", mapping, value),
        ["normalize"] = static (mapping, value, _) => TransformSettings.Read("normalize", mapping, value),
        ["upstream"] = static (mapping, value, _) => UpstreamSettings.Read(mapping, value),
        ["constant"] = static (_, value, _) => ConstantSettings.Read(value),
    };

    /// <summary>A body that stands alone.</summary>
    public static StepBody? Read(ConfigValue value) => value.AsMapping() is { } mapping ? Read(value, mapping) : null;

    /// <summary>A body among other keys, which have been asked for already.</summary>
    public static StepBody? Read(ConfigValue value, ConfigMapping mapping, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            value.Refuse($"steps within steps go no deeper than {MaxDepth}");
            return null;
        }

        // Beside 'normalize', 'scale' is one of its figures.
        string[] given = [.. Kinds.Keys.Where(kind => mapping.Has(kind) && !(kind == "scale" && mapping.Has("normalize")))];
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
