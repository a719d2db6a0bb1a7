using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads steps that ask other servers: <c>upstream: http://HOST:PORT</c>.</summary>
internal static class UpstreamSettings
{
    private static readonly Dictionary<string, string> NoInputs = [];

    private static readonly Dictionary<string, UpstreamProtocol> Protocols = new(StringComparer.Ordinal)
    {
        ["v2"] = UpstreamProtocol.OpenInference,
        ["tensorflow"] = UpstreamProtocol.TensorFlowServing,
    };

    /// <summary>Reads a step.</summary>
    public static UpstreamBody? Read(ConfigMapping mapping, ConfigValue value)
    {
        bool isAddress = SettingParsers.HttpAddress(value, out Uri? url);
        string model = mapping.GetObject("name", static one => one.AsText(), "")!;
        UpstreamBody body = new(url ?? new Uri("http://localhost"), model)
        {
            Protocol = mapping.Get("protocol", static one => one.AsOneOf(Protocols), UpstreamProtocol.OpenInference),
            Version = mapping.GetObject("version", static one => one.AsText(), "")!,
            Inputs = mapping.GetObject("inputs", static one => one.AsTextMap(), NoInputs)!,
            Outputs = mapping.GetObject("outputs", TensorSettings.ReadAll, [])!,
            MaxBytes = mapping.Get("maxBytes", static one => one.AsSize(1), 64L << 20),
        };
        if (model.Length == 0)
        {
            value.Refuse("'name' is expected beside it: the name of the server's model");
            return null;
        }

        return isAddress ? body : null;
    }
}
