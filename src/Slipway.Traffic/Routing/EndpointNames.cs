using Slipway.Core;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Routing;

/// <summary>What is said when somebody asks an endpoint for something that only models have.</summary>
internal static class EndpointNames
{
    /// <summary>An endpoint has arms, not versions.</summary>
    public static SlipwayException NoSuchVersion(EndpointDefinition endpoint, VersionSelector version) => new(
        ErrorCode.VersionNotFound,
        $"endpoint '{endpoint.Name}' has no arm for '{endpoint.Name}{version}'; ask for it without a version, or for one of its arms: {string.Join(", ", endpoint.Arms.Select(arm => $"{endpoint.Name}@{arm.Name}"))}");

    /// <summary>An endpoint can't be loaded or unloaded.</summary>
    public static SlipwayException NoModel(string name) => new(
        ErrorCode.FailedPrecondition, $"'{name}' is an endpoint; load, unload and label the models of its arms");
}
