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
            Outputs = mapping.GetObject("outputs", static one => one.AsList()?.Select(static name => name.AsText() ?? "").ToArray(), [])!,
            Signature = mapping.GetObject("signature", static one => one.AsText(), "")!,
        };
        return target is null ? null : body;
    }
}
