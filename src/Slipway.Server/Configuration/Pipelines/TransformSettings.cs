using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads steps that compute tensors from tensors. Under the key that names the kind stands what they read.</summary>
internal static class TransformSettings
{
    private const int MaxColumns = 65_536;

    private static readonly Dictionary<string, bool> Unknowns = new(StringComparer.Ordinal) { ["refuse"] = true, ["zeros"] = false };

    /// <summary>Reads one of them.</summary>
    public static TransformBody? Read(string kind, ConfigMapping mapping, ConfigValue value)
    {
        if (kind == "rename")
        {
            return value.AsTextMap() is { } names ? new RenameBody([.. names.Values], [.. names.Keys]) : null;
        }

        if (kind is "concat" or "stack" or "average" or "vote")
        {
            return value.AsList() is { } list ? ReadMany(kind, mapping, [.. list.Select(static one => one.AsText() ?? "")]) : null;
        }

        return value.AsText() is { } from ? ReadOne(kind, mapping, value, from) : null;
    }

    private static TransformBody ReadMany(string kind, ConfigMapping mapping, IReadOnlyList<string> from) => kind switch
    {
        "concat" => new ConcatBody(from, mapping.Get("axis", static one => one.AsInt32(0, 16), 1)),
        "stack" => new StackBody(from, mapping.Get("axis", static one => one.AsInt32(0, 16), 1)),
        "average" => new AverageBody(from, mapping.GetObject("weights", Figures, [])!),
        _ => new VoteBody(from, mapping.GetObject("weights", Figures, [])!),
    };

    private static TransformBody? ReadOne(string kind, ConfigMapping mapping, ConfigValue value, string from) => kind switch
    {
        "select" => new SelectBody(from, mapping.GetObject("columns", static one => one.AsList()?.Select(static column => column.AsInt32(0, MaxColumns) ?? 0).ToArray(), [])!),
        "reshape" => new ReshapeBody(from, mapping.GetObject("shape", static one => one.AsList()?.Select(static size => size.AsInt64(-1) ?? 0).ToArray(), [])!),
        "cast" => Required(mapping, value, "to") && mapping.TryGet("to", out ConfigValue to) && TensorSettings.ReadDataType(to) is { } type ? new CastBody(from, type) : null,
        "scale" => ReadScale(mapping, from),
        "oneHot" => new OneHotBody(
            from, mapping.GetObject("categories", static one => one.AsList()?.Select(static category => category.AsText() ?? "").ToArray(), [])!, mapping.Get("unknown", static one => one.AsOneOf(Unknowns), true)),
        "lookup" => ReadLookup(mapping, value, from),
        "argMax" => new ArgMaxBody(from),
        "topK" => new TopKBody(from, mapping.Get("k", static one => one.AsInt32(1), 1)),
        "threshold" => Required(mapping, value, "above") ? new ThresholdBody(from, mapping.Get("above", static one => one.AsDouble(), 0)) : null,
        "decodeImage" => ImageSettings.ReadDecode(mapping, value, from),
        "resize" => ImageSettings.ReadResize(mapping, value, from),
        _ => new NormalizeBody(
            from,
            mapping.Get("scale", static one => one.AsDouble(), 1),
            mapping.GetObject("mean", Figures, [0.0])!,
            mapping.GetObject("deviation", Figures, [1.0])!,
            ImageSettings.ReadLayout(mapping)),
    };

    // Either a mean and a deviation, or a range that becomes 0…1.
    private static ScaleBody ReadScale(ConfigMapping mapping, string from)
    {
        if (!mapping.Has("minimum") && !mapping.Has("maximum"))
        {
            return new ScaleBody(from, mapping.GetObject("mean", Figures, [0.0])!, mapping.GetObject("deviation", Figures, [1.0])!);
        }

        IReadOnlyList<double> least = mapping.GetObject("minimum", Figures, [0.0])!;
        IReadOnlyList<double> most = mapping.GetObject("maximum", Figures, [1.0])!;
        return new ScaleBody(from, least, least.Count == most.Count ? [.. most.Zip(least, static (high, low) => high - low)] : []);
    }

    private static LookupBody? ReadLookup(ConfigMapping mapping, ConfigValue value, string from)
    {
        TensorDataType? to = mapping.TryGet("to", out ConfigValue type) ? TensorSettings.ReadDataType(type) : TensorDataType.String;
        IReadOnlyDictionary<string, string>? table = Required(mapping, value, "table") ? mapping.GetObject("table", static one => one.AsTextMap(), null) : null;
        string? otherwise = mapping.GetObject("otherwise", static one => one.AsText(), null);
        return to is { } known && table is not null ? new LookupBody(from, table, known, otherwise) : null;
    }

    /// <summary>Whether a key is there; one that is not is refused.</summary>
    public static bool Required(ConfigMapping mapping, ConfigValue value, string key)
    {
        if (mapping.TryGet(key, out ConfigValue _))
        {
            return true;
        }

        value.Refuse($"'{key}' is expected beside it");
        return false;
    }

    private static IReadOnlyList<double>? Figures(ConfigValue value) => value.IsScalar
        ? value.AsDouble() is { } single ? [single] : null
        : value.AsList()?.Select(static one => one.AsDouble() ?? 0).ToArray();
}
