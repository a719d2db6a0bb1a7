using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Server.Listeners;

namespace Slipway.Security.Tests.Hosting;

/// <summary>A request to each route of a server, as a caller would send it.</summary>
internal static partial class RouteCalls
{
    /// <summary>What a route is called in messages.</summary>
    public static string NameOf(RouteEndpoint route) => $"{MethodOf(route)} {route.RoutePattern.RawText}";

    public static Permission PermissionOf(RouteEndpoint route) => route.Metadata.GetMetadata<RequiredPermission>()!.Permission;

    public static bool IsGrpc(RouteEndpoint route) => route.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;

    public static string ListenerOf(RouteEndpoint route) => IsGrpc(route) ? "grpc" : route.Metadata.GetMetadata<PlaneMetadata>()!.Plane == Plane.Admin ? "admin" : "http";

    /// <summary>The status of the answer, gRPC's in words.</summary>
    public static async Task<string> CallAsync(HttpClient client, RouteEndpoint route)
    {
        using HttpRequestMessage request = new(new HttpMethod(MethodOf(route)), PathOf(route)) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        if (IsGrpc(route))
        {
            // An empty message is a valid one of every type.
            request.Content = new ByteArrayContent(new byte[5]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            request.Headers.TE.ParseAdd("trailers");
        }

        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        enough.CancelAfter(TimeSpan.FromSeconds(30));
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, enough.Token);
        if (!IsGrpc(route))
        {
            return ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (!answer.Headers.Contains("grpc-status") && !route.RoutePattern.RawText!.EndsWith("/Watch", StringComparison.Ordinal))
        {
            await answer.Content.ReadAsByteArrayAsync(enough.Token);
        }

        return (answer.Headers.TryGetValues("grpc-status", out IEnumerable<string>? status) || answer.TrailingHeaders.TryGetValues("grpc-status", out status) ? status.Single() : "none") switch
        {
            "16" => "UNAUTHENTICATED",
            "7" => "PERMISSION_DENIED",
            string other => other,
        };
    }

    private static string MethodOf(RouteEndpoint route) => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "PATCH";

    private static string PathOf(RouteEndpoint route) => "/" + Parameter().Replace(route.RoutePattern.RawText!.TrimStart('/'), static part => part.Value == "{version}" ? "1" : "fraud-eu");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
