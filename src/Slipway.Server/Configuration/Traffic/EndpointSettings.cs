using Slipway.Inference.Configuration;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads <c>endpoints</c>: a mapping of names to endpoints.</summary>
internal static class EndpointSettings
{
    /// <summary>All endpoints; every fault is reported.</summary>
    public static bool Read(ConfigValue value, out IReadOnlyList<EndpointDefinition> endpoints)
    {
        List<EndpointDefinition> read = [];
        endpoints = read;
        if (value.AsMapping() is not { } mapping)
        {
            return false;
        }

        foreach ((string name, ConfigValue one) in mapping.All())
        {
            if (ReadEndpoint(name, one) is { } endpoint)
            {
                read.Add(endpoint);
                Report(one, EndpointCheck.Find(endpoint));
            }
        }

        foreach (EndpointFault fault in EndpointCheck.FindBetween(read))
        {
            value.Reader.Report($"{value.Key}.{fault.Key}", value.Node, fault.Message);
        }

        return true;
    }

    private static EndpointDefinition? ReadEndpoint(string name, ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        EndpointDefinition endpoint = new()
        {
            Name = name,
            Arms = mapping.GetObject("arms", ArmSettings.ReadAll, null) ?? [],
            Default = mapping.GetObject("default", static one => one.AsText(), "")!,
            Rules = mapping.GetObject("rules", RuleSettings.ReadAll, null) ?? [],
            StickyBy = mapping.GetObject("stickyBy", KeySourceSettings.ReadAll, [KeySource.DefaultHeader])!,
            Salt = mapping.GetObject("salt", static one => one.AsText(), "")!,
            Holdout = mapping.Get("holdout", static one => one.AsDouble(0, 100), 0),
            Layer = mapping.GetObject("layer", ReadLayer, null),
            Fallback = mapping.GetObject("fallback", FallbackSettings.Read, null),
            Bandit = mapping.GetObject("bandit", BanditSettings.Read, null),
            Shadows = mapping.GetObject("shadows", ShadowSettings.ReadAll, null) ?? [],
        };
        mapping.Finish();
        return endpoint;
    }

    private static LayerRange? ReadLayer(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        LayerRange layer = new(
            mapping.GetObject("name", static one => one.AsText(), "")!,
            mapping.Get("from", static one => one.AsDouble(0, 100), 0),
            mapping.Get("to", static one => one.AsDouble(0, 100), 100));
        mapping.Finish();
        if (layer.Name.Length == 0)
        {
            value.Refuse("a layer needs 'name'");
        }

        return layer;
    }

    private static void Report(ConfigValue value, IEnumerable<EndpointFault> faults)
    {
        foreach (EndpointFault fault in faults)
        {
            value.Reader.Report(fault.Key.Length > 0 ? $"{value.Key}.{fault.Key}" : value.Key, value.Node, fault.Message);
        }
    }
}
