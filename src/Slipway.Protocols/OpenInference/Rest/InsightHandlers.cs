using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;
using Slipway.Protocols.OpenInference.Grpc;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Configuration, statistics and log settings. What is logged is the operator's to say: callers may read it, not change it.</summary>
internal sealed class InsightHandlers(IModelCatalog catalog, IModelStatistics statistics, ILoggerFactory loggers)
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
        if (version.Label is { } label)
        {
            throw new SlipwayException(ErrorCode.VersionNotFound, $"statistics are kept by the number of a version; '{label}' is none");
        }

        using ResponseBuffer body = new();
        ProtoJson.Write(new JsonWriter(body), ModelStatisticsMessages.Of(statistics.GetStatistics(model, version.Number)));
        await body.SendJsonAsync(context);
    }

    /// <summary><c>GET /v2/logging</c></summary>
    public async Task LoggingAsync(HttpContext context)
    {
        ILogger logger = loggers.CreateLogger("Slipway");
        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open();
        json.Property("log_file", "");
        json.Property("log_info", logger.IsEnabled(LogLevel.Information));
        json.Property("log_warning", logger.IsEnabled(LogLevel.Warning));
        json.Property("log_error", logger.IsEnabled(LogLevel.Error));
        json.Property("log_verbose_level", logger.IsEnabled(LogLevel.Debug) ? 1 : 0);
        json.Property("log_format", "default");
        json.Close();
        await body.SendJsonAsync(context);
    }

    /// <summary><c>POST /v2/logging</c></summary>
    public static Task RefuseLogging(HttpContext context) => throw new SlipwayException(
        ErrorCode.NotSupported, "log settings are not changed by callers; the server's configuration has them");

    /// <summary><c>/v2/trace/setting</c> and <c>/v2/models/{model}/trace/setting</c></summary>
    public static Task RefuseTracing(HttpContext context) => throw new SlipwayException(
        ErrorCode.NotSupported, "trace settings are not offered to callers; traces are exported by OpenTelemetry, as the server's configuration says");

    /// <summary>Everything about shared memory.</summary>
    public static Task RefuseSharedMemory(HttpContext context) => throw RequestedOutputReader.SharedMemory();
}
