using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Endpoints;
using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Server.Management;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Routing;
using Slipway.Traffic.Shadowing;

namespace Slipway.Server.Traffic;

/// <summary><c>/api/v1/endpoints</c> on the control plane: what endpoints are and do.</summary>
internal static class EndpointEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapEndpoints(this IEndpointRouteBuilder routes)
    {
        IEndpointRouteBuilder admin = routes.MapManagementGroup();
        admin.MapGet("/api/v1/endpoints", ManagementEndpoints.Guarded(ListAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapGet("/api/v1/endpoints/{name}", ManagementEndpoints.Guarded(ShowAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
    }

    private static Task ListAsync(HttpContext context)
    {
        TrafficService traffic = context.RequestServices.GetRequiredService<TrafficService>();
        EndpointList list = new([.. traffic.Endpoints.Where(static endpoint => ModelAccess.IsVisible(endpoint.Definition.Name)).Select(endpoint => Describe(endpoint, traffic.Models))]);
        return context.Response.WriteAsJsonAsync(list, TrafficJson.Readable.EndpointList, cancellationToken: context.RequestAborted);
    }

    private static Task ShowAsync(HttpContext context)
    {
        TrafficService traffic = context.RequestServices.GetRequiredService<TrafficService>();
        string name = (string)context.Request.RouteValues["name"]!;
        ModelAccess.RequireVisible(name);
        EndpointStatus endpoint = traffic.Find(name) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no endpoint '{name}'");
        return context.Response.WriteAsJsonAsync(Describe(endpoint, traffic.Models), TrafficJson.Readable.EndpointDescription, cancellationToken: context.RequestAborted);
    }

    private static EndpointDescription Describe(EndpointStatus endpoint, IModelCatalog models) => new(
        endpoint.Definition.Name,
        endpoint.Definition.DefaultArm,
        [.. endpoint.Arms.Select(arm => Describe(arm, models))],
        [.. endpoint.Shadows.Select(Describe)]);

    private static ArmDescription Describe(ArmStatus arm, IModelCatalog models)
    {
        ArmCounts counts = arm.Meter.Snapshot();
        return new ArmDescription(
            arm.Definition.Name,
            arm.Definition.Model + arm.Definition.Version,
            arm.Definition.Weight,
            counts.Requests,
            counts.Failures,
            counts.StandIns,
            counts.Retries,
            counts.Fallbacks,
            counts.Refusals,
            Describe(arm.Meter.Latency))
        {
            Problem = ArmTargets.Problem(models, arm.Definition.Model, arm.Definition.Version),
        };
    }

    private static ShadowDescription Describe(ShadowStatus shadow)
    {
        ShadowCounts counts = shadow.Meter.Snapshot();
        return new ShadowDescription(
            shadow.Definition.Name,
            shadow.Definition.Model + shadow.Definition.Version,
            shadow.Definition.Sample,
            counts.Copies,
            counts.Dropped,
            counts.Failures,
            counts.NotComparable,
            counts.Rows,
            counts.Disagreements,
            counts.Differences.Mean,
            counts.Differences.Largest,
            Describe(shadow.Meter.Latency));
    }

    private static LatencyDescription Describe(LatencySketch sketch)
    {
        long[] counts = sketch.Snapshot();
        return new LatencyDescription(Seconds(counts, 0.5), Seconds(counts, 0.95), Seconds(counts, 0.99));
    }

    private static double? Seconds(long[] counts, double quantile) =>
        LatencySketch.QuantileBucket(counts, quantile) is >= 0 and var bucket ? LatencySketch.UpperOf(bucket).TotalSeconds : null;
}
