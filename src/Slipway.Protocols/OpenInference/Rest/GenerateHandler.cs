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
    : InferenceExchange(inference, catalog, metrics, limits, time, logger)
{
    /// <summary>Answers with one JSON object.</summary>
    public Task HandleAsync(HttpContext context) => RunAsync(context, ProtocolOperation.OpenInferenceHttpGenerate);

    /// <summary>Answers with server-sent events.</summary>
    public Task HandleStreamAsync(HttpContext context) => RunAsync(context, ProtocolOperation.OpenInferenceHttpGenerateStream);

    /// <inheritdoc/>
    protected override async ValueTask<InferBody> ReadAsync(HttpContext context, RequestBody source, string model, VersionSelector version)
    {
        ReadOnlyMemory<byte> json = await source.ReadRestAsync(Limits.Options.MaxJsonBytes, context.RequestAborted);
        ServableInfo servable = await Catalog.GetServableAsync(model, version, context.RequestAborted);
        return GenerateBody.Read(json.Span, servable.Signature);
    }

    /// <inheritdoc/>
    protected override async ValueTask<long> SendAsync(HttpContext context, ProtocolOperation operation, InferenceResponse response, InferBody body)
    {
        bool isStream = operation == ProtocolOperation.OpenInferenceHttpGenerateStream;
        using ResponseBuffer answer = new();
        answer.Write(isStream ? "data: "u8 : ""u8);
        GenerateAnswer.Write(answer, response, body.Id);
        answer.Write(isStream ? "\n\n"u8 : ""u8);
        context.Response.ContentType = isStream ? "text/event-stream; charset=utf-8" : JsonAnswers.MediaType;
        context.Response.ContentLength = answer.Length;
        long length = answer.Length;
        await answer.WriteToAsync(context.Response.BodyWriter, context.RequestAborted);
        return length;
    }
}
