using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Server.Traffic;

/// <summary>Who may decide what answers for an endpoint: whoever may do so under its name and for every model behind it.</summary>
internal static class TrafficRights
{
    /// <summary>Checks it; an attempt of somebody else is in the audit log.</summary>
    /// <param name="context">The request; everybody may where authentication is off.</param>
    /// <param name="endpoint">Name of the endpoint, or of a model without one.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PermissionDenied"/>, whether there is such an endpoint or not.</exception>
    public static async Task RequireAsync(HttpContext context, string endpoint)
    {
        if (context.RequestServices.GetService<ModelAccess>() is { } access)
        {
            // The endpoint's own name first: who may not ask about it is not told what is behind it.
            foreach (string name in (string[])[endpoint, .. ModelsOf(context, endpoint)])
            {
                await access.RequireAsync(Permission.DeployModels, name);
            }
        }
    }

    private static IEnumerable<string> ModelsOf(HttpContext context, string name)
    {
        EndpointDefinition? endpoint = context.RequestServices.GetRequiredService<TrafficService>().Find(name)?.Definition;
        return endpoint is null
            ? []
            : endpoint.Arms.Select(static arm => arm.Model).Concat(endpoint.Shadows.Select(static shadow => shadow.Model)).Distinct(StringComparer.Ordinal);
    }
}
