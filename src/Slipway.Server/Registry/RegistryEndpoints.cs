using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Registry;
using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Server.Management;

namespace Slipway.Server.Registry;

/// <summary>The registry's part of the management API, <c>/api/v1/registry</c> on the control plane; docs/registry.md lists the routes.</summary>
internal static class RegistryEndpoints
{
    private const string Root = "/api/v1/registry";
    private const string Model = Root + "/models/{name}";
    private const string Version = Model + "/versions/{version}";

    private static readonly RegistryJson Json = RegistryJson.Readable;

    // A key that is not known would be a wish that is silently ignored.
    private static readonly RegistryJson Strict = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    });

    /// <summary>Adds the endpoints to <paramref name="endpoints"/>.</summary>
    public static void MapRegistry(this IEndpointRouteBuilder endpoints)
    {
        IEndpointRouteBuilder admin = endpoints.MapManagementGroup();
        admin.MapGet(Root + "/models", Permission.ReadRegistry, ListModels);
        admin.MapPost(Root + "/models", Permission.WriteRegistry, CreateModel);
        admin.MapGet(Model, Permission.ReadRegistry, call => call.AnswerAsync(call.Registry.GetModelAsync(call.Name, call.Aborted), Json.RegistryModel));
        admin.MapMethod("PATCH", Model, Permission.WriteRegistry, EditModel);
        admin.MapMethod("DELETE", Model, Permission.DeleteRegistry, call => call.DoneAsync(call.Registry.DeleteModelAsync(call.Name, call.Query("reason"), call.Aborted)));
        admin.MapGet(Model + "/history", Permission.ReadRegistry, ShowPast);
        admin.MapGet(Model + "/versions", Permission.ReadRegistry, ListVersions);
        admin.MapPost(Model + "/versions", Permission.WriteRegistry, Publish);
        admin.MapGet(Version, Permission.ReadRegistry, call => call.AnswerAsync(call.Registry.GetVersionAsync(call.Name, call.Version, call.Aborted), Json.RegistryVersion));
        admin.MapMethod("PATCH", Version, Permission.WriteRegistry, EditVersion);
        admin.MapMethod("DELETE", Version, Permission.DeleteRegistry, call => call.DoneAsync(call.Registry.DeleteVersionAsync(call.Name, call.Version, call.Query("reason"), call.Aborted)));
        admin.MapGet(Version + "/files/{**path}", Permission.ReadRegistry, Download);
        admin.MapGet(Version + "/lineage", Permission.ReadRegistry, call => call.AnswerAsync(call.Registry.GetLineageAsync(call.Name, call.Version, call.Aborted), Json.RegistryLineage));
        admin.MapMethod("PUT", Version + "/stage", Permission.DeployModels, SetStage);
        admin.MapPost(Version + "/approvals", Permission.ApproveVersions, Approve);
        admin.MapMethod("PUT", Model + "/aliases/{alias}", Permission.DeployModels, SetAlias);
        admin.MapMethod("DELETE", Model + "/aliases/{alias}", Permission.DeployModels, call => call.DoneAsync(call.Registry.DeleteAliasAsync(call.Name, call.Route("alias"), call.Query("reason"), call.Aborted)));
        admin.MapGet(Root + "/events", Permission.ReadRegistry, ListChanges);
        admin.MapPost(Root + "/blobs", Permission.WriteRegistry, call => Upload(call, null));
        admin.MapMethod("PUT", Root + "/blobs/{digest}", Permission.WriteRegistry, call => Upload(call, Sha256Digest.Parse(call.Route("digest"))));
    }

    private static void MapGet(this IEndpointRouteBuilder admin, string pattern, Permission permission, Func<RegistryCall, Task> handler) =>
        admin.MapMethod("GET", pattern, permission, handler);

    private static void MapPost(this IEndpointRouteBuilder admin, string pattern, Permission permission, Func<RegistryCall, Task> handler) =>
        admin.MapMethod("POST", pattern, permission, handler);

    private static void MapMethod(this IEndpointRouteBuilder admin, string method, string pattern, Permission permission, Func<RegistryCall, Task> handler) =>
        admin.MapMethods(pattern, [method], ManagementEndpoints.Guarded(context => HandleAsync(new RegistryCall(context), permission, handler)))
            .WithMetadata(new RequiredPermission(permission), CheckedByName.Instance);

    // The registry checks names itself; who may not is told before the body is read and judged.
    private static async Task HandleAsync(RegistryCall call, Permission permission, Func<RegistryCall, Task> handler)
    {
        if (call.Name.Length > 0 && call.Context.RequestServices.GetService<ModelAccess>() is { } access)
        {
            await access.RequireAsync(permission, call.Name);
        }

        await handler(call);
    }

    private static Task ListModels(RegistryCall call) => call.AnswerAsync(
        call.Registry.ListModelsAsync(call.Query("search"), call.Query("pageToken"), call.Number("maxResults", 100), call.Aborted), Json.RegistryModelPage);

    private static Task ListVersions(RegistryCall call) => call.AnswerAsync(
        call.Registry.ListVersionsAsync(call.Name, call.Query("pageToken"), call.Number("maxResults", 100), call.Aborted), Json.RegistryVersionPage);

    private static Task ListChanges(RegistryCall call) => call.AnswerAsync(
        call.Registry.GetChangesAsync(call.Query("model"), call.LongNumber("after", 0), call.Number("maxResults", 1000), call.Aborted), Json.RegistryChanges);

    private static async Task CreateModel(RegistryCall call)
    {
        NewRegistryModel model = await call.ReadAsync(Strict.NewRegistryModel);
        await call.AnswerAsync(call.Registry.CreateModelAsync(model, call.Aborted), Json.RegistryModel, StatusCodes.Status201Created);
    }

    private static async Task EditModel(RegistryCall call)
    {
        RegistryEdit edit = await call.ReadAsync(Strict.RegistryEdit);
        await call.AnswerAsync(call.Registry.EditModelAsync(call.Name, edit, call.Aborted), Json.RegistryModel);
    }

    private static async Task EditVersion(RegistryCall call)
    {
        RegistryEdit edit = await call.ReadAsync(Strict.RegistryEdit);
        await call.AnswerAsync(call.Registry.EditVersionAsync(call.Name, call.Version, edit, call.Aborted), Json.RegistryVersion);
    }

    private static async Task Publish(RegistryCall call)
    {
        NewRegistryVersion version = await call.ReadAsync(Strict.NewRegistryVersion);
        await call.AnswerAsync(call.Registry.PublishAsync(call.Name, version, call.Aborted), Json.RegistryVersion, StatusCodes.Status201Created);
    }

    private static async Task SetStage(RegistryCall call)
    {
        StageMove move = await call.ReadAsync(Strict.StageMove);
        await call.AnswerAsync(call.Registry.SetStageAsync(call.Name, call.Version, move, call.Aborted), Json.RegistryVersion);
    }

    private static async Task Approve(RegistryCall call)
    {
        ApprovalRequest approval = await call.ReadAsync(Strict.ApprovalRequest);
        await call.AnswerAsync(call.Registry.ApproveAsync(call.Name, call.Version, approval.Comment, call.Aborted), Json.RegistryVersion);
    }

    private static async Task SetAlias(RegistryCall call)
    {
        AliasMove move = await call.ReadAsync(Strict.AliasMove);
        await call.AnswerAsync(call.Registry.SetAliasAsync(call.Name, call.Route("alias"), move, call.Aborted), Json.AliasMoved);
    }

    private static Task ShowPast(RegistryCall call)
    {
        string text = call.Query("asOf") ?? throw new SlipwayException(ErrorCode.InvalidRequest, "asOf: a time is expected, as 2026-03-01T12:00Z");
        return call.AnswerAsync(call.Registry.GetPastAsync(call.Name, AsOfTime.Parse(text), call.Aborted), Json.RegistryPast);
    }

    private static async Task Upload(RegistryCall call, Sha256Digest? expected)
    {
        HttpContext context = call.Context;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // The registry has its own bound, which the store keeps.
            size.MaxRequestBodySize = null;
        }

        UploadedBlob blob = await call.Registry.UploadAsync(context.Request.Body, call.Aborted);
        if (expected is { } digest && blob.Digest != digest.ToString())
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"the content has the digest {blob.Digest}, not {digest}");
        }

        await call.AnswerAsync(Task.FromResult(blob), Json.UploadedBlob, StatusCodes.Status201Created);
    }

    private static async Task Download(RegistryCall call)
    {
        string path = call.Route("path");
        ArtifactFile file = await call.Registry.FindFileAsync(call.Name, call.Version, path, call.Aborted);
        await using Stream content = await call.Registry.DownloadAsync(call.Name, call.Version, path, call.Aborted);
        HttpResponse response = call.Context.Response;
        response.ContentType = "application/octet-stream";
        response.ContentLength = file.Length;
        response.Headers.ETag = $"\"{file.Digest}\"";

        // A model is data, whatever a browser may think of it.
        response.Headers.ContentDisposition = "attachment";
        response.Headers.XContentTypeOptions = "nosniff";
        await content.CopyToAsync(response.Body, call.Aborted);
    }
}
