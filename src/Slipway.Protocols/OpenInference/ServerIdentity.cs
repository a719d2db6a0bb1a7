using System.Reflection;

namespace Slipway.Protocols.OpenInference;

/// <summary>How the server introduces itself in Open Inference, over HTTP and gRPC alike.</summary>
internal static class ServerIdentity
{
    /// <summary>Name of the server.</summary>
    public const string Name = "slipway";

    /// <summary>Version of the server.</summary>
    public static string Version { get; } = typeof(ServerIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>The protocol extensions that work here; one that doesn't isn't named.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [
        "classification", "model_repository", "schedule_policy", "model_configuration", "binary_tensor_data", "parameters", "statistics", "trace", "logging",
    ];
}
