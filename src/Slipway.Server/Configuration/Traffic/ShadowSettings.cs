using Slipway.Inference.Configuration;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads <c>shadows</c>: a mapping of names to a version, or to a version and what it may take.</summary>
internal static class ShadowSettings
{
    /// <summary>All shadows.</summary>
    public static IReadOnlyList<ShadowDefinition>? ReadAll(ConfigValue value) => value.AsMapping() is { } mapping
        ? [.. mapping.All().ToArray().Select(static pair => Read(pair.Key, pair.Value)).OfType<ShadowDefinition>()]
        : null;

    private static ShadowDefinition? Read(string name, ConfigValue value)
    {
        if (value.IsScalar)
        {
            return TargetSettings.Read(value) is { } bare ? new ShadowDefinition { Name = name, Model = bare.Model, Version = bare.Version } : null;
        }

        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        TargetSettings? target = mapping.GetObject("model", TargetSettings.Read, null);
        if (!mapping.Has("model"))
        {
            value.Refuse("a shadow needs 'model'");
        }

        ShadowDefinition otherwise = new() { Name = name, Model = target?.Model ?? "", Version = target?.Version ?? default };
        ShadowDefinition shadow = otherwise with
        {
            Of = mapping.GetObject("of", static one => one.AsText(), null),
            Sample = mapping.Get("sample", static one => one.AsDouble(0, 100), otherwise.Sample),
            Concurrency = mapping.Get("concurrency", static one => one.AsInt32(1, 256), otherwise.Concurrency),
            Queue = mapping.Get("queue", static one => one.AsInt32(1, 1_000_000), otherwise.Queue),
            MaxBytes = mapping.Get("maxBytes", static one => one.AsSize(1), otherwise.MaxBytes),
            Timeout = mapping.Get("timeout", static one => one.AsDuration(TimeSpan.FromDays(1)), otherwise.Timeout),
            Tolerance = mapping.Get("tolerance", static one => one.AsDouble(0), otherwise.Tolerance),
        };
        mapping.Finish();
        return target is null ? null : shadow;
    }
}
