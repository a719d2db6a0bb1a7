using System.Net.Http.Headers;

namespace Slipway.Client;

/// <summary>
/// Connections of the clients: no proxy, and every request carries the token of <see cref="TokenVariable"/> or of the file that <see cref="TokenFileVariable"/> names, where one
/// of them is set. A token never stands on a command line, where other users of the machine could read it.
/// </summary>
public static class ClientHandler
{
    /// <summary>Environment variable with the token.</summary>
    public const string TokenVariable = "SLIPWAY_TOKEN";

    /// <summary>Environment variable with the name of a file that holds the token.</summary>
    public const string TokenFileVariable = "SLIPWAY_TOKEN_FILE";

    /// <summary>The token that clients send; null: none.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static string? Token => Environment.GetEnvironmentVariable(TokenFileVariable) is { Length: > 0 } file
        ? NullIfEmpty(File.ReadAllText(file).Trim())
        : NullIfEmpty(Environment.GetEnvironmentVariable(TokenVariable)?.Trim());

    /// <summary>Makes connections.</summary>
    /// <param name="token">Token to send; null: that of the environment.</param>
    public static HttpMessageHandler Create(string? token = null)
    {
        SocketsHttpHandler connections = new() { UseProxy = false, EnableMultipleHttp2Connections = true };
        return (token ?? Token) is { } sent ? new TokenHandler(sent, connections) : connections;
    }

    /// <summary>A client of the control plane at <paramref name="address"/>; how long a request may take is its caller's affair.</summary>
    /// <param name="address">Address of the control plane.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own.</param>
    internal static HttpClient Connect(Uri address, HttpMessageHandler? handler) =>
        new(handler ?? Create()) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    private static string? NullIfEmpty(string? text) => text is { Length: > 0 } ? text : null;

    private sealed class TokenHandler(string token, HttpMessageHandler connections) : DelegatingHandler(connections)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
