using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;

namespace Slipway.Server.Trust;

/// <summary>
/// Wraps the routes that manage something: they run in an <see cref="AuditScope"/>, and what no part recorded itself is recorded by its route. Routes that predict or
/// read are left as they are and cost nothing.
/// </summary>
internal static class AuditedRoutes
{
    private static readonly HashSet<Permission> Management =
    [
        Permission.ManageModels, Permission.ManageServer, Permission.DeleteRegistry, Permission.DeployModels, Permission.ApproveVersions,
        Permission.ManageAccess, Permission.ManageMonitoring, Permission.ManageData,
    ];

    /// <summary>Wraps the routes of a group whose permission is one to manage.</summary>
    public static TBuilder Audited<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.Finally(static endpoint =>
        {
            if (endpoint.RequestDelegate is { } handler && endpoint.Metadata.OfType<RequiredPermission>().Any(static required => Management.Contains(required.Permission)))
            {
                endpoint.RequestDelegate = context => RunAsync(context, handler);
            }
        });
        return routes;
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate handler)
    {
        AuditScope scope = new(context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : AuditEvent.AnonymousActor, context.Connection.RemoteIpAddress?.ToString());
        AuditScope.Current = scope;
        try
        {
            await handler(context);
        }
        finally
        {
            if (!scope.IsRecorded)
            {
                AuditOutcome outcome = context.Response.StatusCode switch
                {
                    < 400 => AuditOutcome.Done,
                    StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => AuditOutcome.Denied,
                    _ => AuditOutcome.Failed,
                };
                await context.RequestServices.GetRequiredService<AuditRecorder>().RecordAsync(
                    "route.call", new AuditSubject("route", $"{context.Request.Method} {context.Request.Path}"), outcome, null, CancellationToken.None);
            }

            AuditScope.Current = null;
        }
    }
}
