using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Access;
using Slipway.Core;
using Slipway.Security.Identity;
using Slipway.Security.Keys;
using Slipway.Security.Policies;

namespace Slipway.Server.Management;

/// <summary>The access API: <c>/api/v1/whoami</c> and <c>/api/v1/keys</c> on the control plane.</summary>
internal static class AccessEndpoints
{
    private const int MostBodyBytes = 64 << 10;

    /// <summary>Adds the endpoints to <paramref name="admin"/>, whose failures <paramref name="guard"/> answers.</summary>
    public static void MapAccess(this IEndpointRouteBuilder admin, Func<RequestDelegate, RequestDelegate> guard)
    {
        admin.MapGet("/api/v1/whoami", guard(WhoAmI)).WithMetadata(new RequiredPermission(Permission.AnyCaller));
        admin.MapGet("/api/v1/keys", guard(ListKeys)).WithMetadata(new RequiredPermission(Permission.ManageAccess));
        admin.MapPost("/api/v1/keys", guard(CreateKey)).WithMetadata(new RequiredPermission(Permission.ManageAccess));
        admin.MapDelete("/api/v1/keys/{key}", guard(RevokeKey)).WithMetadata(new RequiredPermission(Permission.ManageAccess));
    }

    private static Task WhoAmI(HttpContext context)
    {
        CallerIdentity caller = RequestAccess.Current?.Caller ?? CallerIdentity.Anonymous;
        CallerDescription description = new(
            caller.Name, JsonNamingPolicy.CamelCase.ConvertName(caller.Kind.ToString()), [.. caller.Grants.Select(static grant => grant.ToString()).Distinct(StringComparer.Ordinal)]);
        return context.Response.WriteAsJsonAsync(description, AccessJson.Default.CallerDescription, cancellationToken: context.RequestAborted);
    }

    private static Task ListKeys(HttpContext context) => context.Response.WriteAsJsonAsync(
        new ApiKeyList([.. KeysOf(context).List().Select(OfflineKeys.Describe)]), AccessJson.Default.ApiKeyList, cancellationToken: context.RequestAborted);

    private static async Task CreateKey(HttpContext context)
    {
        ApiKeys keys = KeysOf(context);
        CreateApiKey wish = await ReadAsync(context);
        CallerIdentity caller = RequestAccess.Current!.Caller;
        foreach (Grant grant in context.RequestServices.GetRequiredService<RoleSet>().Parse(wish.Roles))
        {
            if (!caller.Covers(grant))
            {
                throw new SlipwayException(ErrorCode.PermissionDenied, $"{caller.Name} can't hand on '{grant}', which is more than it has itself");
            }
        }

        NewApiKey created = keys.Create(wish.Name, wish.Roles, wish.Expires, caller.Name);
        await RecordAsync(context, "key.create", created.Record);
        await context.Response.WriteAsJsonAsync(
            new CreatedApiKey(created.Key, OfflineKeys.Describe(created.Record)), AccessJson.Default.CreatedApiKey, cancellationToken: context.RequestAborted);
    }

    private static async Task RevokeKey(HttpContext context)
    {
        ApiKeyRecord revoked = KeysOf(context).Revoke((string)context.Request.RouteValues["key"]!);
        await RecordAsync(context, "key.revoke", revoked);
        await context.Response.WriteAsJsonAsync(OfflineKeys.Describe(revoked), AccessJson.Default.ApiKeyDescription, cancellationToken: context.RequestAborted);
    }

    private static ApiKeys KeysOf(HttpContext context) => context.RequestServices.GetService<ApiKeys>()
        ?? throw new SlipwayException(ErrorCode.FailedPrecondition, "this server takes no API keys (security.authentication, security.apiKeys)");

    private static async Task<CreateApiKey> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MostBodyBytes;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, AccessJson.Default.CreateApiKey, context.RequestAborted) is { Name: not null, Roles: { } roles } wish
                && roles.All(static role => role is not null)
                ? wish
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, """a key is asked for with {"name": "…", "roles": ["ROLE" or "ROLE:PATTERN", …], "expires": "2027-01-01T00:00:00Z"}""");
        }
        catch (BadHttpRequestException bad)
        {
            throw new SlipwayException(
                bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCode.PayloadTooLarge : ErrorCode.InvalidRequest, "the request body is broken or too large", bad);
        }
    }

    private static async Task RecordAsync(HttpContext context, string action, ApiKeyRecord key)
    {
        if (context.RequestServices.GetService<IAuditSink>() is not { } sink)
        {
            return;
        }

        AuditEvent entry = new(
            context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), RequestAccess.Current!.Caller.Name, action, new AuditSubject("key", key.Id), AuditOutcome.Done)
        {
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Details = new Dictionary<string, string> { ["name"] = key.Name, ["roles"] = string.Join(", ", key.Grants) },
        };
        await sink.RecordAsync(entry, context.RequestAborted);
    }
}
