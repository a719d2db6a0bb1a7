using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Experiments;
using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Server.Configuration.Traffic;
using Slipway.Server.Management;
using Slipway.Traffic.Experiments;
using Slipway.Traffic.Experiments.Reporting;
using Slipway.Traffic.Routing;

namespace Slipway.Server.Traffic;

/// <summary><c>/api/v1/experiments</c> on the control plane.</summary>
internal static class ExperimentEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapExperiments(this IEndpointRouteBuilder routes)
    {
        IEndpointRouteBuilder admin = routes.MapManagementGroup();
        admin.MapGet("/api/v1/experiments", ManagementEndpoints.Guarded(ListAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapGet("/api/v1/experiments/{name}", ManagementEndpoints.Guarded(ShowAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapGet("/api/v1/experiments/{name}/report", ManagementEndpoints.Guarded(ReportAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapPut("/api/v1/experiments/{name}", ManagementEndpoints.Guarded(DefineAsync)).WithMetadata(new RequiredPermission(Permission.DeployModels), CheckedByName.Instance);
        admin.MapDelete("/api/v1/experiments/{name}", ManagementEndpoints.Guarded(DeleteAsync)).WithMetadata(new RequiredPermission(Permission.DeployModels), CheckedByName.Instance);
        admin.MapPost("/api/v1/experiments/{name}/start", ManagementEndpoints.Guarded(StartAsync)).WithMetadata(new RequiredPermission(Permission.DeployModels), CheckedByName.Instance);
        admin.MapPost("/api/v1/experiments/{name}/stop", ManagementEndpoints.Guarded(StopAsync)).WithMetadata(new RequiredPermission(Permission.DeployModels), CheckedByName.Instance);
    }

    private static Task ListAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        new ExperimentList([.. Experiments(context).All.Where(static one => ModelAccess.IsVisible(one.Definition.Endpoint)).Select(ExperimentForms.Describe)]),
        TrafficJson.Readable.ExperimentList,
        cancellationToken: context.RequestAborted);

    private static Task ShowAsync(HttpContext context) => WriteAsync(context, Visible(context));

    /// <summary>Defines an experiment. The body is what the configuration has beneath its name, as JSON or YAML.</summary>
    private static async Task DefineAsync(HttpContext context)
    {
        ExperimentDefinition definition = ExperimentSettings.Read((string)context.Request.RouteValues["name"]!, await BodyReader.ReadTextAsync(context));

        // Rights first: what is wrong with the definition may tell what is behind an endpoint.
        ModelAccess.RequireVisible(definition.Endpoint);
        await TrafficRights.RequireAsync(context, definition.Endpoint);
        ExperimentSettings.Require(
            definition,
            [.. context.RequestServices.GetRequiredService<TrafficService>().Endpoints.Select(static endpoint => endpoint.Definition).Where(static endpoint => ModelAccess.IsVisible(endpoint.Name))]);
        await WriteAsync(context, await Experiments(context).DefineAsync(definition, CallerOf(context), context.RequestAborted));
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        ExperimentDefinition experiment = Visible(context).Definition;
        await TrafficRights.RequireAsync(context, experiment.Endpoint);
        await Experiments(context).DeleteAsync(experiment.Name, CallerOf(context), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task StartAsync(HttpContext context)
    {
        ExperimentDefinition experiment = Visible(context).Definition;
        await TrafficRights.RequireAsync(context, experiment.Endpoint);
        await WriteAsync(context, await Experiments(context).StartAsync(experiment.Name, CallerOf(context), context.RequestAborted));
    }

    private static async Task StopAsync(HttpContext context)
    {
        ExperimentDefinition experiment = Visible(context).Definition;
        await TrafficRights.RequireAsync(context, experiment.Endpoint);
        await WriteAsync(context, await Experiments(context).StopAsync(experiment.Name, CallerOf(context), context.RequestAborted));
    }

    private static async Task ReportAsync(HttpContext context)
    {
        ExperimentState state = Visible(context);
        (string type, string report) = context.Request.Query["format"].ToString() switch
        {
            "" or "html" => ("text/html; charset=utf-8", HtmlReport.Write(state)),
            "md" => ("text/markdown; charset=utf-8", MarkdownReport.Write(state)),
            "json" => ("application/json; charset=utf-8", JsonReport.Write(state)),
            _ => throw new SlipwayException(ErrorCode.InvalidRequest, "format: html, md or json is expected"),
        };
        context.Response.ContentType = type;
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.WriteAsync(report, Encoding.UTF8, context.RequestAborted);
    }

    private static ExperimentState Visible(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        ExperimentState state = Experiments(context).Find(name) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no experiment '{name}'");
        ModelAccess.RequireVisible(state.Definition.Endpoint);
        return state;
    }

    private static Task WriteAsync(HttpContext context, ExperimentState state) =>
        context.Response.WriteAsJsonAsync(ExperimentForms.Describe(state), TrafficJson.Readable.ExperimentDescription, cancellationToken: context.RequestAborted);

    private static ExperimentService Experiments(HttpContext context) => context.RequestServices.GetRequiredService<ExperimentService>();

    private static string? CallerOf(HttpContext context) => context.User.Identity is { IsAuthenticated: true } identity ? identity.Name : null;
}
