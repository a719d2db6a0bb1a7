using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Health and metadata of the server. The bodies serve clients that look at the status alone as well as those that read JSON.</summary>
internal sealed class ServerHandlers(IModelCatalog catalog)
{
    private static readonly byte[] Live = [.. "{\"live\":true}"u8];
    private static readonly byte[] Ready = [.. "{\"ready\":true}"u8];
    private static readonly byte[] NotReady = [.. "{\"error\":\"the server is not ready yet\",\"ready\":false}"u8];

    /// <summary><c>GET /v2/health/live</c></summary>
    public static Task LiveAsync(HttpContext context) => JsonAnswers.SendJsonAsync(context, StatusCodes.Status200OK, Live);

    /// <summary><c>GET /v2/health/ready</c></summary>
    public Task ReadyAsync(HttpContext context) => catalog.IsReady
        ? JsonAnswers.SendJsonAsync(context, StatusCodes.Status200OK, Ready)
        : JsonAnswers.SendJsonAsync(context, StatusCodes.Status503ServiceUnavailable, NotReady);

    /// <summary><c>GET /v2</c></summary>
    public static async Task MetadataAsync(HttpContext context)
    {
        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open();
        json.Property("name", ServerIdentity.Name);
        json.Property("version", ServerIdentity.Version);
        json.Key("extensions");
        json.OpenArray();
        foreach (string extension in ServerIdentity.Extensions)
        {
            json.Value(extension);
        }

        json.CloseArray();
        json.Close();
        await body.SendJsonAsync(context);
    }
}
