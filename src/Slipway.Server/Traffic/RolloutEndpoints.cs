using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Rollouts;
using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Server.Management;
using Slipway.Traffic.Rollouts;

namespace Slipway.Server.Traffic;

/// <summary><c>/api/v1/rollouts</c> on the control plane.</summary>
internal static class RolloutEndpoints
{
    private const int MaxEvents = 1000;

    /// <summary>Adds the endpoints.</summary>
    public static void MapRollouts(this IEndpointRouteBuilder routes)
    {
        IEndpointRouteBuilder admin = routes.MapManagementGroup();
        admin.MapGet("/api/v1/rollouts", ManagementEndpoints.Guarded(ListAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapGet("/api/v1/rollouts/{id}", ManagementEndpoints.Guarded(ShowAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapGet("/api/v1/rollouts/{id}/events", ManagementEndpoints.Guarded(EventsAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapPost("/api/v1/rollouts", ManagementEndpoints.Guarded(StartAsync)).WithMetadata(new RequiredPermission(Permission.DeployModels), CheckedByName.Instance);
        foreach (RolloutCommand command in Enum.GetValues<RolloutCommand>())
        {
            admin.MapPost($"/api/v1/rollouts/{{id}}/{command.ToString().ToLowerInvariant()}", ManagementEndpoints.Guarded(context => CommandAsync(context, command)))
                .WithMetadata(new RequiredPermission(Permission.DeployModels), CheckedByName.Instance);
        }
    }

    private static Task ListAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        new RolloutList([.. Rollouts(context).All.Where(static rollout => ModelAccess.IsVisible(rollout.Endpoint)).Select(RolloutForms.Describe)]), TrafficJson.Readable.RolloutList, cancellationToken: context.RequestAborted);

    private static Task ShowAsync(HttpContext context)
    {
        string id = IdOf(context);
        RolloutState state = Rollouts(context).Find(id) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no rollout '{id}'");
        ModelAccess.RequireVisible(state.Endpoint);
        return WriteAsync(context, state);
    }

    /// <summary>The latest events, <c>limit</c> at most (100; up to 1,000), oldest first; <c>counts=true</c>: also those that tell nothing but counts.</summary>
    private static async Task EventsAsync(HttpContext context)
    {
        string id = IdOf(context);
        RolloutState state = Rollouts(context).Find(id) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no rollout '{id}'");
        ModelAccess.RequireVisible(state.Endpoint);
        bool withCounts = context.Request.Query["counts"].ToString() switch
        {
            "" or "false" => false,
            "true" => true,
            _ => throw new SlipwayException(ErrorCode.InvalidRequest, "counts: true or false is expected"),
        };
        int limit = context.Request.Query["limit"].ToString() switch
        {
            "" => 100,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= MaxEvents => number,
            _ => throw new SlipwayException(ErrorCode.InvalidRequest, $"limit: 1 to {MaxEvents} is expected"),
        };
        IReadOnlyList<RolloutEvent> events = await Rollouts(context).GetEventsAsync(state.Id, context.RequestAborted);
        RolloutEventList list = new([.. events.Where(one => withCounts || one.Kind != "counts").TakeLast(limit).Select(RolloutForms.Describe)]);
        await context.Response.WriteAsJsonAsync(list, TrafficJson.Readable.RolloutEventList, cancellationToken: context.RequestAborted);
    }

    private static async Task StartAsync(HttpContext context)
    {
        RolloutRequest request = await BodyReader.ReadAsync(context, TrafficJson.Readable.RolloutRequest);
        if (request.Endpoint is not { Length: > 0 })
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "endpoint: the name of an endpoint or model is expected");
        }

        await TrafficRights.RequireAsync(context, request.Endpoint);
        await WriteAsync(context, await Rollouts(context).StartAsync(RolloutForms.Read(request, CallerOf(context)), context.RequestAborted));
    }

    private static async Task CommandAsync(HttpContext context, RolloutCommand command)
    {
        string id = IdOf(context);
        await TrafficRights.RequireAsync(context, Rollouts(context).Find(id)?.Endpoint ?? id);
        await WriteAsync(context, await Rollouts(context).CommandAsync(id, command, CallerOf(context), context.RequestAborted));
    }

    private static Task WriteAsync(HttpContext context, RolloutState state) =>
        context.Response.WriteAsJsonAsync(RolloutForms.Describe(state), TrafficJson.Readable.RolloutDescription, cancellationToken: context.RequestAborted);

    private static RolloutService Rollouts(HttpContext context) => context.RequestServices.GetRequiredService<RolloutService>();

    private static string? CallerOf(HttpContext context) => context.User.Identity is { IsAuthenticated: true } identity ? identity.Name : null;

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
