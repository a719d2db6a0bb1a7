using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;
using Slipway.Server.Configuration.Traffic;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads steps that ask models, endpoints or other pipelines.</summary>
internal static class ModelSettings
{
    private static readonly Dictionary<string, string> NoInputs = [];

    /// <summary>Reads a step.</summary>
    public static ModelBody? Read(ConfigMapping mapping, ConfigValue value)
    {
        TargetSettings? target = TargetSettings.Read(value);
        ModelBody body = new(target?.Model ?? "", target?.Version ?? default)
        {
            Inputs = mapping.GetObject("inputs", static one => one.AsTextMap(), NoInputs)!,
            Outputs = mapping.GetObject("outputs", ReadOutputs, [])!,
            Signature = mapping.GetObject("signature", static one => one.AsText(), "")!,
        };
        return target is null ? null : body;
    }

    // A list of the model's names, or a mapping of own names to those.
    private static IReadOnlyList<ModelOutput>? ReadOutputs(ConfigValue value) => value.IsMapping
        ? [.. value.AsTextMap()!.Select(static pair => new ModelOutput(pair.Key, pair.Value))]
        : value.AsList()?.Select(static one => one.AsText() is { } name ? new ModelOutput(name, name) : null).OfType<ModelOutput>().ToArray();
}
