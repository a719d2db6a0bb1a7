using System.Reflection;

namespace Slipway.Server.Telemetry;

/// <summary>Who sends traces and metrics, in OpenTelemetry's terms: the same for both.</summary>
/// <param name="Name">Value of <c>service.name</c>.</param>
/// <param name="Version">Value of <c>service.version</c>.</param>
/// <param name="Instance">Value of <c>service.instance.id</c>: another one for each start.</param>
internal sealed record TelemetryResource(string Name, string Version, string Instance)
{
    /// <summary>As attributes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes =>
        [new("service.name", Name), new("service.version", Version), new("service.instance.id", Instance)];

    /// <summary>This process.</summary>
    public static TelemetryResource Of(TelemetryOptions options) => new(
        options.ServiceName,
        typeof(TelemetryResource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        Guid.NewGuid().ToString());
}
