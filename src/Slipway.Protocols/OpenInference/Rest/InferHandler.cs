using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Slipway.Core;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary><c>POST /v2/models/{model}[/versions/{version}]/infer</c>: JSON, JSON with binary tensors behind it, or one raw tensor.</summary>
internal sealed class InferHandler(
    IInferenceService inference, IModelCatalog catalog, InferBodySource bodies, ProtocolMetrics metrics, BodyLimits limits, TimeProvider time, ILogger<InferHandler> logger)
    : InferenceExchange(inference, catalog, metrics, limits, time, logger)
{
    /// <summary>Answers bodies shorter than this uncompressed whatever was asked: compressing saves no packet.</summary>
    private const int WorthCompressing = 1400;

    public Task HandleAsync(HttpContext context) => RunAsync(context, ProtocolOperation.OpenInferenceHttpInfer);

    /// <inheritdoc/>
    protected override ValueTask<InferBody> ReadAsync(HttpContext context, RequestBody source, string model, VersionSelector version) =>
        bodies.ReadAsync(context, source, model, version);

    /// <inheritdoc/>
    protected override async ValueTask<long> SendAsync(HttpContext context, ProtocolOperation operation, InferenceResponse response, InferBody body)
    {
        using ResponseBuffer json = new();
        List<Tensor>? blocks = null;
        InferAnswer.Write(json, response, body, ref blocks);
        long length = json.Length;
        if (blocks is null)
        {
            context.Response.ContentType = JsonAnswers.MediaType;
        }
        else
        {
            context.Response.ContentType = "application/octet-stream";
            context.Response.Headers[InferBodySource.HeaderLength] = length.ToString(CultureInfo.InvariantCulture);
            foreach (Tensor block in blocks)
            {
                length += block.Data.Length;
            }
        }

        StringValues accepted = context.Request.Headers.AcceptEncoding;
        if (accepted.Count > 0 && length >= WorthCompressing && ContentCodings.Accepted(accepted) is not ContentCoding.Identity and var coding)
        {
            await SendCompressedAsync(context, json, blocks, coding);
            return length;
        }

        context.Response.ContentLength = length;
        await json.WriteToAsync(context.Response.BodyWriter, context.RequestAborted);
        if (blocks is not null)
        {
            foreach (Tensor block in blocks)
            {
                await context.Response.BodyWriter.WriteAsync(block.Data, context.RequestAborted);
            }
        }

        return length;
    }

    private static async ValueTask SendCompressedAsync(HttpContext context, ResponseBuffer json, List<Tensor>? blocks, ContentCoding coding)
    {
        context.Response.Headers.ContentEncoding = coding.ToName();
        await using Stream stream = coding.Compress(context.Response.Body);
        await json.WriteToAsync(stream, context.RequestAborted);
        if (blocks is not null)
        {
            foreach (Tensor block in blocks)
            {
                await stream.WriteAsync(block.Data, context.RequestAborted);
            }
        }
    }
}
