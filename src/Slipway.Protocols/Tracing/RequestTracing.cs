using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Slipway.Core;

namespace Slipway.Protocols.Tracing;

/// <summary>
/// Begins a span for each request that is traced: those whose caller's <c>traceparent</c> says so, and a share of those whose caller says nothing.
/// A request that is not traced costs one look at a header: no activity is made for it at all, and so none further in.
/// </summary>
internal sealed class RequestTracing(RequestDelegate next, TraceSampling sampling, Random random)
{
    private const int FirstServerError = 500;

    private static readonly ActivitySource Source = new(TracingBuilderExtensions.SourceName);

    /// <summary>Runs the rest of the pipeline, inside a span when the request is traced.</summary>
    public Task InvokeAsync(HttpContext context) =>
        Source.HasListeners() && IsPrediction(context) && IsTraced(context.Request, out ActivityContext parent) ? TraceAsync(context, parent) : next(context);

    // Probes, scrapes and management are not worth a trace.
    private static bool IsPrediction(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>()?.Permission == Permission.Infer;

    private static string Name(HttpContext context) => context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route }
        ? $"{context.Request.Method} {route}"
        : context.Request.Method;

    private static void Describe(Activity activity, HttpContext context)
    {
        int status = context.Response.StatusCode;
        activity.SetTag("http.response.status_code", status);
        string? grpc = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers?["grpc-status"];
        if (!string.IsNullOrEmpty(grpc))
        {
            activity.SetTag("rpc.system", "grpc");
            activity.SetTag("rpc.grpc.status_code", grpc);
        }

        if (status >= FirstServerError || (grpc is { Length: > 0 } and not "0"))
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    private bool IsTraced(HttpRequest request, out ActivityContext parent)
    {
        // W3C Trace Context: a header that can't be read is as good as none.
        string? traceParent = request.Headers[HeaderNames.TraceParent];
        return traceParent is not null && ActivityContext.TryParse(traceParent, request.Headers[HeaderNames.TraceState], isRemote: true, out parent)
            ? parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            : Draw(out parent);
    }

    private bool Draw(out ActivityContext parent)
    {
        parent = default;
        return sampling.Draw(random);
    }

    private async Task TraceAsync(HttpContext context, ActivityContext parent)
    {
        using Activity? activity = Source.StartActivity(Name(context), ActivityKind.Server, parent);
        activity?.SetTag("http.request.method", context.Request.Method);
        activity?.SetTag("url.path", context.Request.Path.Value);
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            throw;
        }
        finally
        {
            if (activity is { IsAllDataRequested: true })
            {
                Describe(activity, context);
            }
        }
    }
}
