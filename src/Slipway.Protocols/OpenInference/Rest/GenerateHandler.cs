using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>
/// <c>POST /v2/models/{model}[/versions/{version}]/generate</c> and <c>/generate_stream</c>, Triton's generate extension: inputs and outputs as keys of one flat object.
/// Every model here answers a request once, so that a stream is one event; a failure has its status, since nothing was sent before it.
/// </summary>
internal sealed class GenerateHandler(
    IInferenceService inference, IModelCatalog catalog, ProtocolMetrics metrics, BodyLimits limits, TimeProvider time, ILogger<GenerateHandler> logger)
{
    /// <summary>Answers with one JSON object.</summary>
    public Task HandleAsync(HttpContext context) => HandleAsync(context, ProtocolOperation.OpenInferenceHttpGenerate, isStream: false);

    /// <summary>Answers with server-sent events.</summary>
    public Task HandleStreamAsync(HttpContext context) => HandleAsync(context, ProtocolOperation.OpenInferenceHttpGenerateStream, isStream: true);

    private async Task HandleAsync(HttpContext context, ProtocolOperation operation, bool isStream)
    {
        RequestScope scope = metrics.Start(operation);
        RequestBody? source = null;
        ServableInfo? servable = null;
        ErrorCode? error = null;
        long sent = 0;
        try
        {
            source = RequestBody.Open(context, limits);
            string model = RouteNames.Model(context);
            VersionSelector version = RouteNames.Version(context);
            ReadOnlyMemory<byte> json = await source.ReadRestAsync(limits.Options.MaxJsonBytes, context.RequestAborted);
            ModelSignature signature = (await catalog.GetServableAsync(model, version, context.RequestAborted)).Signature;
            using InferBody body = GenerateBody.Read(json.Span, signature);
            source.Release();

            using InferenceRequest request = body.ToRequest(model, version, CallerNames.Of(context), new HttpCallerAttributes(context));
            using InferenceResponse response = await inference.InferAsync(request, context.RequestAborted);
            servable = response.Servable;

            long started = time.GetTimestamp();
            using ResponseBuffer answer = new();
            answer.Write(isStream ? "data: "u8 : ""u8);
            GenerateAnswer.Write(answer, response, body.Id);
            answer.Write(isStream ? "\n\n"u8 : ""u8);
            AssignmentHeaders.Add(context, response);
            context.Response.ContentType = isStream ? "text/event-stream; charset=utf-8" : JsonAnswers.MediaType;
            context.Response.ContentLength = sent = answer.Length;
            await answer.WriteToAsync(context.Response.BodyWriter, context.RequestAborted);
            metrics.Encoded(scope, servable, started);
        }
        catch (Exception exception)
        {
            SlipwayException failure = HttpFailure.ForCallers(exception, context);
            error = failure.Code;
            HttpLog.Failed(logger, exception, failure);
            await HttpFailure.WriteAsync(context, failure);
        }
        finally
        {
            metrics.Stop(scope, servable, error, source?.BytesRead ?? 0, sent);
            if (source is not null)
            {
                await source.DisposeAsync();
            }
        }
    }
}
