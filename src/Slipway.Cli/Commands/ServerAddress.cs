namespace Slipway.Cli.Commands;

/// <summary>Where a server is unless somebody says otherwise.</summary>
internal static class ServerAddress
{
    private const int GrpcPort = 8081;

    /// <summary>The HTTP listener of the data plane.</summary>
    public static Uri Http { get; } = new("http://127.0.0.1:8080");

    /// <summary>The control plane.</summary>
    public static Uri Admin { get; } = new("http://127.0.0.1:8090");

    /// <summary>The gRPC listener of the server whose HTTP listener is at <paramref name="http"/>.</summary>
    public static Uri GrpcBeside(Uri http) => new UriBuilder(http) { Port = GrpcPort, Path = "" }.Uri;
}
