using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;
using Slipway.Protocols.OpenInference.Grpc;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Configuration and statistics of models, and the refusal of shared memory.</summary>
internal sealed class InsightHandlers(IModelCatalog catalog, IModelStatistics statistics)
{
    /// <summary><c>GET /v2/models/{model}[/versions/{version}]/config</c></summary>
    public async Task ConfigAsync(HttpContext context)
    {
        ServableInfo servable = await catalog.GetServableAsync(RouteNames.Model(context), RouteNames.Version(context), context.RequestAborted);
        using ResponseBuffer body = new();
        ProtoJson.Write(new JsonWriter(body), ModelConfigMessages.Of(servable));
        await body.SendJsonAsync(context);
    }

    /// <summary><c>GET /v2/models/stats</c> and <c>GET /v2/models/{model}[/versions/{version}]/stats</c></summary>
    public async Task StatisticsAsync(HttpContext context)
    {
        string? model = context.Request.RouteValues[RouteNames.ModelKey] as string;
        VersionSelector version = RouteNames.Version(context);
        using ResponseBuffer body = new();
        ProtoJson.Write(new JsonWriter(body), ModelStatisticsMessages.Of(statistics.GetStatistics(model, NumberOf(model, version))));
        await body.SendJsonAsync(context);
    }

    /// <summary>Everything about shared memory.</summary>
    public static Task RefuseSharedMemory(HttpContext context) => throw RequestedOutputReader.SharedMemory();

    // Statistics are kept by number.
    private long? NumberOf(string? model, VersionSelector version)
    {
        if (version.Label is not { } label || !catalog.TryGetModel(model!, out ModelSnapshot? known))
        {
            return version.Number;
        }

        return known.Labels.TryGetValue(label, out long number)
            ? number
            : throw new SlipwayException(ErrorCode.VersionNotFound, $"model '{model}' has no label '{label}'");
    }
}
