using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Security.Authorization;

namespace Slipway.Security.Origins;

/// <summary>
/// Keeps pages from elsewhere out of the control plane, where the browser of somebody who may reach it would do their work for them: a name that was rebound to this machine is
/// refused by its <c>Host</c>, and a page of another origin can change nothing. Programs send neither and notice nothing.
/// </summary>
public sealed class BrowserGate(RequestDelegate next, BrowserPolicy policy, IRefusalWriter refusals)
{
    /// <summary>Handles one request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        BrowserExposure exposure = policy.ExposureOf(context);
        if (exposure == BrowserExposure.None)
        {
            return next(context);
        }

        HttpRequest request = context.Request;
        string? origin = request.Headers.Origin;
        string? site = request.Headers["Sec-Fetch-Site"];
        bool isBrowser = origin is not null || site is not null;
        if ((exposure == BrowserExposure.Pages || isBrowser) && !policy.IsHost(request.Host))
        {
            return refusals.WriteAsync(context, new SlipwayException(
                ErrorCode.PermissionDenied, "the Host header names a host that this server is not known by; the operator can add it to security.allowedHosts"));
        }

        if (isBrowser && Changes(request.Method) && !policy.IsOwnOrigin(origin, site, request.Host))
        {
            return refusals.WriteAsync(context, new SlipwayException(
                ErrorCode.PermissionDenied, "pages of other origins may change nothing here; the operator can add theirs to security.allowedOrigins"));
        }

        if (exposure == BrowserExposure.Pages)
        {
            PageHeaders.Add(context);
        }

        return next(context);
    }

    private static bool Changes(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);
}
