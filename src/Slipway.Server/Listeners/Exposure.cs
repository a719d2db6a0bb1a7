using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Security.Origins;

namespace Slipway.Server.Listeners;

/// <summary>What a browser could do with a request, by its plane and its route's permission.</summary>
internal static class Exposure
{
    /// <summary>Everything of the control plane counts; on the data plane what changes the server.</summary>
    public static BrowserExposure Of(HttpContext context)
    {
        if (context.Features.Get<PlaneMetadata>()?.Plane == Plane.Admin)
        {
            return BrowserExposure.Pages;
        }

        return context.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>()?.Permission is Permission.ManageModels or Permission.ManageServer
            ? BrowserExposure.Changes
            : BrowserExposure.None;
    }
}
