using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Slipway.Core;
using Slipway.Security.Auditing;
using Slipway.Security.Authentication;
using Slipway.Security.Identity;

namespace Slipway.Security.Authorization;

/// <summary>
/// The one point that lets requests in, of every protocol and plane: it says who calls, and whether the route's permission is the caller's. A route that asks for nothing is
/// closed. Which models a permission is for is checked where their names are known (<see cref="ModelAccess"/>). In the pipeline only where authentication is required.
/// </summary>
public sealed class AccessGate(RequestDelegate next, Authenticator authenticator, IRefusalWriter refusals, DeniedAttempts denied)
{
    private const string Challenge = "Bearer realm=\"slipway\"";

    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return next(context);
        }

        IReadOnlyList<RequiredPermission> required = endpoint.Metadata.GetOrderedMetadata<RequiredPermission>();
        return required.Count == 1
            ? CheckAsync(context, required[0].Permission, endpoint.Metadata.GetMetadata<CheckedByName>() is not null)
            : RefuseAsync(context, CallerIdentity.Anonymous, AccessActions.Denied, AccessFailures.Undeclared());
    }

    private async Task CheckAsync(HttpContext context, Permission permission, bool isChecked)
    {
        AuthenticationResult result;
        try
        {
            result = await authenticator.AuthenticateAsync(context);
        }
        catch (SlipwayException away)
        {
            if (permission != Permission.None)
            {
                await refusals.WriteAsync(context, away);
                return;
            }

            // Probes work whatever the state of stores and providers.
            result = AuthenticationResult.None;
        }

        CallerIdentity caller = result.Caller;
        if (permission != Permission.None && caller.Kind == CallerKind.Anonymous)
        {
            // RFC 6750, section 3: without credentials the challenge says nothing of errors.
            context.Response.Headers.WWWAuthenticate = result.Refusal is null ? Challenge : Challenge + ", error=\"invalid_token\"";
            await RefuseAsync(context, caller, AccessActions.Unauthenticated, AccessFailures.Unauthenticated(result.Refusal));
            return;
        }

        if (permission is not (Permission.None or Permission.AnyCaller) && !caller.May(permission, isChecked))
        {
            await RefuseAsync(context, caller, AccessActions.Denied, AccessFailures.NotAllowed(caller, permission, isChecked));
            return;
        }

        if (caller.Kind != CallerKind.Anonymous)
        {
            context.Features.Set<IHttpAuthenticationFeature>(new AuthenticatedCaller { User = caller.Principal });
        }

        RequestAccess.Current = new RequestAccess(caller, permission, context);
        await next(context);
    }

    private async Task RefuseAsync(HttpContext context, CallerIdentity caller, string action, SlipwayException failure)
    {
        AuditSubject route = new("route", $"{context.Request.Method} {context.Request.Path.Value}");
        await denied.RecordAsync(caller.Name, action, route, failure.Message, context.Connection.RemoteIpAddress?.ToString());
        await refusals.WriteAsync(context, failure);
    }

    private sealed class AuthenticatedCaller : IHttpAuthenticationFeature
    {
        public ClaimsPrincipal? User { get; set; }
    }
}
