using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Protocols.Http;

/// <summary>
/// Maps the routes of one protocol. Every route says what permission it needs; a known path with another verb, and an unknown path under the protocol's root, are answered
/// in the protocol's own form rather than with an empty body.
/// </summary>
internal sealed class ProtocolRoutes(IEndpointRouteBuilder endpoints, ILogger logger)
{
    private const int BehindKnownVerbs = 1;
    private const int BehindEverything = 1000;

    private static readonly string[] Get = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Post = [HttpMethods.Post];

    private readonly Dictionary<string, List<string>> _verbs = new(StringComparer.Ordinal);

    /// <summary>Maps GET, and HEAD with it.</summary>
    public void MapGet(string pattern, Permission permission, RequestDelegate handler) => MapVerbs(pattern, Get, permission, Guard(handler));

    /// <summary>Maps POST.</summary>
    public void MapPost(string pattern, Permission permission, RequestDelegate handler) => MapVerbs(pattern, Post, permission, Guard(handler));

    /// <summary>Maps POST to a handler that answers its own failures.</summary>
    public void MapUnguardedPost(string pattern, Permission permission, RequestDelegate handler) => MapVerbs(pattern, Post, permission, handler);

    /// <summary>Maps other verbs.</summary>
    public void MapVerbs(string pattern, string[] verbs, Permission permission, RequestDelegate handler)
    {
        MapOpen(pattern, verbs, permission, handler);
        if (_verbs.TryGetValue(pattern, out List<string>? known))
        {
            known.AddRange(verbs);
            return;
        }

        List<string> all = _verbs[pattern] = [.. verbs];
        RequestDelegate refuse = context =>
        {
            context.Response.Headers.Allow = string.Join(", ", all);
            return HttpFailure.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
        };
        endpoints.Map(pattern, refuse).WithMetadata(new RequiredPermission(Permission.AnyCaller)).WithOrder(BehindKnownVerbs);
    }

    /// <summary>Maps verbs and leaves the others of the pattern to whoever maps them.</summary>
    public void MapOpen(string pattern, string[] verbs, Permission permission, RequestDelegate handler) =>
        endpoints.MapMethods(pattern, verbs, handler).WithMetadata(new RequiredPermission(permission));

    /// <summary>Maps everything else under <paramref name="pattern"/>, a catch-all.</summary>
    public void MapRest(string pattern, RequestDelegate handler) =>
        endpoints.Map(pattern, handler).WithMetadata(new RequiredPermission(Permission.AnyCaller)).WithOrder(BehindEverything);

    /// <summary>Turns what a handler throws into an answer.</summary>
    public RequestDelegate Guard(RequestDelegate handler) => async context =>
    {
        try
        {
            await handler(context);
        }
        catch (Exception exception)
        {
            SlipwayException failure = HttpFailure.ForCallers(exception, context);
            HttpLog.Failed(logger, exception, failure);
            await HttpFailure.WriteAsync(context, failure);
        }
    };
}
