using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Slipway.Protocols.Metrics;
using Slipway.Server.Listeners;
using Slipway.Server.Management;
using Slipway.Server.Options;

namespace Slipway.Server.Hosting;

/// <summary>Everything the server answers to, by plane.</summary>
internal static class Endpoints
{
    /// <summary>Maps every endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerOptions options)
    {
        _ = options;
        IEndpointRouteBuilder admin = routes.MapGroup("").WithMetadata(new PlaneMetadata(Plane.Admin));
        admin.MapManagement();
        admin.MapMetrics();
    }
}
