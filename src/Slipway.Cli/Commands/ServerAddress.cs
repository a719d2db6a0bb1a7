using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary>Where a server is unless somebody says otherwise.</summary>
internal static class ServerAddress
{
    private const int GrpcPort = 8081;
    private const string Variable = "SLIPWAY_URL";

    /// <summary>The HTTP listener of the data plane.</summary>
    public static Uri Http { get; } = new("http://127.0.0.1:8080");

    /// <summary>The control plane where nobody says otherwise.</summary>
    public static Uri DefaultAdmin { get; } = new("http://127.0.0.1:8090");

    /// <summary>The control plane: that of <c>SLIPWAY_URL</c>, else <see cref="DefaultAdmin"/>.</summary>
    /// <exception cref="CliException">The variable is no address.</exception>
    public static Uri Admin => FromEnvironment() ?? DefaultAdmin;

    /// <summary>The control plane that <c>SLIPWAY_URL</c> names; null when it names none.</summary>
    /// <exception cref="CliException">It is no address.</exception>
    public static Uri? FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return UriOption.Read(text) ?? throw new CliException(ExitCode.Usage, $"{Variable}: {UriOption.Problem(text)}");
    }

    /// <summary>The gRPC listener of the server whose HTTP listener is at <paramref name="http"/>.</summary>
    public static Uri GrpcBeside(Uri http) => new UriBuilder(http) { Port = GrpcPort, Path = "" }.Uri;
}
