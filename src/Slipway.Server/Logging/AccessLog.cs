using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Slipway.Server.Logging;

/// <summary>
/// Writes a line per request when it is over. In the pipeline only where the operator asks for it; probes of orchestrators are left out, and query
/// strings and bodies are never written.
/// </summary>
internal sealed partial class AccessLog(RequestDelegate next, TimeProvider time, ILogger<AccessLog> logger)
{
    private const string ProbeAgent = "kube-probe/";
    private const string HealthPath = "/v2/health";

    public Task InvokeAsync(HttpContext context) => IsProbe(context.Request) ? next(context) : LogAsync(context);

    private static bool IsProbe(HttpRequest request) =>
        request.Headers[HeaderNames.UserAgent].ToString().StartsWith(ProbeAgent, StringComparison.Ordinal)
        || request.Path.StartsWithSegments(HealthPath, StringComparison.Ordinal);

    private async Task LogAsync(HttpContext context)
    {
        long started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Write(context, time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private void Write(HttpContext context, double milliseconds)
    {
        string path = context.Request.Path.Value ?? "";
        string remote = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (context.Response.Headers.TryGetValue("Slipway-Endpoint", out StringValues endpoint) && context.Response.Headers.TryGetValue("Slipway-Arm", out StringValues arm))
        {
            RoutedRequest(logger, context.Request.Method, path, context.Response.StatusCode, milliseconds, context.Request.Protocol, remote, endpoint.ToString(), arm.ToString());
        }
        else
        {
            Request(logger, context.Request.Method, path, context.Response.StatusCode, milliseconds, context.Request.Protocol, remote);
        }
    }

    [LoggerMessage(9902, LogLevel.Information, "{Method} {Path} {Status} in {Milliseconds} ms ({Protocol}, {Remote}) by {Endpoint}/{Arm}")]
    private static partial void RoutedRequest(
        ILogger logger, string method, string path, int status, double milliseconds, string protocol, string remote, string endpoint, string arm);

    [LoggerMessage(9901, LogLevel.Information, "{Method} {Path} {Status} in {Milliseconds} ms ({Protocol}, {Remote})")]
    private static partial void Request(
        ILogger logger, string method, string path, int status, double milliseconds, string protocol, string remote);
}
