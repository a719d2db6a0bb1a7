using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Trust.Documents;

namespace Slipway.Server.Trust;

/// <summary>Bills of materials and model cards of the registry's versions, on the control plane.</summary>
internal static class DocumentEndpoints
{
    /// <summary>Adds the endpoints to <paramref name="admin"/>.</summary>
    public static void MapDocuments(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/api/v1/registry/models/{name}/versions/{version}/sbom", static context => AnswerAsync(context, BillOfMaterials.MediaType, static (facts, services) =>
            BillOfMaterials.Write(facts, services.GetRequiredService<TimeProvider>().GetUtcNow(), Version))).WithMetadata(new RequiredPermission(Permission.ReadRegistry), CheckedByName.Instance);
        admin.MapGet("/api/v1/registry/models/{name}/versions/{version}/card", static context => context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? AnswerAsync(context, "text/html; charset=utf-8", static (facts, _) => System.Text.Encoding.UTF8.GetBytes(ModelCard.ToHtml(facts)))
            : AnswerAsync(context, "text/markdown; charset=utf-8", static (facts, _) => System.Text.Encoding.UTF8.GetBytes(ModelCard.ToMarkdown(facts))))
            .WithMetadata(new RequiredPermission(Permission.ReadRegistry), CheckedByName.Instance);
    }

    private static string Version => typeof(DocumentEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static async Task AnswerAsync(HttpContext context, string mediaType, Func<ModelFacts, IServiceProvider, byte[]> write)
    {
        try
        {
            byte[] document = write(await FindAsync(context), context.RequestServices);
            context.Response.ContentType = mediaType;
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await context.Response.Body.WriteAsync(document, context.RequestAborted);
        }
        catch (SlipwayException failure) when (!context.Response.HasStarted)
        {
            await context.RequestServices.GetRequiredService<IRefusalWriter>().WriteAsync(context, failure);
        }
    }

    private static async Task<ModelFacts> FindAsync(HttpContext context)
    {
        IModelRegistry registry = context.RequestServices.GetService<IModelRegistry>()
            ?? throw new SlipwayException(ErrorCode.NotSupported, "this server has no registry: give it a data folder");
        string name = (string)context.Request.RouteValues["name"]!;
        string version = (string)context.Request.RouteValues["version"]!;
        if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "a version is a whole number");
        }

        ModelVersion found = await registry.FindVersionAsync(name, number, context.RequestAborted)
            ?? throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{name}' has no version {number}");
        return ModelFacts.Of(await registry.FindModelAsync(name, context.RequestAborted), found);
    }
}
